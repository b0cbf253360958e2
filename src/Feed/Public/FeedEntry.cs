using Remix.Creations;

namespace Remix.Feed.Public;

/// <summary>A creation in the index, with what is compared often worked out once.</summary>
internal sealed class FeedEntry(CreationSummary creation)
{
    public CreationSummary Creation { get; } = creation;

    public HashSet<string> Tags { get; } = new(creation.Tags, StringComparer.OrdinalIgnoreCase);

    /// <summary>What it is about, as far as the feed tells things apart: its category, else its first tag.</summary>
    public string? Topic => Creation.Category ?? (Creation.Tags.Length > 0 ? Creation.Tags[0] : null);

    /// <summary>
    /// Engagement over age: likes and remixes weigh most, views by their logarithm, and time pulls all down with the
    /// exponent that Hacker News made known.
    /// </summary>
    public double RankAt(long nowMs)
    {
        var hours = Math.Max(0, nowMs - Creation.PublishedAt) / 3_600_000.0;
        var engagement = 1 + 3.0 * Creation.LikeCount + 5.0 * Creation.RemixCount + 2.0 * Creation.CommentCount
            + Math.Log2(1 + Creation.ViewCount) + Creation.QualityScore / 50.0;
        return engagement / Math.Pow(hours + 2, 1.5);
    }
}
