using System.Collections.Concurrent;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Tokens;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;
using Wakeups = Remix.Platform.Events.Signals;

namespace Remix.AgentCloud.Workspaces;

/// <summary>
/// Workspaces and their grants, kept in memory for under a second and dropped at once when they change on this node.
/// </summary>
internal sealed class WorkspaceDirectory
{
    /// <summary>Signal whose key is the name of a workspace that changed.</summary>
    public const string Changed = "cloud-workspaces";

    private const int KnownMax = 20_000;
    private const long KeptMs = 800;

    private readonly ConcurrentDictionary<string, (WorkspaceFacts Facts, long Until)> known = new(StringComparer.Ordinal);
    private readonly Database database;
    private readonly TimeProvider clock;
    private long generation;

    public WorkspaceDirectory(Database database, Wakeups signals, TimeProvider clock)
    {
        (this.database, this.clock) = (database, clock);
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

        var now = clock.NowMs();
        if (known.TryGetValue(name!, out var entry) && entry.Until > now)
        {
            return entry.Facts;
        }

        var before = Volatile.Read(ref generation);
        var facts = await database.Read(session => Read(session, name!));
        if (facts is not null && Volatile.Read(ref generation) == before)
        {
            if (known.Count >= KnownMax)
            {
                known.Clear();
            }

            known[name!] = (facts, now + KeptMs);
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
        Interlocked.Increment(ref generation);
        if (name == Wakeups.Everything)
        {
            known.Clear();
        }
        else
        {
            known.TryRemove(name, out _);
        }
    }
}
