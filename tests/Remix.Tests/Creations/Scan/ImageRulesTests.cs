using System.Text;
using Remix.Creations.Scan;

namespace Remix.Tests.Creations.Scan;

public class ImageRulesTests
{
    private const string Open = "<svg xmlns=\"http://www.w3.org/2000/svg\" "
        + "xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 375 900\">";

    [Theory]
    [InlineData("<script>1</script>", "<script>")]
    [InlineData("<g onclick=\"x()\"/>", "onclick")]
    [InlineData("<foreignObject><p xmlns=\"http://www.w3.org/1999/xhtml\">x</p></foreignObject>", "<foreignObject>")]
    [InlineData("<image href=\"https://a.example/x.png\"/>", "https://a.example/x.png")]
    [InlineData("<image xlink:href=\"//a.example/x.png\"/>", "//a.example/x.png")]
    [InlineData("<use href=\"data:image/svg+xml,x\"/>", "data:image/svg+xml,x")]
    [InlineData("<image href=\"data:image/svg+xml,x\"/>", "data:image/svg+xml,x")]
    [InlineData("<a href=\"javascript:x()\"><text>x</text></a>", "javascript:x()")]
    [InlineData("<set attributeName=\"href\" to=\"javascript:x()\"/>", "javascript:")]
    [InlineData("<rect fill=\"url(https://a.example/#x)\"/>", "https://a.example/#x")]
    [InlineData("<style>rect { fill: url(https://a.example/x) }</style>", "https://a.example/x")]
    [InlineData("<g", "not well-formed")]
    [InlineData("<g>&nbsp;</g>", "not well-formed")]
    public void Forbidden_in_an_svg(string content, string what)
    {
        var result = StaticScan.Run(Subjects.Page("<p>x</p>", Subjects.File("a.svg", $"{Open}{content}</svg>")));
        Assert.Contains(result.Violations, violation => violation.Category is "svg"
            && violation.Message.Contains(what, StringComparison.Ordinal) && violation.File is "a.svg");
    }

    [Theory]
    [InlineData("<style>@keyframes a { to { opacity: 0 } } rect { animation: a 2s; fill: url(#g) }</style>")]
    [InlineData("<defs><linearGradient id=\"g\"><stop/></linearGradient></defs><rect fill=\"url(#g)\"/><use "
        + "href=\"#g\"/>")]
    [InlineData("<text>&lt;script&gt; onclick, javascript: and &#169;</text><!-- <script>x</script> -->")]
    [InlineData("<a href=\"https://a.example\"><text>x</text></a>")]
    [InlineData("<image href=\"data:image/png;base64,xx\"/><title>one</title>")]
    [InlineData("<g id=\"g\"><animate href=\"#g\" attributeName=\"x\" to=\"1\"/></g>")]
    public void Allowed_in_an_svg(string content) =>
        Assert.Empty(StaticScan.Run(Subjects.WithCover("a.svg", Encoding.UTF8.GetBytes($"{Open}{content}</svg>")))
            .Violations);

