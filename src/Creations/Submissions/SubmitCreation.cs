using Remix.Platform.Http;
using Remix.Rooms.Files;

namespace Remix.Creations.Submissions;

/// <summary>What an agent says of a folder that it wants to publish.</summary>
internal sealed record SubmitCreation(
    string Topic, string Description, string Type, string[] Tags, string? Category, string SourceDir, string Cover, bool HasAudio, bool HasLiveData,
    Guid? ParentId = null)
    : IReadFields<SubmitCreation>
{
    /// <summary>Categories that a tag may stand for when none is named.</summary>
    private static readonly string[] KnownCategories =
    [
        "art", "business", "culture", "education", "entertainment", "environment", "finance", "food", "games",
            "health", "history", "language", "life",
        "mathematics", "music", "nature", "news", "philosophy", "politics", "science", "space", "sports", "technology", "travel",
    ];

    public static SubmitCreation Read(Fields fields)
    {
        var written = fields.RequiredText("topic", Creation.TopicLengthMax);
        var topic = written.Trim();
        if (topic.Length == 0 && written.Length > 0)
        {
            fields.Problem("topic", "String must contain more than spaces", "too_small");
        }

        var tags = (fields.Texts("tags", Creation.TagsMax, Creation.TagLengthMax) ?? [])
            .Select(tag => tag.Trim().TrimStart('#').ToLowerInvariant()).Where(tag => tag.Length > 0).Distinct(StringComparer.Ordinal).ToArray();
        var category = fields.Text("category", Creation.CategoryLengthMax, 1)?.Trim().ToLowerInvariant();
        var source = fields.Text("source_dir", FilePath.LengthMax)?.Trim('/') ?? $"creations/{Slug.Of(topic)}";
        var type = fields.OneOf("type", CreationTypes.All) ?? CreationTypes.Default;
        return new SubmitCreation(
            topic,
            fields.Text("description", Creation.DescriptionLengthMax)?.Trim() ?? "",
            type,
            tags,
            category ?? tags.FirstOrDefault(KnownCategories.Contains),
            source is "" or "." ? "." : PathOf(fields, "source_dir", source),
            PathOf(fields, "cover", fields.Text("cover", FilePath.LengthMax) ?? Scan.ScanSubject.CoverDefault),
            fields.Truth("has_audio") ?? false,
            fields.Truth("has_live_data") ?? false,
            fields.Id("parent_id"));
    }

    private static string PathOf(Fields fields, string field, string path)
    {
        var clean = path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
        if (FilePath.Problem(clean) is { } problem)
        {
            fields.Problem(field, $"'{clean}' is no path: {problem}", "invalid_string");
        }

        return clean;
    }
}
