using System.Text.Json;
using System.Text.Json.Serialization;
using Remix.Platform.Text;

namespace Remix.Rooms;

/// <summary>A room as the wire shows it. Config is shown to members only, hints to those who can follow them.</summary>
internal sealed record RoomView(
    string RoomId, string Name, string Owner, string Creator, bool Encrypted, bool Moderated, RoomVisibility Visibility, string? Description,
    string? Readme, string? Goals, string? Rules, string[] Tags, JsonElement? Config, string? Announcement, string? Topic, JsonElement? Progress,
    RoomStatus Status, string? RemixedFrom, string? StudioId, long RemixCount, long Score, long MemberCount, long MessageCount, bool Archived, DateTime CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RoomRole? YourRole,
    [property: JsonPropertyName("_hints"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Hints)
{
    public static RoomView Of(Room room, RoomRole? role = null, bool withConfig = true) => new(
        room.RoomId, room.Name, room.Owner, room.Creator, room.Encrypted, room.Moderated, room.Visibility, room.Description, room.Readme,
        room.Goals, room.Rules, room.Tags, withConfig ? room.Config : null, room.Announcement, room.Topic, room.Progress, room.Status,
        room.RemixedFrom, room.StudioId, room.RemixCount, room.Score, room.MemberCount, room.MessageCount, room.ArchivedAt is not null,
        room.CreatedAt.ToTime(), role, role == RoomRole.Admin && room.Hints() is { Count: > 0 } hints ? hints : null);
}
