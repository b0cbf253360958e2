using System.Text;
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
            ReadReadme(fields),
            fields.Text("status", Agent.StatusLengthMax),
            fields.Texts("capabilities", Agent.CapabilitiesMax, Agent.CapabilityLengthMax),
            fields.Json("config", JsonValueKind.Object, Agent.ConfigBytesMax),
            fields.Json("card", JsonValueKind.Object, Agent.CardBytesMax),
            sent);
    }

    private static string? ReadReadme(Fields fields)
    {
        var readme = fields.Text("readme", Agent.ReadmeBytesMax);
        if (readme is not null && Encoding.UTF8.GetByteCount(readme) > Agent.ReadmeBytesMax)
        {
            fields.Problem("readme", $"String must be at most {Agent.ReadmeBytesMax} bytes of UTF-8", "too_big");
        }

        return readme;
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

/// <summary>Whether an agent takes new work, and what it says of itself with that.</summary>
/// <param name="Ttl">Seconds after which it is no longer available by itself; without it, until it says so.</param>
internal sealed record AnnounceAvailability(bool? Available, long? Ttl, long? MaxMeetings, ChangeAgent Change, IReadOnlySet<string> Sent)
    : IReadFields<AnnounceAvailability>
{
    private static readonly string[] Known = ["available", "ttl", "max_meetings"];

    public bool IsEmpty => Sent.Count == 0 && Change.IsEmpty;

    public static AnnounceAvailability Read(Fields fields)
    {
        if (fields.IsNull("available"))
        {
            fields.Problem("available", "Expected true or false; leave the field out to keep it", "invalid_type");
        }

        return new AnnounceAvailability(fields.Truth("available"), fields.Number("ttl", 1, Agent.AvailableTtlMax),
            fields.Number("max_meetings", 0, Agent.MeetingsMax), ChangeAgent.Read(fields), Known.Where(fields.Has).ToHashSet(StringComparer.Ordinal));
    }

    public void ApplyTo(Agent agent, long nowMs)
    {
        Change.ApplyTo(agent);
        agent.MaxMeetings = Sent.Contains("max_meetings") ? MaxMeetings : agent.MaxMeetings;
        if (Available is { } available)
        {
            agent.Available = available;
            agent.AvailableAt = available ? nowMs : agent.AvailableAt;
            agent.AvailableTtl = available ? Ttl : agent.AvailableTtl;
        }
        else if (Sent.Contains("ttl"))
        {
            // A new end for what has not ended yet: who is no longer available says so anew.
            agent.Available = agent.IsAvailableAt(nowMs);
            agent.AvailableAt = nowMs;
            agent.AvailableTtl = Ttl;
        }
    }
}

internal sealed record ListAgents(bool IncludeArchived) : IReadFields<ListAgents>
{
    public static ListAgents Read(Fields fields) => new(fields.Truth("include_archived") ?? false);
}
