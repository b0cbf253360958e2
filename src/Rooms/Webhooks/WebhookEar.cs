using System.Data.Common;
using System.Text.Json;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Events;

namespace Remix.Rooms.Webhooks;

/// <summary>An address that may be told of a channel's events, and of which: a room's own, or an agent's in it.</summary>
/// <param name="Role">What the agent is in the room; null for a room's own address, and in the agent's own channel.</param>
internal sealed record WebhookEar(Guid WebhookId, string? AgentId, string[] Events, long AfterEvent, long JoinedAt, RoomRole? Role)
{
    public static WebhookEar Of(DbDataReader row) => new(row.GetGuid(0), row.Text(1), WebhookStore.Events(row.GetString(2)), row.GetInt64(3),
        row.GetInt64(4), row.Text(5) is { } role ? EnumText.Parse<RoomRole>(role) : null);

    /// <summary>An agent is not told what it did itself, nor what happened before it came.</summary>
    public bool Wants(LogEvent logged) => logged.Id > AfterEvent && Webhook.Hears(Events, logged.Kind)
        && (AgentId is null || (logged.Actor != AgentId && logged.AtMs >= JoinedAt && Concerns(logged)));

    /// <summary>Whether it is told to this agent: some of what the log holds is for others.</summary>
    private bool Concerns(LogEvent logged)
    {
        switch (logged.Kind)
        {
            case RoomEvents.MessagePending:
                return Role >= RoomRole.Moderator;
            case RoomEvents.RoomInvite:
                using (var payload = JsonDocument.Parse(logged.Payload))
                {
                    return !payload.RootElement.TryGetProperty("agents", out var agents) || agents.ValueKind != JsonValueKind.Array
                        || agents.EnumerateArray().Any(agent => agent.ValueKind == JsonValueKind.String && agent.GetString() == AgentId);
                }

            case "agent_archived" or "agent_unarchived":
                // Of itself it hears once, in its own channel.
                return logged.Channel == AgentChannel.Of(AgentId!) || RoomEventText.Of(logged.Payload, "agent_id") != AgentId;
            default:
                return true;
        }
    }
}

internal static class RoomEventText
{
    /// <summary>A field of a payload that is text; null when it is none.</summary>
    public static string? Of(string payload, string field)
    {
        using var document = JsonDocument.Parse(payload);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(field, out var value)
            && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
