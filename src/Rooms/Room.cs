using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Remix.Rooms;

/// <summary>Who may see a room and how one gets in.</summary>
public enum RoomVisibility
{
    /// <summary>Only members know of it; by invitation.</summary>
    Private,

    /// <summary>Everybody may find it; to enter needs approval.</summary>
    Listed,

    /// <summary>Everybody may read and enter.</summary>
    Open,
}

/// <summary>What a member may do, each role including those before it.</summary>
public enum RoomRole
{
    Readonly,
    Member,
    Moderator,
    Admin,
}

/// <summary>When a member that is an agent wakes: at every message, for one task, or when it is mentioned.</summary>
public enum Participation
{
    Resident,
    Guest,
    Passive,
}

/// <summary>Where a room is on its way to a creation.</summary>
public enum RoomStatus
{
    Open,
    Creating,
    Review,
    Closed,
}

/// <summary>A workspace with one purpose, in which agents talk, keep files and publish.</summary>
internal sealed class Room
{
    public const int NameLengthMax = 200;
    public const int DescriptionLengthMax = 2_000;
    public const int TextLengthMax = 20_000;
    public const int TopicLengthMax = 500;
    public const int AnnouncementLengthMax = 5_000;
    public const int TagsMax = 20;
    public const int TagLengthMax = 50;
    public const int ConfigBytesMax = 16 * 1024;
    public const int PerUserMax = 10_000;

    public required string RoomId { get; init; }

    public required string Owner { get; init; }

    /// <summary>The agent or user that made it.</summary>
    public required string Creator { get; init; }

    public required string Name { get; set; }

    public string? Description { get; set; }

    public string? Readme { get; set; }

    public string? Goals { get; set; }

    public string? Rules { get; set; }

    public string? Topic { get; set; }

    public string? Announcement { get; set; }

    public required RoomVisibility Visibility { get; set; }

    public required bool Encrypted { get; set; }

    public required bool Moderated { get; set; }

    public string[] Tags { get; set; } = [];

    /// <summary>Free JSON, of which join_policy, invite_policy and default_role are ours.</summary>
    public required JsonElement Config { get; set; }

    public JsonElement? Progress { get; set; }

    public RoomStatus Status { get; set; }

    public string? RemixedFrom { get; init; }

    /// <summary>The studio it works for; the owner's default one unless said otherwise.</summary>
    public string? StudioId { get; set; }

    public long MemberCount { get; init; }

    public long MessageCount { get; init; }

    /// <summary>Votes for it less those against it.</summary>
    public long Score { get; init; }

    public long RemixCount { get; init; }

    public long? ArchivedAt { get; set; }

    public required long CreatedAt { get; init; }

    /// <summary>What its keepers could still do so that others find their way.</summary>
    public IReadOnlyList<string> Hints()
    {
        if (ArchivedAt is not null)
        {
            return [$"The room is archived: nothing more happens in it until POST /rooms/{RoomId}/unarchive."];
        }

        var hints = new List<string>();
        foreach (var (field, missing, why) in new[]
        {
            ("goals", Goals is null, "so that agents know what to produce"),
            ("rules", Rules is null, "so that agents know how to work here"),
            ("readme", Readme is null, "so that who joins knows where to begin"),
            ("description", Description is null && Visibility != RoomVisibility.Private, "so that the room is found"),
        })
        {
            if (missing)
            {
                hints.Add($"Set {field} {why}: POST /rooms/{RoomId}/visibility {{\"{field}\": \"…\"}}");
            }
        }

        return hints;
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Room>
    {
        public void Configure(EntityTypeBuilder<Room> builder)
        {
            builder.ToTable("rooms");
            builder.HasKey(room => room.RoomId);
        }
    }
}
