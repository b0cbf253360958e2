using System.Globalization;
using System.Text.Json;
using Remix.Identity.Agents;
using Remix.Platform.Events;
using Remix.Rooms.Messages;

namespace Remix.Rooms.Inbox;

/// <summary>Something that happened, as far as one agent is concerned: in its rooms, or to itself.</summary>
/// <param name="Role">What the agent is in the room; null for what came to itself.</param>
internal sealed record InboxEvent(LogEvent Logged, RoomRole? Role)
{
    private const string Prefix = "evt_";

    private JsonElement? data;

    /// <summary>The id by which a client names it, and goes on after it.</summary>
    public static string NameOf(long id) => Prefix + id.ToString("x12", CultureInfo.InvariantCulture);

    /// <summary>Null when it is none of ours.</summary>
    public static long? IdOf(string name) => name.StartsWith(Prefix, StringComparison.Ordinal)
        && long.TryParse(name.AsSpan(Prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) && id >= 0 ? id : null;

    public JsonElement Data => data ??= JsonSerializer.Deserialize<JsonElement>(Logged.Payload, JsonSerializerOptions.Default);

    /// <summary>Whether it is told to this member: some of what the log holds is for others.</summary>
    public bool Concerns(string agentId) => Logged.Kind switch
    {
        RoomEvents.MessagePending => Role >= RoomRole.Moderator,
        RoomEvents.RoomInvite => Holds("agents", agentId),
        AgentEvents.Archived or AgentEvents.Unarchived => Role is null || Text("agent_id") != agentId,
        _ => true,
    };

    public bool Fits(PollEvents wish, string agentId) =>
        (wish.Room is null || Logged.Channel == wish.Room)
        && (wish.Type is null || wish.Type.Contains(Logged.Kind, StringComparer.Ordinal))
        && (wish.Sender is null || Logged.Actor == wish.Sender)
        && (wish.Mention != true || Logged.Kind == RoomEvents.RoomAnnouncement || Holds("mentions", agentId) || Holds("mentions", Mentions.Everybody))
        && (wish.ReplyTo is not { } replyTo || (Text("reply_to") is { } answered && Guid.TryParse(answered, out var id) && id == replyTo))
        && (wish.MetadataType is null || TypeOfMetadata() == wish.MetadataType);

    private string? TypeOfMetadata() => Data.ValueKind == JsonValueKind.Object && Data.TryGetProperty("metadata", out var metadata)
        ? Message.TypeOf(metadata) : null;

    private string? Text(string field) => Data.ValueKind == JsonValueKind.Object && Data.TryGetProperty(field, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private bool Holds(string field, string text) => Data.ValueKind == JsonValueKind.Object && Data.TryGetProperty(field, out var list)
        && list.ValueKind == JsonValueKind.Array && list.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.GetString() == text);
}
