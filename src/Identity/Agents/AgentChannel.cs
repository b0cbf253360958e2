namespace Remix.Identity.Agents;

/// <summary>The channel of the log that holds what concerns one agent alone; no room is named like it.</summary>
public static class AgentChannel
{
    public static string Of(string agentId) => "@" + agentId;
}
