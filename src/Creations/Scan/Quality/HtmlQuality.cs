using System.Text.RegularExpressions;

namespace Remix.Creations.Scan.Quality;

/// <summary>The 40 points of the page itself: each check earns its points or names what is missing.</summary>
internal sealed partial class HtmlQuality
{
    private const RegexOptions Options =
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    public const int Max = 40;

    private const int PlaceholderPenalty = 6;
    private const int NotInteractivePenalty = 4;

    /// <summary>Words that a drawn page is credited with for what it draws.</summary>
    private const int DrawnWords = 60;

    private static readonly (int Words, int Points)[] TextSteps = [(150, 8), (80, 7), (40, 5), (15, 3), (5, 1)];

    private readonly List<string> issues = [];
    private int earned;

    [GeneratedRegex(@"\blorem ipsum\b|\b(your|insert) (text|content|title) here\b|\bTODO:|\[placeholder\]",
        Options)]
    private static partial Regex Placeholder { get; }

    public static (QualityPart Part, IReadOnlyList<string> Issues) Of(ScanSubject subject)
    {
        var quality = new HtmlQuality();
        if (PageFacts.Of(subject) is { } facts) quality.Judge(facts, subject.Type);
        else quality.issues.Add("Upload index.html at the root of source_dir.");

        var total = Math.Clamp(quality.earned, 0, Max);
        var hint = total == Max ? null : string.Join(' ', quality.issues.Take(3));
        return (new QualityPart("html_content", total, Max, hint), quality.issues);
    }

    private void Judge(PageFacts page, string type)
    {
        var styles = page.Styles;
        Check(page.HasViewport ? 5 : 0, 5,
            "Add <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">.");
        Words(page);
        Check(page.Count("h1") + page.Count("h2") > 0 ? 4 : page.Count("h3") > 0 ? 2 : 0, 4,
            "Add an <h1> that says what the page is about.");
        Check(page.HasCdnStyles || styles.Declarations >= 8 ? 4 : styles.Declarations > 0 ? 2 : 0, 4,
            "Style the page: type sizes, spacing, colours.");
        Check(Math.Min(4, (page.HasCdnStyles ? 2 : 0) + (2 * styles.Adaptations)), 4,
            "Fit every screen: relative units, max-width, flex or grid, a media query.");
        Check(Math.Min(3, 2 * page.Semantic), 3,
            "Use semantic elements: <main>, <section>, <article>, <figure>, lists.");
        Check(page.Title.Length > 0 ? 3 : 0, 3, "Add a <title>.");
        Check(page.HasLanguage ? 2 : 0, 2, "Say the language: <html lang=\"en\">.");
        Check(styles.FixedWidths + page.WideAttributes == 0 ? 3 : 0, 3,
            "Avoid widths above 375px: the page scrolls sideways on a phone.");
        Check(page.ImagesWithoutAlt == 0 ? 2 : 0, 2, "Give every <img> an alt text.");
        Check(page.HasCdnStyles || styles.HasColorScheme || styles.Colors >= 2 ? 2 : 0, 2,
            "Choose colours for text and background, and support light and dark.");
        Penalties(page, type);
    }

    private void Words(PageFacts page)
    {
        var words = page.Words + (page.IsDrawn ? DrawnWords : 0);
        Check(TextSteps.FirstOrDefault(step => words >= step.Words).Points, TextSteps[0].Points,
            $"Say more: the page shows {page.Words} words, 150 make a good read.");
    }

    private void Penalties(PageFacts page, string type)
    {
        if (Placeholder.IsMatch(page.Text))
        {
            earned -= PlaceholderPenalty;
            issues.Insert(0, "Replace the placeholder text with real content.");
        }
        if (type is "interactive" or "application" or "dashboard" && !page.IsInteractive)
        {
            earned -= NotInteractivePenalty;
            issues.Insert(0, $"Give the reader something to do: a creation of type {type} has controls or a script.");
        }
    }

    private void Check(int points, int max, string issue)
    {
        earned += points;
        if (points < max) issues.Add(issue);
    }
}
