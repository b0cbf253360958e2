using Remix.AgentCloud.Activity;
using Remix.AgentCloud.Tokens;
using Remix.AgentCloud.Workspaces;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Permissions;

/// <summary>The grants of workspaces. What is granted twice is granted once.</summary>
internal sealed class GrantStore(Database database, WorkspaceStore workspaces, CloudActivities activities, TimeProvider clock)
{
    public Task<Grant> Add(WorkspaceFacts workspace, string subject, Role role, Resource resource, CloudCaller by) => database.Write(async session =>
    {
        var count = await session.Scalar<long>("select count(*) from cloud_grants where workspace_id = $1", workspace.Id);
        var grant = new Grant(CloudNames.NewId(), workspace.Id, subject, role, resource, by.Name, clock.NowMs());
        var added = await Insert(session, grant);
        if (added && count >= Grant.CountMax)
        {
            throw Fault.Conflict("TOO_MANY_PERMISSIONS", $"The workspace has {Grant.CountMax} permissions, which is the most",
                "Delete those that are not needed, or grant to a domain.");
        }

        await activities.Record(session, workspace.Id, by, ActivityKind.GrantPermission, Named(resource.App), Named(resource.Agent));
        workspaces.Announce(session, workspace.Name);
        return added ? grant : await session.First($"""
            select {Grant.Columns} from cloud_grants
            where workspace_id = $1 and subject = $2 and role = $3 and app = $4 and agent = $5
            """, Grant.Of, workspace.Id, subject, role.Text(), resource.App, resource.Agent) ?? grant;
    });

    /// <summary>Within a transaction of the catalogue; false when it was granted already.</summary>
    public static async ValueTask<bool> Insert(SqlSession session, Grant grant) => await session.Execute($"""
        insert into cloud_grants ({Grant.Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (workspace_id, subject, role, app, agent) do nothing
        """, grant.Id, grant.WorkspaceId, grant.Subject, grant.Role.Text(), grant.Resource.App, grant.Resource.Agent,
        grant.CreatedBy, grant.CreatedAt) > 0;

    /// <summary>Those of the workspace, or of the app with its agents, or of the agent.</summary>
    public Task<List<Grant>> List(string workspaceId, string app, string agent) => database.Read(session => session.Query($"""
        select {Grant.Columns} from cloud_grants
        where workspace_id = $1 and ($2 = '' or app = $2) and ($3 = '' or agent = $3) order by created_at, id
        """, Grant.Of, workspaceId, app, agent));

    public async Task<Grant> Find(string workspaceId, string app, string agent, string id) =>
        (await List(workspaceId, app, agent)).Find(grant => grant.Id == id) ?? throw NotFound();

    public Task Delete(WorkspaceFacts workspace, Grant grant) => database.Write(async session =>
    {
        if (await session.Execute("delete from cloud_grants where id = $1", grant.Id) == 0)
        {
            throw NotFound();
        }

        workspaces.Announce(session, workspace.Name);
    });

    /// <summary>Takes away what was granted on an app that is no more: the next of its name begins without.</summary>
    public Task DeleteFor(WorkspaceFacts workspace, string app) => database.Write(async session =>
    {
        await session.Execute("delete from cloud_grants where workspace_id = $1 and app = $2", workspace.Id, app);
        workspaces.Announce(session, workspace.Name);
    });

    private static Fault NotFound() => Fault.NotFound("Permission", "GET the permissions without an id to see which there are.");

    private static string? Named(string name) => name.Length == 0 ? null : name;
}
