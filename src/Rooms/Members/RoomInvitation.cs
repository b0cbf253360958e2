using Remix.Platform.Data;

namespace Remix.Rooms.Members;

/// <summary>What those who are invited into a room are told.</summary>
/// <param name="Agents">Those who became members by it.</param>
internal sealed record RoomInvitation(
    string RoomId, IReadOnlyCollection<string> Agents, string Participation, string? Task, string? Topic, string? Goals, string? Rules, string InvitedBy,
    string Hint)
{
    public static RoomInvitation Of(
        Room room, IEnumerable<string> agents, string by, Participation participation = Rooms.Participation.Resident, string? task = null) => new(
        room.RoomId, [.. agents.Order(StringComparer.Ordinal)], EnumText.Of(participation), task, room.Topic, room.Goals, room.Rules, by,
        $"Read the room's README.md first: GET /rooms/{room.RoomId}/files/README.md. Then read what was said: GET /rooms/{room.RoomId}/messages.");
}