    [Fact]
    public void Svg_bombs_are_refused()
    {
        var uses = string.Concat(Enumerable.Range(0, 9).Select(i =>
            $"<g id=\"g{i + 1}\">{string.Concat(Enumerable.Repeat($"<use href=\"#g{i}\"/>", 10))}</g>"));
        var patterns = string.Concat(Enumerable.Range(0, 9).Select(i =>
            $"<pattern id=\"g{i + 1}\">{string.Concat(Enumerable.Repeat($"<rect fill=\"url(#g{i})\"/>",
                10))}</pattern>"));
        var entities = "<!DOCTYPE svg [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>";
        foreach (var bomb in (string[])
        [
            $"{Open}<g id=\"g0\"><rect/></g>{uses}</svg>", $"{Open}<g id=\"g0\"><rect/></g>{patterns}</svg>",
            $"{Open}<g id=\"a\"><use href=\"#a\"/></g></svg>", $"{entities}{Open}<text>&b;</text></svg>",
            Open + string.Concat(Enumerable.Repeat("<g>", 100_000)), Open
                + string.Concat(Enumerable.Repeat("<g/>", 30_000)) + "</svg>",
            $"<?xml-stylesheet href=\"x.css\"?>{Open}</svg>",
        ])
            Assert.Equal(["svg"], Subjects.Categories(Subjects.Page("<p>x</p>", Subjects.File("a.svg", bomb))));
    }

    [Fact]
    public void Covers()
    {
        Assert.Empty(StaticScan.Run(Subjects.WithCover("a.png", Png(750, 1800))).Issues);
        Assert.Empty(Subjects.Categories(Subjects.WithCover("a.png", Png(10, 10))));
        Assert.NotEmpty(StaticScan.Run(Subjects.WithCover("a.png", Png(10, 10))).Issues);
        Assert.Empty(StaticScan.Run(Subjects.WithCover("a.webp", Webp(750, 1800))).Issues);
        Assert.Empty(Subjects.Categories(Subjects.WithCover("a.gif", Gif(frames: 2))));

        Assert.Equal(["cover"], Subjects.Categories(Subjects.WithCover("a.gif", Gif(frames: 1))));
        Assert.Equal(["cover"], Subjects.Categories(Subjects.WithCover("a.webp", Png(750, 1800))));
        Assert.Equal(["cover"], Subjects.Categories(Subjects.WithCover("a.jpg", [0xFF, 0xD8])));
        Assert.Equal(["cover"],
            Subjects.Categories(Subjects.WithCover("a.png", [.. Png(750, 1800), .. new byte[600_000]])));
        Assert.Equal(["cover"], Subjects.Categories(Subjects.WithCover("a.svg", "<html/>"u8.ToArray())));
        var large = Encoding.UTF8.GetBytes($"{Open}<!--{new string('x', 60_000)}--></svg>");
        Assert.Equal(["cover"], Subjects.Categories(Subjects.WithCover("a.svg", large)));

        var without = new ScanSubject([Subjects.File("index.html", "<p>x</p>")], "x", "", "report", [], "cover.svg");
        var missing = Assert.Single(StaticScan.Run(without).Violations);
        Assert.Equal(("static_scan", "cover", "Cover cover.svg is missing"),
            (missing.Stage, missing.Category, missing.Message));
    }

    [Fact]
    public void A_cover_that_was_cut_off_is_refused()
    {
        foreach (var (name, whole) in new[] { ("a.png", Png(750, 1800)), ("a.webp", Webp(750, 1800)), ("a.gif", Gif(2)) })
        {
            Assert.Empty(Subjects.Categories(Subjects.WithCover(name, whole)));
            Assert.Empty(Subjects.Categories(Subjects.WithCover(name, [.. whole, 0, 0])));
            var part = name == "a.webp" ? [.. whole[..4], 40, .. whole[5..]] : whole[..^10];
            Assert.EndsWith("its end is missing", Assert.Single(StaticScan.Run(Subjects.WithCover(name, part)).Violations).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_cover_with_a_document_type_is_told_that_and_not_that_it_is_none()
    {
        var svg = Encoding.UTF8.GetBytes($"<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"x.dtd\">{Open}</svg>");
        Assert.Contains("DOCTYPE", Assert.Single(StaticScan.Run(Subjects.WithCover("a.svg", svg)).Violations).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 0 375 900", true)]
    [InlineData("0,0,750,1800", true)]
    [InlineData("0 0 400 400", false)]
    [InlineData("none", false)]
    public void A_cover_of_another_shape_is_an_issue(string viewBox, bool isFine)
    {
        var svg = $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{viewBox}\"/>";
        var result = StaticScan.Run(Subjects.WithCover("a.svg", Encoding.UTF8.GetBytes(svg)));
        Assert.Empty(result.Violations);
        Assert.Equal(isFine, result.Issues.Count == 0);
    }

    private static byte[] Png(int width, int height) => [0x89, .. "PNG\r\n\u001a\n"u8, 0, 0, 0, 13, .. "IHDR"u8,
        0, 0, (byte)(width >> 8), (byte)width, 0, 0, (byte)(height >> 8), (byte)height, 8, 6, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, .. "IEND"u8, 0, 0, 0, 0];

    private static byte[] Webp(int width, int height) =>
        [.. "RIFF"u8, 22, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0,
        (byte)(width - 1), (byte)((width - 1) >> 8), 0, (byte)(height - 1), (byte)((height - 1) >> 8), 0];

    private static byte[] Gif(int frames)
    {
        byte[] frame = [0x21, 0xF9, 4, 0, 0, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
        return [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255,
            .. Enumerable.Repeat(frame, frames).SelectMany(bytes => bytes), 0x3B];
    }
}
