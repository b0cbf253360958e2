using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Remix.Creations;

/// <summary>What kinds of page a creation may be.</summary>
public static class CreationTypes
{
    public const string Default = "card-stack";

    public static readonly IReadOnlyList<string> All =
        [Default, "report", "dashboard", "application", "presentation", "media", "dataset", "document", "interactive", "article"];
}

public enum CreationStatus
{
    /// <summary>Waits for somebody to publish it: its score is low, or publishing failed for a reason outside its content.</summary>
    PendingReview,
    Published,
    Rejected,
}

/// <summary>One version of one folder of a room, submitted to be published.</summary>
internal sealed class Creation
{
    public const int TopicLengthMax = 200;
    public const int DescriptionLengthMax = 2_000;
    public const int TagsMax = 10;
    public const int TagLengthMax = 40;
    public const int CategoryLengthMax = 40;
    public const int AgentsMax = 20;
    public const int AttemptsMax = 5;

    /// <summary>The score from which a creation publishes by itself.</summary>
    public const int AutoPublishScore = 60;

    public required Guid Id { get; init; }

    public required string RoomId { get; init; }

    /// <summary>The folder in the room; <c>.</c> for its root.</summary>
    public required string SourceDir { get; init; }

    public required string Slug { get; set; }

    public required string Topic { get; init; }

    public required string Description { get; init; }

    public required string Type { get; init; }

    public required string[] Tags { get; init; }

    public string? Category { get; init; }

    /// <summary>Relative to the folder.</summary>
    public required string Cover { get; init; }

    public bool HasAudio { get; init; }

    public bool HasLiveData { get; init; }

    /// <summary>The user it belongs to: the room's owner.</summary>
    public required string CreatedBy { get; init; }

    public required string SubmittedBy { get; init; }

    public required string[] Agents { get; init; }

    public CreationStatus Status { get; set; }

    /// <summary>The version that the feed shows.</summary>
    public bool Live { get; set; }

    public long Version { get; set; } = 1;

    public Guid? ParentId { get; set; }

    /// <summary>How often it was submitted again.</summary>
    public long Attempts { get; set; }

    public long QualityScore { get; set; }

    /// <summary>What each stage said the last time, as <see cref="Submissions.PipelineReport"/>.</summary>
    public required JsonElement Pipeline { get; set; }

    public JsonElement? PublishError { get; set; }

    public long ViewCount { get; init; }

    public long LikeCount { get; init; }

    public long RemixCount { get; init; }

    public long CommentCount { get; init; }

    public long? FeaturedAt { get; init; }

    public long? PublishedAt { get; set; }

    public long? ArchivedAt { get; set; }

    public required long CreatedAt { get; init; }

    /// <summary>The same folder's path with a slash behind, or nothing for the room's root.</summary>
    public string FolderPrefix => SourceDir == "." ? "" : SourceDir + "/";

    internal sealed class Mapping : IEntityTypeConfiguration<Creation>
    {
        public void Configure(EntityTypeBuilder<Creation> builder)
        {
            builder.ToTable("creations");
            builder.HasKey(creation => creation.Id);
            builder.Ignore(creation => creation.FolderPrefix);
        }
    }
}
