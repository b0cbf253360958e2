using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Tokens;
using Remix.Identity.Users;
using Remix.Platform.Data;

namespace Remix.AgentCloud.Workspaces;

/// <summary>What becomes of a platform user's part in the cloud when the user goes.</summary>
internal sealed class WorkspaceErasure(WorkspaceStore workspaces, WorkspaceContents contents) : UserErasure
{
    private const string Gone = "user/deleted";

    public override async ValueTask Erase(SqlSession session, string userId)
    {
        var key = CloudCaller.KeyOfUser(userId);
        foreach (var (id, name) in await session.Query("select id, name from cloud_workspaces where owner = $1",
            row => (row.GetString(0), row.GetString(1)), key))
        {
            await workspaces.Delete(session, id, name);
            session.AfterCommit(() => _ = Task.Run(() => contents.Remove(id)));
        }

        // The next who takes the name must not inherit what was granted to this one.
        var subject = Subject.OfUser(userId);
        foreach (var name in await session.Query("""
            select distinct w.name from cloud_workspaces w join cloud_grants g on g.workspace_id = w.id where g.subject = $1
            """, row => row.GetString(0), subject))
        {
            workspaces.Announce(session, name);
        }

        await session.Execute("delete from cloud_grants where subject = $1", subject);
        await session.Execute("update cloud_activities set subject = $1, caller = null where caller = $2", Gone, key);
        await session.Execute("delete from cloud_signals where creator = $1", key);
    }
}
