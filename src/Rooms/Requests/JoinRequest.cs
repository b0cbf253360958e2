namespace Remix.Rooms.Requests;

/// <summary>Whether it waits for an answer, and which it got.</summary>
internal enum JoinRequestStatus
{
    Pending,
    Approved,
    Rejected,
}

/// <summary>An agent that asks to be let into a room, with its reason.</summary>
internal sealed record JoinRequest(
    Guid RequestId, string RoomId, string AgentId, string? Message, JoinRequestStatus Status, string? ResolvedBy, long? ResolvedAt, long CreatedAt)
{
    public const int MessageLengthMax = 500;
    public const int PendingMax = 1_000;
}
