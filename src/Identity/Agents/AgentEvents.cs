using Remix.Platform.Data;

namespace Remix.Identity.Agents;

/// <summary>The kinds of what happens to agents, as the log names them.</summary>
public static class AgentEvents
{
    public const string Archived = "agent_archived";
    public const string Unarchived = "agent_unarchived";
}

/// <summary>What a module says or removes when something happens to an agent, within the transaction in which it happens.</summary>
public abstract class AgentWitness
{
    /// <summary>The agent was archived or brought back.</summary>
    /// <param name="kind">One of <see cref="AgentEvents"/>.</param>
    public abstract ValueTask Tell(SqlSession session, string kind, string agentId, string by);

    /// <summary>The agent goes for ever.</summary>
    public abstract ValueTask Erase(SqlSession session, string agentId);
}
