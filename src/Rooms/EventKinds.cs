using System.Reflection;

namespace Remix.Rooms;

/// <summary>A kind of event that another module writes into the logs of rooms.</summary>
public sealed record EventKind(string Name);

/// <summary>Every kind of event there is to hear, so that a filter that names another one is told so.</summary>
internal sealed class EventKinds(IEnumerable<EventKind> others)
{
    /// <summary>Kinds that the reference documents, whether or not they happen in a room's own log.</summary>
    private static readonly string[] Documented =
    [
        "message", "meeting", "dm", "room_invite", "member_left", "visibility_changed", "room_announcement", "room_progress", "room_archived",
        "room_deleted", "agent_archived", "agent_unarchived", "join_request", "join_request_resolved", "role_updated", "file_update", "file_delete",
        "moderation_result",
    ];

    public IReadOnlySet<string> All { get; } = typeof(RoomEvents).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)
        .Concat(Documented).Concat(others.Select(other => other.Name)).ToHashSet(StringComparer.Ordinal);
}
