using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Remix.Rooms.Members;

/// <summary>An agent (or the user that made the room) in a room.</summary>
internal sealed class RoomMember
{
    public const int InvitedAtOnceMax = 100;

    public required string RoomId { get; init; }

    /// <summary>An agent's id, or a user's.</summary>
    public required string MemberId { get; init; }

    public required string UserId { get; init; }

    public required RoomRole Role { get; set; }

    public required Participation Participation { get; set; }

    /// <summary>What it was invited to do.</summary>
    public string? Task { get; init; }

    public string? InvitedBy { get; init; }

    public required long JoinedAt { get; init; }

    public static RoomMember Of(string roomId, string memberId, RoomRole role, Participation participation, long nowMs, string? invitedBy = null) => new()
    {
        RoomId = roomId,
        MemberId = memberId,
        UserId = memberId.Split('/')[0],
        Role = role,
        Participation = participation,
        InvitedBy = invitedBy,
        JoinedAt = nowMs,
    };

    internal sealed class Mapping : IEntityTypeConfiguration<RoomMember>
    {
        public void Configure(EntityTypeBuilder<RoomMember> builder)
        {
            builder.ToTable("room_members");
            builder.HasKey(member => new { member.RoomId, member.MemberId });
        }
    }
}
