namespace Remix.Identity.Agents;

/// <summary>Where an agent has its events sent, as the module that sends them knows; shown to the agent itself.</summary>
public abstract class AgentWebhookAddress
{
    /// <summary>Null when it has none.</summary>
    public abstract ValueTask<string?> Of(string agentId);
}
