using Remix.Identity.Agents;

namespace Remix.Rooms.Webhooks;

/// <summary>Lets <c>GET /agents/me</c> show the address; the secret stays here.</summary>
internal sealed class OwnWebhookAddress(WebhookStore webhooks) : AgentWebhookAddress
{
    public override async ValueTask<string?> Of(string agentId) => (await webhooks.OfAgent(agentId))?.Url;
}
