using Remix.Creations.Scan.Images;

namespace Remix.Creations.Scan.Quality;

/// <summary>What one category earned; the hint says how to earn the rest, and is absent at full marks.</summary>
internal sealed record QualityPart(string Category, int Earned, int Max, string? Hint);

/// <summary>A score from 0 to 100, the parts that add up to it, and what is worth mending.</summary>
internal sealed record QualityResult(int Score, IReadOnlyList<QualityPart> Breakdown, IReadOnlyList<string> Issues)
{
    /// <summary>From here on a creation publishes at once; below, its room's owner decides.</summary>
    public const int PublishMin = 60;

    public bool PublishesAtOnce => Score >= PublishMin;
}

/// <summary>
/// The second stage: how well a submission is made and described, judged on what it holds and nothing else.
/// </summary>
internal static class QualityScore
{
    public const string Stage = "quality_review";

    private const int TagsRecommended = 6;
    private const int TopicLengthMax = 120;

    private static readonly (int Length, int Earned)[] DescriptionSteps = [(150, 15), (80, 10), (40, 8), (1, 5)];

    private static readonly string[] Types =
    [
        "card-stack", "report", "dashboard", "application", "presentation", "media", "dataset", "document",
        "interactive", "article",
    ];

    public static QualityResult Of(ScanSubject subject)
    {
        var (html, issues) = HtmlQuality.Of(subject);
        QualityPart[] parts = [Topic(subject.Topic), Description(subject.Description), Tags(subject.Tags), html,
            Type(subject.Type), Cover(subject)];
        return new QualityResult(parts.Sum(part => part.Earned), parts, issues);
    }

    private static QualityPart Topic(string topic)
    {
        var text = topic.Trim();
        var earned = text.Length == 0 ? 0
            : 8 + (text.Contains(' ') ? 3 : 0) + (text.Length is >= 10 and <= TopicLengthMax ? 4 : 0);
        return Part("topic", earned, 15,
            "Write a topic of two words or more, 10 to 120 characters, that says what a reader will find.");
    }

    private static QualityPart Description(string description)
    {
        var length = description.Trim().Length;
        var earned = DescriptionSteps.FirstOrDefault(step => length >= step.Length).Earned;
        return Part("description", earned, 15, "Write a 150+ char description with keywords users might search for.");
    }

    private static QualityPart Tags(IReadOnlyList<string> tags)
    {
        var count = tags.Select(tag => tag.Trim()).Where(tag => tag.Length > 0)
            .Distinct(StringComparer.OrdinalIgnoreCase).Count();
        var earned = Math.Min(10, (int)Math.Round(10.0 * count / TagsRecommended, MidpointRounding.AwayFromZero));
        var missing = TagsRecommended - count;
        return Part("tags", earned, 10,
            $"Add {missing} more {(missing == 1 ? "tag" : "tags")} ({count}/{TagsRecommended} recommended). "
            + "Mix specific and broad tags.");
    }

    private static QualityPart Type(string type)
    {
        var earned = Types.Contains(type, StringComparer.OrdinalIgnoreCase) ? 10 : type.Length == 0 ? 6 : 3;
        return Part("type", earned, 10, $"Set type to one of: {string.Join(", ", Types)}.");
    }

    private static QualityPart Cover(ScanSubject subject)
    {
        var findings = new Findings(Stage);
        CoverRules.Scan(subject, findings);
        var earned = findings.Violations.Count > 0 ? 0 : findings.Issues.Count > 0 ? 6 : 10;
        return Part("cover", earned, 10,
            "Upload a cover.svg with viewBox=\"0 0 375 900\": animated, and made for this topic.");
    }

    private static QualityPart Part(string category, int earned, int max, string hint) =>
        new(category, earned, max, earned == max ? null : hint);
}
