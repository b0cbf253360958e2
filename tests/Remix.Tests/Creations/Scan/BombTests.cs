using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Remix.Creations.Scan;
using Remix.Creations.Scan.Quality;
using Remix.Creations.Scan.Safety;

namespace Remix.Tests.Creations.Scan;

public class BombTests
{
    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    public static TheoryData<string> Bombs => new(
        Repeat("<div>", 300_000), Repeat("<b>", 300_000), Repeat("<svg><g>", 100_000), Repeat("<template>", 100_000),
        Repeat("<p></x>", 200_000), Repeat("<a><div>", 50_000), Repeat("<table><tr><td>", 50_000),
            Repeat("<rt>", 100_000),
        $"<div>{string.Concat(Enumerable.Range(0, 250).Select(i => $"<b a{i}>"))}</div>{Repeat("<p>a</p>", 40_000)}");

    [Theory]
    [MemberData(nameof(Bombs))]
    public void Markup_that_nests_or_multiplies_is_refused(string html)
    {
        var violation = StaticScan.Run(Subjects.Page(html)).Violations[0];
        Assert.Equal("limits", violation.Category);
        Assert.Contains("elements", violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_too_large_to_read_is_refused_unread()
    {
        var file = new ScanFile("big.js", 5L << 20, "", () => throw new InvalidOperationException("read"));
        Assert.Equal(["limits"], Subjects.Categories(Subjects.Page("<p>x</p>", file)));
    }

    [Fact]
    public void Many_findings_are_cut_off() => Assert.Equal(ScanLimits.ViolationsMax,
        StaticScan.Run(Subjects.Script(Repeat("alert(1);\n", 5_000))).Violations.Count);

    [Fact]
    public void Many_names_of_its_own_cost_no_more_than_their_number()
    {
        var script = string.Concat(Enumerable.Range(0, 40_000).Select(_ => "{let alert=1;alert(1)}\n"));
        Assert.Empty(StaticScan.Run(Subjects.Page("<p>x</p>", Subjects.File("a.js", script))).Violations);
    }

    // Each of these took time that grew with the square of its length, or would, without a bound of its own.
    [Theory]
    [InlineData("a.css", "z-index:")]
    [InlineData("a.css", "{color:")]
    [InlineData("a.js", "addEventListener('keydown',e.key,")]
    [InlineData("a.js", "fetch('//a.example',")]
    [InlineData("a.js", "let alert=(alert,[alert,{alert:alert,")]
    [InlineData("two.html", "<input id=a><label for=a>x</label>")]
    [InlineData("two.html", "<link rel=stylesheet href=b.css>")]
    [InlineData("two.html", "<script>&amp;</script>")]
    public void Long_files_of_one_scrap_are_read_to_the_end(string path, string scrap)
    {
        var times = 1_000_000 / scrap.Length;
        var subject = Subjects.Page(path is "two.html" ? Repeat(scrap, times) : "<link rel=stylesheet href=a.css>",
            Subjects.File(path, Repeat(scrap, times)), Subjects.File("b.css", Repeat(".a{color:red}", 50_000)));
        Assert.NotNull(StaticScan.Run(subject));
        Assert.NotNull(SafetyReview.Run(subject));
        Assert.NotNull(QualityScore.Of(subject));
    }

    [Fact]
    public void Any_bytes_are_scanned_in_every_kind_of_file() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]?>(), bytes => ScanEverywhere(bytes ?? [])).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_string_of_scraps_is_scanned_in_every_kind_of_file() => Prop.ForAll(
        Gen.Elements("<", ">", "</", "<script>", "</script>", "<svg>", "<style>", "url(", "\\", "@import ", "'", "\"",
            "z-index:",
            "1e9", "{", "}", "<!--", "-->", "<!DOCTYPE", "[", "]", "&a;", "<use href='#a'/>", "<g id='a'>", "</g>",
            "window", ".",
            "location", "=", "eval", "(", ")", "let ", "=>", ",", "import ", "\0", "\r", "`", "${", "/",
                "<svg xmlns='http://www.w3.org/2000/svg'>")
            .ListOf().Select(scraps => Encoding.UTF8.GetBytes(string.Concat(scraps))).ToArbitrary(), ScanEverywhere)
        .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    private static void ScanEverywhere(byte[] bytes)
    {
        foreach (var path in (string[])["index.html", "a.js", "a.mjs", "a.css", "a.svg", "a.png", "a.gif", "a.webp"])
        {
            var result = StaticScan.Run(new([ScanFile.Of(path, bytes)], "x", "", "report", [], path));
            Assert.NotNull(SafetyReview.Run(new([ScanFile.Of(path, bytes)], "x", "", "report", [], path)));
            Assert.NotNull(QualityScore.Of(new([ScanFile.Of(path, bytes)], "x", "", "report", [], path)));
            Assert.All(result.Violations, violation => Assert.NotEmpty(violation.FixHint));
        }
    }
}
