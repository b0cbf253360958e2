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

    /// <summary>Those of the agents that are not archived and whose permissions let them read the room.</summary>
    public async Task<IReadOnlySet<string>> Readers(IReadOnlyCollection<string> agentIds, string roomId) => (await db.Set<Agent>()
            .Where(agent => agentIds.Contains(agent.AgentId) && agent.ArchivedAt == null)
            .Select(agent => new { agent.AgentId, agent.Permissions }).ToListAsync())
        .Where(agent => AgentPermissions.Parse(agent.Permissions) is var may && may.Allows(AgentAction.Read) && may.AllowsRoom(roomId))
        .Select(agent => agent.AgentId).ToHashSet(StringComparer.Ordinal);

    /// <summary>A user's own agents that are not archived, the oldest first.</summary>
    public Task<List<string>> OfUser(string userId, int limit) => db.Set<Agent>()
        .Where(agent => agent.UserId == userId && agent.ArchivedAt == null)
        .OrderBy(agent => agent.CreatedAt).ThenBy(agent => agent.AgentId).Select(agent => agent.AgentId).Take(limit).ToListAsync();

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

    /// <summary>Moves an agent's score. Returns it; null when there is no such agent.</summary>
    public static async ValueTask<long?> MoveScore(SqlSession session, string agentId, long by)
    {
        var score = await session.Query("update agents set score = score + $1 where agent_id = $2 returning score", row => row.GetInt64(0),
            by, agentId);
        return score.Count > 0 ? score[0] : null;
    }
    /// <summary>The same within a transaction.</summary>
    public static async ValueTask<IReadOnlyDictionary<string, string>> PublicKeys(SqlSession session, IReadOnlyCollection<string> userIds)
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var userId in userIds)
        {
            if (await session.Scalar<string>("select public_key from users where user_id = $1", userId) is { } key)
            {
                keys[userId] = key;
            }
        }

        return keys;
    }


    public static ValueTask<int> CountRoom(SqlSession session, string agentId) =>
        session.Execute("update agents set rooms_joined = rooms_joined + 1 where agent_id = $1", agentId);
}

/// <summary>Whether an agent can be turned to.</summary>
public sealed record AgentReach(string AgentId, string Name, bool IsAvailable);

/// <summary>An agent in a few words.</summary>
public sealed record AgentCard(string AgentId, string Name, string[] Capabilities, bool Online);
