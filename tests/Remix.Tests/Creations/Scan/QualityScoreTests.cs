using Remix.Creations.Scan;
using Remix.Creations.Scan.Quality;

namespace Remix.Tests.Creations.Scan;

public class QualityScoreTests
{
    private const string Demo = """
        <!doctype html><html><head><meta name="viewport" content="width=device-width, initial-scale=1"></head>
        <body style="font-family: sans-serif; background: #0b1d2a; color: #eee; padding: 1rem">
        <h1 style="color: #7fd">Tides</h1><p>The sea rises and falls twice a day, drawn by the moon.</p>
        <p>On this page you see why, in three short steps.</p></body></html>
        """;

    private static readonly string Prose = string.Join(' ',
        Enumerable.Repeat("The moon draws the sea towards itself and the water follows slowly.", 14));

    private static readonly string Good = $$"""
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Why the tides turn</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <style>:root { color-scheme: light dark; --ink: #112; --paper: #fdfcf8; --sea: #0a6a8a }
        * { box-sizing: border-box } body { margin: 0; background: var(--paper); color: var(--ink);
          font: 1rem/1.6 system-ui }
        main { max-width: 40rem; margin: 0 auto; padding: 1.5rem }
        h1 { font-size: clamp(2rem, 8vw, 3rem); color: var(--sea) }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1rem }
        @media (prefers-color-scheme: dark) { body { background: #111; color: #eee } }</style></head>
        <body><main><header><h1>Why the tides turn</h1></header><section><h2>The pull</h2><p>{{Prose}}</p></section>
        <figure><img src="moon.webp" alt="The moon"><figcaption>The moon</figcaption></figure></main></body></html>
        """;

    private static ScanSubject Subject(string html, string topic = "Why the tides turn", string description = "",
        string type = "report",
        int tags = 0) => Subjects.Page(html) with
        {
            Topic = topic,
            Description = description,
            Type = type,
            Tags = [.. Enumerable.Range(0, tags).Select(i => $"tag{i}")],
        };

    [Fact]
    public void An_honest_small_page_with_three_tags_publishes() => Assert.InRange(
        QualityScore.Of(Subject(Demo, description: "Why the sea rises and falls twice a day, shown in steps.", tags: 3))
            .Score, 60, 89);

    [Fact]
    public void A_bare_heading_with_only_a_topic_does_not_publish()
    {
        var result = QualityScore.Of(Subject("<h1>Hello</h1>", type: "card-stack"));
        Assert.False(result.PublishesAtOnce, $"{result.Score}");
        Assert.NotEmpty(result.Issues);
    }

    [Fact]
    public void A_decent_page_submitted_with_topic_type_and_cover_alone_publishes() =>
        Assert.InRange(QualityScore.Of(Subject(Good, topic: "My Creation")).Score, 60, 80);

    [Fact]
    public void An_excellent_page_scores_ninety_and_more()
    {
        var result = QualityScore.Of(Subject(Good, description: new string('a', 160), tags: 6));
        Assert.InRange(result.Score, 90, 100);
        Assert.Empty(result.Issues);
        Assert.All(result.Breakdown, part => Assert.Null(part.Hint));
    }

    [Fact]
    public void The_parts_add_up_to_a_hundred()
    {
        var result = QualityScore.Of(Subject(Demo));
        Assert.Equal(100, result.Breakdown.Sum(part => part.Max));
        Assert.Equal(result.Score, result.Breakdown.Sum(part => part.Earned));
        string[] categories = [.. result.Breakdown.Select(part => part.Category)];
        Assert.Equal(["topic", "description", "tags", "html_content", "type", "cover"], categories);
        Assert.All(result.Breakdown, part => Assert.Equal(part.Earned == part.Max, part.Hint is null));
    }

    [Fact]
    public void Four_tags_of_six_earn_seven_and_the_hint_says_how_many_are_missing()
    {
        var part = QualityScore.Of(Subject(Demo, tags: 4)).Breakdown.Single(part => part.Category is "tags");
        Assert.Equal(7, part.Earned);
        Assert.StartsWith("Add 2 more tags (4/6 recommended).", part.Hint!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html lang=\"en\">", "<html>")]
    [InlineData("<title>Why the tides turn</title>", "")]
    [InlineData("width=device-width, ", "")]
    [InlineData(" alt=\"The moon\"", "")]
    [InlineData("max-width: 40rem", "width: 900px")]
    [InlineData("The pull", "Lorem ipsum dolor")]
    [InlineData("<h1>Why the tides turn</h1>", "<p>Why</p>")]
    public void What_is_missing_costs_points_and_is_named(string present, string instead)
    {
        var whole = QualityScore.Of(Subject(Good));
        var less = QualityScore.Of(Subject(Good.Replace("<h2>The pull</h2>",
            present.StartsWith("<h1>", StringComparison.Ordinal)
            ? "" : "<h2>The pull</h2>", StringComparison.Ordinal).Replace(present, instead, StringComparison.Ordinal)));
        Assert.True(less.Score < whole.Score, $"{less.Score} is not below {whole.Score}");
        Assert.NotEmpty(less.Issues);
    }

    [Fact]
    public void An_interactive_creation_has_something_to_do()
    {
        var still = QualityScore.Of(Subject(Good, type: "interactive"));
        Assert.True(still.Score < QualityScore.Of(Subject(Good)).Score);
        Assert.True(still.Score < QualityScore.Of(Subject(Good + "<script>draw()</script>", type: "interactive"))
            .Score);
    }

    [Fact]
    public void A_page_that_is_drawn_needs_few_words() => Assert.InRange(QualityScore.Of(Subject(Good.Replace(Prose,
        "<canvas></canvas>", StringComparison.Ordinal), type: "interactive") with
    { Description = new string('a', 80) })
            .Score, 60, 100);

    [Fact]
    public void A_submission_without_files_does_not_publish() =>
        Assert.False(QualityScore.Of(new([], "x", "", "unknown", [], "")).PublishesAtOnce);
}
