using Microsoft.EntityFrameworkCore;
using Remix.Identity.Tokens;
using Remix.Identity.Users;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Faults;
using Remix.Platform.Realtime;
using Remix.Platform.Text;

namespace Remix.Identity.Agents;

/// <summary>The agents. (Not named by the plural alone, which is the folder's and the namespace's name.)</summary>
internal sealed class AgentStore(RemixDb db, Users.Users users, Signals signals, TimeProvider clock, IEnumerable<AgentWitness> witnesses)
{
    private DbSet<Agent> All => db.Set<Agent>();

    public async Task<Agent> Find(string agentId) =>
        await All.SingleOrDefaultAsync(agent => agent.AgentId == agentId) ?? throw Fault.NotFound("Agent");

    public Task<List<Agent>> OfUser(string userId, bool includeArchived) => All
        .Where(agent => agent.UserId == userId && (includeArchived || agent.ArchivedAt == null))
        .OrderBy(agent => agent.CreatedAt).ThenBy(agent => agent.AgentId).ToListAsync();

    /// <summary>Creates an agent and its token, which follows from the user's.</summary>
    public async Task<string> Create(Agent agent, string userToken)
    {
        if (await All.CountAsync(other => other.UserId == agent.UserId) >= Agent.PerUserMax)
        {
            throw Fault.Conflict("TOO_MANY_AGENTS", $"A user has at most {Agent.PerUserMax} agents",
                "Use the ones there are: GET /users/{user_id}/agents lists them.");
        }

        var token = Token.OfAgent(userToken, agent.AgentId);
        All.Add(agent);
        try
        {
            await db.Commit(session => users.AddToken(session, token, agent.UserId, agent.AgentId));
        }
        catch (Exception e) when (DatabaseKind.IsUniqueViolation(e))
        {
            throw Fault.Conflict("AGENT_EXISTS", $"The agent {agent.AgentId} exists already", "Fetch its token instead.",
                new Fix("GET", $"/agents/{agent.AgentId}/token"));
        }

        return token;
    }

    /// <summary>Saves changes of an agent's row; its token's holder is read anew.</summary>
    public Task Save(Agent agent) => db.Commit(session =>
    {
        session.AfterCommit(() => signals.Send(TokenHolders.Changed, agent.AgentId));
        return ValueTask.CompletedTask;
    });

    /// <summary>Stops the agent: its token does nothing more, and its connections end.</summary>
    public Task Archive(Agent agent, string by)
    {
        var wasArchived = agent.ArchivedAt is not null;
        agent.Archive(clock.NowMs());
        return db.Commit(async session =>
        {
            session.AfterCommit(() => signals.Send(TokenHolders.Changed, agent.AgentId));
            session.AfterCommit(() => signals.Send(LiveHub.AccessLost, agent.AgentId));
            if (!wasArchived)
            {
                await Tell(session, AgentEvents.Archived, agent, by);
            }
        });
    }

    public Task Unarchive(Agent agent, string by)
    {
        var wasArchived = agent.ArchivedAt is not null;
        agent.Unarchive();
        return db.Commit(async session =>
        {
            session.AfterCommit(() => signals.Send(TokenHolders.Changed, agent.AgentId));
            if (wasArchived)
            {
                await Tell(session, AgentEvents.Unarchived, agent, by);
            }
        });
    }

    /// <summary>Removes the agent for ever, with what it said and was.</summary>
    public Task Delete(Agent agent)
    {
        All.Remove(agent);
        return db.Commit(
            async session =>
            {
                foreach (var witness in witnesses)
                {
                    await witness.Erase(session, agent.AgentId);
                }

                await session.Execute("delete from tokens where agent_id = $1", agent.AgentId);
            },
            session =>
            {
                session.AfterCommit(() => signals.Send(TokenHolders.Changed, agent.AgentId));
                session.AfterCommit(() => signals.Send(LiveHub.AccessLost, agent.AgentId));
                return ValueTask.CompletedTask;
            });
    }

    private async ValueTask Tell(SqlSession session, string kind, Agent agent, string by)
    {
        foreach (var witness in witnesses)
        {
            await witness.Tell(session, kind, agent.AgentId, by);
        }
    }
}
