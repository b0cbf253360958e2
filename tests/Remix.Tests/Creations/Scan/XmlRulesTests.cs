using Remix.Creations.Scan;

namespace Remix.Tests.Creations.Scan;

/// <summary>XML runs scripts in a browser that opens it, when its namespaces or a stylesheet say so.</summary>
public class XmlRulesTests
{
    private const string Page = "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>x</title></head><body>{0}</body></html>";

    [Theory]
    [InlineData("<script>parent.postMessage(document.cookie)</script>", "cookie")]
    [InlineData("<title><script>document.cookie</script></title>", "cookie")]
    [InlineData("<style><script><![CDATA[document.cookie]]></script></style>", "cookie")]
    [InlineData("<textarea><iframe src=\"https://a.example\"/></textarea>", "iframe")]
    [InlineData("<p onclick=\"document.cookie\">x</p>", "cookie")]
    [InlineData("<a href=\"javascript:x()\">x</a>", "javascript_url")]
    [InlineData("<script src=\"https://a.example/x.js\"/>", "external_script")]
    [InlineData("<p>x", "xml")]
    public void Forbidden_in_any_xml_that_a_browser_shows(string content, string category)
    {
        var page = string.Format(System.Globalization.CultureInfo.InvariantCulture, Page, content);
        foreach (var name in new[] { "a.xml", "a.xhtml", "a.xht", "feed.rss", "a.XML", "a.xsl" })
        {
            if (name is "feed.rss" && Remix.Rooms.Files.ContentTypes.Of(name) == Remix.Rooms.Files.ContentTypes.Unknown)
            {
                continue;
            }

            Assert.Contains(category, Subjects.Categories(Subjects.Page("<p>x</p>", Subjects.File(name, page))));
        }
    }

    [Theory]
    [InlineData("<?xml-stylesheet type=\"text/xsl\" href=\"a.xsl\"?><data/>", "xml")]
    [InlineData("<!DOCTYPE data [<!ENTITY a \"<script xmlns='http://www.w3.org/1999/xhtml'>1</script>\">]><data>&a;</data>", "xml")]
    [InlineData("<data><a:script xmlns:a=\"http://www.w3.org/1999/xhtml\">document.cookie</a:script></data>", "cookie")]
    [InlineData("<data><s:svg xmlns:s=\"http://www.w3.org/2000/svg\"><s:script>document.cookie</s:script></s:svg></data>", "cookie")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:l=\"http://www.w3.org/1999/xlink\"><a l:href=\"javascript:x()\"/></svg>",
        "javascript_url")]
    [InlineData("<data", "xml")]
    [InlineData("", "xml")]
    public void Forbidden_in_xml(string content, string category) =>
        Assert.Contains(category, Subjects.Categories(Subjects.Page("<p>x</p>", Subjects.File("a.xml", content))));

    [Theory]
    [InlineData("<?xml version=\"1.0\" encoding=\"UTF-8\"?><data><script>document.cookie</script><a onclick=\"document.cookie\"/></data>")]
    [InlineData("<!DOCTYPE data><data a=\"1\">&lt;script&gt; <![CDATA[<script>document.cookie</script>]]></data>")]
    [InlineData("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><url><loc>https://a.example/</loc></url></urlset>")]
    [InlineData("<rss version=\"2.0\"><channel><link>https://a.example</link><item><title>One</title></item></channel></rss>")]
    [InlineData("<feed xmlns=\"http://www.w3.org/2005/Atom\"><content type=\"xhtml\">"
        + "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Hi</p></div></content></feed>")]
    [InlineData("<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><script>let a = 1 &lt; 2;</script></head></html>")]
    public void Allowed_in_xml(string content) =>
        Assert.Empty(Subjects.Categories(Subjects.Page("<p>x</p>", Subjects.File("data.xml", content))));

    [Fact]
    public void What_is_served_as_a_page_is_read_as_one_whatever_it_is_called() =>
        Assert.Equal(["cookie"], Subjects.Categories(Subjects.Page("<p>x</p>", Subjects.File("a.hxt", "<script>document.cookie</script>"))));

    /// <summary>Otherwise its first line could name another encoding, in which it says something else.</summary>
    [Theory]
    [InlineData("a.xml")]
    [InlineData("a.xhtml")]
    [InlineData("a.svg")]
    [InlineData("a.atom")]
    public void Xml_is_served_in_the_encoding_in_which_it_was_read(string path) =>
        Assert.EndsWith("xml; charset=utf-8", Remix.Creations.Serving.Publisher.Served(path), StringComparison.Ordinal);

    [Fact]
    public void Bombs_are_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("<a>", 50_000)) + string.Concat(Enumerable.Repeat("</a>", 50_000));
        var wide = $"<a>{string.Concat(Enumerable.Repeat("<b/>", 400_000))}</a>";
        foreach (var bomb in new[] { deep, wide })
        {
            Assert.Equal(["limits"], Subjects.Categories(Subjects.Page("<p>x</p>", Subjects.File("a.xml", bomb))));
        }
    }
}
