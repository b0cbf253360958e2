using System.Text.Json;
using Remix.Platform.Http;

namespace Remix.Identity.Agents;

internal sealed record CreateAgent(string AgentId, AgentPermissions Permissions, ChangeAgent Change) : IReadFields<CreateAgent>
{
    public static CreateAgent Read(Fields fields) => new(
        fields.RequiredName("agent_id", pair: true, "oeway/atlas"),
        AgentPermissions.Read(fields, "permissions") ?? AgentPermissions.All,
        ChangeAgent.Read(fields));
}

/// <summary>What an agent says of itself: only the fields that were sent, null to clear.</summary>
internal sealed record ChangeAgent(
    string? Name, string? Readme, string? Status, string[]? Capabilities, JsonElement? Config, JsonElement? Card, IReadOnlySet<string> Sent)
    : IReadFields<ChangeAgent>
{
    private static readonly string[] Known = ["name", "readme", "status", "capabilities", "config", "card"];

    public bool IsEmpty => Sent.Count == 0;

    public static ChangeAgent Read(Fields fields)
    {
        var sent = Known.Where(fields.Has).ToHashSet(StringComparer.Ordinal);
        if (fields.IsNull("name"))
        {
            fields.Problem("name", "An agent always has a name; leave the field out to keep it", "invalid_type");
        }

        return new ChangeAgent(
            fields.Text("name", Agent.NameLengthMax, 1),
            fields.Text("readme", Agent.ReadmeBytesMax),
            fields.Text("status", Agent.StatusLengthMax),
            fields.Texts("capabilities", Agent.CapabilitiesMax, Agent.CapabilityLengthMax),
            fields.Json("config", JsonValueKind.Object, Agent.ConfigBytesMax),
            fields.Json("card", JsonValueKind.Object, Agent.CardBytesMax),
            sent);
    }

    public void ApplyTo(Agent agent)
    {
        agent.Name = Name ?? agent.Name;
        agent.Readme = Sent.Contains("readme") ? Readme : agent.Readme;
        agent.Status = Sent.Contains("status") ? Status : agent.Status;
        agent.Capabilities = Sent.Contains("capabilities") ? Capabilities ?? [] : agent.Capabilities;
        agent.Config = Sent.Contains("config") ? Config : agent.Config;
        agent.Card = Sent.Contains("card") ? Card : agent.Card;
    }
}

internal sealed record ListAgents(bool IncludeArchived) : IReadFields<ListAgents>
{
    public static ListAgents Read(Fields fields) => new(fields.Truth("include_archived") ?? false);
}
