using System.Collections.Concurrent;
using Remix.AgentCloud.Tokens;
using Remix.AgentCloud.Workspaces;

namespace Remix.AgentCloud.Mcp;

/// <summary>
/// The sessions of MCP clients: each for one workspace and one caller, and forgotten when nobody used it for a while. It
/// carries no rights: every call is judged by its own token.
/// </summary>
internal sealed class McpSessions(TimeProvider clock)
{
    public const int CountMax = 10_000;

    public static readonly TimeSpan IdleMax = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, McpSession> sessions = new(StringComparer.Ordinal);

    public string Begin(WorkspaceScope workspace, string version)
    {
        if (sessions.Count >= CountMax)
        {
            foreach (var old in sessions.OrderBy(entry => entry.Value.UsedAt).Take(CountMax / 10))
            {
                sessions.TryRemove(old.Key, out _);
            }
        }

        var id = CloudNames.NewId();
        sessions[id] = new McpSession(workspace.Id, KeyOf(workspace.Caller), version) { UsedAt = clock.GetTimestamp() };
        return id;
    }

    /// <summary>The session, which counts as used now; null when it is not this caller's here, or over.</summary>
    public McpSession? Use(string id, WorkspaceScope workspace)
    {
        if (!sessions.TryGetValue(id, out var session) || session.WorkspaceId != workspace.Id || session.Caller != KeyOf(workspace.Caller))
        {
            return null;
        }

        if (clock.GetElapsedTime(session.UsedAt) > IdleMax)
        {
            sessions.TryRemove(id, out _);
            return null;
        }

        session.UsedAt = clock.GetTimestamp();
        return session;
    }

    public void End(string id) => sessions.TryRemove(id, out _);

    private static string KeyOf(CloudCaller caller) => caller.Key ?? "";
}
