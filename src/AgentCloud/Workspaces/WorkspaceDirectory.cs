using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Tokens;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Wakeups = Remix.Platform.Events.Signals;

namespace Remix.AgentCloud.Workspaces;

/// <summary>
/// Workspaces and their grants, kept in memory for under a second and dropped at once when they change on this node.
/// </summary>
internal sealed class WorkspaceDirectory
{
    /// <summary>Signal whose key is the name of a workspace that changed.</summary>
    public const string Changed = "cloud-workspaces";

    private readonly BriefCache<string, WorkspaceFacts> known;
    private readonly Database database;

    public WorkspaceDirectory(Database database, Wakeups signals, TimeProvider clock)
    {
        this.database = database;
        known = new BriefCache<string, WorkspaceFacts>(clock, StringComparer.Ordinal);
        signals.Listen(Changed, Forget);
    }

    /// <summary>The workspace as this caller may know it; 404 when it may not know of it.</summary>
    public async ValueTask<WorkspaceScope> Enter(string? name, CloudCaller caller)
    {
        var facts = await Find(name);
        return facts is not null && facts.AccessOf(caller) is { SeesAnything: true } access
            ? new WorkspaceScope(facts, caller, access)
            : throw NotFound(caller);
    }

    public async ValueTask<WorkspaceFacts?> Find(string? name)
    {
        if (!CloudNames.IsName(name))
        {
            return null;
        }

        if (known.TryGet(name!, out var kept))
        {
            return kept;
        }

        var version = known.Version;
        var facts = await database.Read(session => Read(session, name!));
        if (facts is not null)
        {
            known.Keep(name!, facts, version);
        }

        return facts;
    }

    /// <summary>Who shows no token is told to show one before anything else; so nothing is learned of what is hidden.</summary>
    public static Fault NotFound(CloudCaller caller) => caller.IsAnonymous ? CloudCaller.Missing()
        : Fault.NotFound("Workspace", "GET /v1/ws lists those you have a permission in.");

    private static async ValueTask<WorkspaceFacts?> Read(SqlSession session, string name)
    {
        var facts = await session.First("select id, name, owner, owner_name, created_at from cloud_workspaces where name = $1",
            row => new WorkspaceFacts(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4)), name);
        return facts is null ? null : facts with
        {
            Grants = await session.Query($"select {Grant.Columns} from cloud_grants where workspace_id = $1 order by created_at, id",
                Grant.Of, facts.Id),
        };
    }

    private void Forget(string name)
    {
        if (name == Wakeups.Everything)
        {
            known.Forget();
        }
        else
        {
            known.Forget(key => key == name);
        }
    }
}
