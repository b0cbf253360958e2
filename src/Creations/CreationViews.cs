using Remix.Platform.Data;
using Remix.Platform.Text;

namespace Remix.Creations;

/// <summary>A creation as the wire shows it.</summary>
public sealed record CreationView(
    Guid Id, string Slug, string RoomId, string SourceDir, string Topic, string Description, string Type,
        string[] Tags, string? Category, string Status,
    string? CoverUrl, string? ThumbnailUrl, string? ContentUrl, string CreatedBy, string[] Agents, long Version,
        Guid? ParentId, bool Live, bool Archived,
    bool HasAudio, bool HasLiveData, bool Featured, long ViewCount, long LikeCount, long RemixCount, long CommentCount, long QualityScore,
    DateTime? PublishedAt, DateTime CreatedAt)
{
    /// <summary>Of a published creation.</summary>
    public static CreationView Of(CreationSummary creation, CreationAddresses addresses) => new(
        creation.Id, creation.Slug, creation.RoomId, creation.SourceDir, creation.Topic, creation.Description,
            creation.Type, creation.Tags, creation.Category,
        "published", addresses.Cover(creation.Id), addresses.Cover(creation.Id), addresses.Content(creation.Id), creation.CreatedBy, creation.Agents,
        creation.Version, creation.ParentId, creation.Live, !creation.Live, creation.HasAudio, creation.HasLiveData, creation.FeaturedAt is not null,
        creation.ViewCount, creation.LikeCount, creation.RemixCount, creation.CommentCount, creation.QualityScore, creation.PublishedAt.ToTime(),
        creation.CreatedAt.ToTime());

    internal static CreationView Of(Creation creation, CreationAddresses addresses)
    {
        var published = creation.Status == CreationStatus.Published;
        return new CreationView(
            creation.Id, creation.Slug, creation.RoomId, creation.SourceDir, creation.Topic, creation.Description, creation.Type, creation.Tags,
            creation.Category, EnumText.Of(creation.Status), published ? addresses.Cover(creation.Id) : null,
                published ? addresses.Cover(creation.Id) : null,
            published ? addresses.Content(creation.Id) : null, creation.CreatedBy, creation.Agents, creation.Version,
                creation.ParentId, creation.Live,
            creation.ArchivedAt is not null, creation.HasAudio, creation.HasLiveData,
                creation.FeaturedAt is not null, creation.ViewCount, creation.LikeCount,
            creation.RemixCount, creation.CommentCount, creation.QualityScore, creation.PublishedAt.ToTime(), creation.CreatedAt.ToTime());
    }
}
