using Remix.AgentCloud.Activity;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Tokens;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;
using Wakeups = Remix.Platform.Events.Signals;

namespace Remix.AgentCloud.Workspaces;

/// <summary>
/// The catalogue of workspaces. A row is what makes a workspace exist: it is written after the content of a new one, and
/// removed before the content of an old one.
/// </summary>
internal sealed class WorkspaceStore(Database database, CloudActivities activities, Wakeups signals, TimeProvider clock)
{
    /// <summary>How many one owner can have.</summary>
    public const int PerOwnerMax = 1000;

    private const string Columns = "w.id, w.name, w.owner, w.owner_name, w.created_at";

    /// <summary>Makes an empty workspace; without a name it gets one.</summary>
    public Task<WorkspaceFacts> Create(string? name, CloudCaller owner) => Create(CloudNames.NewId(), name, owner, ActivityKind.CreateWorkspace);

    /// <summary>Makes the workspace whose content already lies under the id: this is what commits it.</summary>
    /// <param name="also">What the catalogue knows of it besides, written in the same transaction.</param>
    public async Task<WorkspaceFacts> Create(string id, string? name, CloudCaller owner, ActivityKind kind, Func<SqlSession, ValueTask>? also = null)
    {
        var facts = new WorkspaceFacts(id, name ?? CloudNames.Random(), owner.RequireKey(), owner.Name, clock.NowMs());
        try
        {
            await database.Write(async session =>
            {
                if (await session.Scalar<long>("select count(*) from cloud_workspaces where owner = $1", facts.Owner) >= PerOwnerMax)
                {
                    throw Fault.Conflict("TOO_MANY_WORKSPACES", $"You have {PerOwnerMax} workspaces, which is the most", "Delete one first.");
                }

                await session.Execute("insert into cloud_workspaces (id, name, owner, owner_name, created_at) values ($1, $2, $3, $4, $5)",
                    facts.Id, facts.Name, facts.Owner, facts.OwnerName, facts.CreatedAt);
                await activities.Record(session, id, owner, kind);
                if (also is not null)
                {
                    await also(session);
                }

                Announce(session, facts.Name);
            });
        }
        catch (Exception e) when (DatabaseKind.IsUniqueViolation(e))
        {
            throw Taken(facts.Name);
        }

        return facts;
    }

    /// <summary>Refuses a name that somebody has.</summary>
    /// <param name="hint">What to do then, where to send none gives no other name.</param>
    public async Task RequireFree(string? name, string? hint = null)
    {
        if (name is not null && await database.Read(session => session.Scalar<string>("select id from cloud_workspaces where name = $1",
            name)) is not null)
        {
            throw Taken(name, hint);
        }
    }

    /// <summary>Takes the workspace away, with all that the catalogue knows of it.</summary>
    public Task Delete(WorkspaceFacts facts) => database.Write(session => Delete(session, facts.Id, facts.Name));

    public async ValueTask Delete(SqlSession session, string id, string name)
    {
        foreach (var table in new[] { "cloud_grants", "cloud_activities", "cloud_runs", "cloud_topics" })
        {
            await session.Execute($"delete from {table} where workspace_id = $1", id);
        }

        await session.Execute("delete from cloud_topic_messages where topic >= $1 and topic < $2", $"{id}/", $"{id}0");
        await session.Execute("delete from cloud_workspaces where id = $1", id);
        Announce(session, name);
    }

    /// <summary>The workspaces that the caller owns or is granted something in by name or domain, by their names.</summary>
    public Task<List<WorkspaceFacts>> ListFor(CloudCaller caller) => database.Read(async session =>
    {
        var named = caller.Subjects.Where(subject => subject is not (Subject.Anonymous or Subject.AllUsers)).ToList();
        var slots = string.Join(", ", named.Select((_, i) => $"${i + 2}"));
        var granted = named.Count == 0 ? "" : $"or w.id in (select workspace_id from cloud_grants where subject in ({slots}))";
        var found = await session.Query($"select {Columns} from cloud_workspaces w where w.owner = $1 {granted} order by w.name",
            row => new WorkspaceFacts(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4)),
            [caller.Key, .. named]);
        var grants = await session.Query($"""
            select {Grant.Columns} from cloud_grants where workspace_id in (select w.id from cloud_workspaces w where w.owner = $1 {granted})
            order by created_at, id
            """, Grant.Of, [caller.Key, .. named]);
        var byWorkspace = grants.ToLookup(grant => grant.WorkspaceId, StringComparer.Ordinal);
        return found.ConvertAll(facts => facts with { Grants = byWorkspace[facts.Id] });
    });

    /// <summary>Says that what is known of the workspace has changed.</summary>
    public void Announce(SqlSession session, string name) => session.AfterCommit(() => signals.Send(WorkspaceDirectory.Changed, name));

    private static Fault Taken(string name, string? hint = null) => Fault.Conflict("WORKSPACE_EXISTS",
        $"The workspace name {name} is taken", hint ?? "Choose another one, or send none to be given one.");
}
