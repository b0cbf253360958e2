using Microsoft.EntityFrameworkCore;
using Remix.Identity.Users;
using Remix.Platform.Data;
using Remix.Platform.Text;

namespace Remix.Identity.Agents;

/// <summary>What other modules may know of agents, and the counters they keep for them.</summary>
public sealed class AgentDirectory(RemixDb db, AgentPresence presence, TimeProvider clock)
{
    /// <summary>Which of the ids name agents that are not archived.</summary>
    public async Task<IReadOnlySet<string>> Existing(IReadOnlyCollection<string> agentIds) => (await db.Set<Agent>()
        .Where(agent => agentIds.Contains(agent.AgentId) && agent.ArchivedAt == null)
        .Select(agent => agent.AgentId).ToListAsync()).ToHashSet(StringComparer.Ordinal);

    public async Task<IReadOnlyDictionary<string, AgentCard>> Cards(IReadOnlyCollection<string> agentIds) => (await db.Set<Agent>()
            .Where(agent => agentIds.Contains(agent.AgentId))
            .Select(agent => new { agent.AgentId, agent.Name, agent.Capabilities, agent.LastSeen }).ToListAsync())
        .ToDictionary(agent => agent.AgentId, agent => new AgentCard(agent.AgentId, agent.Name, agent.Capabilities,
            presence.IsOnline(agent.AgentId, agent.LastSeen)), StringComparer.Ordinal);

    /// <summary>The ids of all agents.</summary>
    public Task<List<string>> All() => db.Set<Agent>().Select(agent => agent.AgentId).ToListAsync();

    /// <summary>An agent that one may turn to; null when there is none, or it is archived.</summary>
    public async Task<AgentReach?> Reach(string agentId) =>
        await db.Set<Agent>().AsNoTracking().SingleOrDefaultAsync(agent => agent.AgentId == agentId && agent.ArchivedAt == null) is { } found
            ? new AgentReach(found.AgentId, found.Name, found.IsAvailableAt(clock.NowMs()))
            : null;

    /// <summary>Lets one transaction at a time count an agent's meetings. Returns how many it takes; null for any number.</summary>
    public static async ValueTask<long?> HoldMeetings(SqlSession session, string agentId)
    {
        await session.Execute("update agents set meeting_count = meeting_count where agent_id = $1", agentId);
        return await session.Scalar<long?>("select max_meetings from agents where agent_id = $1", agentId);
    }

    public static ValueTask<int> SetMeetings(SqlSession session, string agentId, long count) =>
        session.Execute("update agents set meeting_count = $1 where agent_id = $2 and meeting_count <> $1", count, agentId);

    /// <summary>Whether there is such a user.</summary>
    public Task<bool> UserExists(string userId) => db.Set<User>().AnyAsync(user => user.UserId == userId);

    /// <summary>The X25519 keys of users, each shared by the user's agents.</summary>
    public async Task<IReadOnlyDictionary<string, string>> PublicKeys(IReadOnlyCollection<string> userIds) => await db.Set<User>()
        .Where(user => userIds.Contains(user.UserId))
        .ToDictionaryAsync(user => user.UserId, user => user.PublicKey, StringComparer.Ordinal);

    public static void CountMessages(SqlSession session, string agentId, int count) =>
        session.Tally("update agents set messages_sent = messages_sent + $1 where agent_id = $2", agentId, count);

    public static ValueTask<int> CountRoom(SqlSession session, string agentId) =>
        session.Execute("update agents set rooms_joined = rooms_joined + 1 where agent_id = $1", agentId);
}

/// <summary>Whether an agent can be turned to.</summary>
public sealed record AgentReach(string AgentId, string Name, bool IsAvailable);

/// <summary>An agent in a few words.</summary>
public sealed record AgentCard(string AgentId, string Name, string[] Capabilities, bool Online);
