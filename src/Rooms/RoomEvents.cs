using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Events;

namespace Remix.Rooms;

/// <summary>The kinds of what happens in rooms, as the log and all who read it name them.</summary>
public static class RoomEvents
{
    public const string Message = "message";
    public const string MessagePending = "message_pending";
    public const string MessageEdited = "message_edited";
    public const string ModerationResult = "moderation_result";
    public const string RoomInvite = "room_invite";
    public const string RoomAnnouncement = "room_announcement";
    public const string Meeting = "meeting";
    public const string Dm = "dm";
    public const string MemberJoined = "member_joined";
    public const string MemberLeft = "member_left";
    public const string RoleUpdated = "role_updated";
    public const string FileUpdate = "file_update";
    public const string FileDelete = "file_delete";
    public const string RoomCreated = "room_created";
    public const string RoomUpdated = "room_updated";
    public const string RoomProgress = "room_progress";
    public const string RoomArchived = "room_archived";
    public const string RoomUnarchived = "room_unarchived";
    public const string RoomDeleted = "room_deleted";
    public const string RoomRemixed = "room_remixed";
    public const string VisibilityChanged = "visibility_changed";
    public const string JoinRequest = "join_request";
    public const string JoinRequestResolved = "join_request_resolved";
    public const string TaskCreated = "task_created";
    public const string TaskUpdated = "task_updated";
    public const string TaskAssigned = "task_assigned";
    public const string TaskLog = "task_log";
    public const string TaskDeleted = "task_deleted";
    public const string KeyRequested = "key_requested";
    public const string KeyShared = "key_shared";
    public const string KeyRotated = "key_rotated";
    public const string ShareCreated = "share_created";
    public const string ShareRevoked = "share_revoked";
}

/// <summary>Lets other modules write what happened to them into the log of their room.</summary>
public sealed class RoomLog(EventLog events, Signals signals)
{
    /// <summary>Appends within the transaction of what happened.</summary>
    public ValueTask<EventStamp> Record<T>(SqlSession session, string roomId, string kind, string? actor, T payload) =>
        events.Append(session, roomId, kind, actor, payload);

    /// <summary>Says within the transaction something that concerns one agent, wherever it is.</summary>
    internal ValueTask<EventStamp> Tell<T>(SqlSession session, string agentId, string kind, string? actor, T payload) =>
        events.Append(session, AgentChannel.Of(agentId), kind, actor, payload);

    /// <summary>An agent that has come into a room may wait elsewhere: it hears of the room from now on.</summary>
    internal void Wake(SqlSession session, string agentId) =>
        session.AfterCommit(() => signals.Send(EventLog.Appended, AgentChannel.Of(agentId)));

    /// <summary>Says that what <see cref="RoomDirectory"/> knows of the room is stale.</summary>
    internal void FactsChanged(SqlSession session, string roomId) => session.AfterCommit(() => signals.Send(RoomDirectory.Changed, roomId));
}
