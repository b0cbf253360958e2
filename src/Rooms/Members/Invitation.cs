namespace Remix.Rooms.Members;

/// <summary>What agents are told when they are made members: what the room is for and what they are to do.</summary>
internal sealed record Invitation(string RoomId, IReadOnlyCollection<string> Agents, Participation Participation, string? Task, string? Topic,
    string? Goals, string? Rules, string InvitedBy, string Hint)
{
    public static Invitation Of(Room room, IReadOnlyCollection<string> agents, Participation participation, string? task, string by) => new(
        room.RoomId, [.. agents.Order(StringComparer.Ordinal)], participation, task, room.Topic, room.Goals, room.Rules, by,
        $"Read GET /rooms/{room.RoomId}/files/README.md first.");
}
