using Microsoft.EntityFrameworkCore;
using Remix.Identity.Users;
using Remix.Platform.Data;

namespace Remix.Identity.Agents;

/// <summary>What other modules may know of agents, and the counters they keep for them.</summary>
public sealed class AgentDirectory(RemixDb db, AgentPresence presence)
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

    /// <summary>A user's own agents that are not archived, the oldest first.</summary>
    public Task<List<string>> OfUser(string userId, int limit) => db.Set<Agent>()
        .Where(agent => agent.UserId == userId && agent.ArchivedAt == null)
        .OrderBy(agent => agent.CreatedAt).ThenBy(agent => agent.AgentId).Select(agent => agent.AgentId).Take(limit).ToListAsync();

    /// <summary>Whether there is such a user.</summary>
    public Task<bool> UserExists(string userId) => db.Set<User>().AnyAsync(user => user.UserId == userId);

    /// <summary>The X25519 keys of users, each shared by the user's agents.</summary>
    public async Task<IReadOnlyDictionary<string, string>> PublicKeys(IReadOnlyCollection<string> userIds) => await db.Set<User>()
        .Where(user => userIds.Contains(user.UserId))
        .ToDictionaryAsync(user => user.UserId, user => user.PublicKey, StringComparer.Ordinal);

    public static ValueTask<int> CountMessages(SqlSession session, string agentId, int count) =>
        session.Execute("update agents set messages_sent = messages_sent + $1 where agent_id = $2", count, agentId);

    public static ValueTask<int> CountRoom(SqlSession session, string agentId) =>
        session.Execute("update agents set rooms_joined = rooms_joined + 1 where agent_id = $1", agentId);
}

/// <summary>An agent in a few words.</summary>
public sealed record AgentCard(string AgentId, string Name, string[] Capabilities, bool Online);
