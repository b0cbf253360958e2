using System.Text;
using Remix.Creations.Scan;

namespace Remix.Tests.Creations.Scan;

public class PageRulesTests
{
    [Theory]
    [InlineData("iframe", "<iframe src=\"https://a.example\"></iframe>")]
    [InlineData("iframe", "<IFRAME srcdoc='<p>'></IFRAME>")]
    [InlineData("iframe", "<object data=\"x.pdf\"></object>")]
    [InlineData("iframe", "<embed src=\"x.swf\">")]
    [InlineData("iframe", "<template><div><iframe></iframe></div></template>")]
    [InlineData("iframe", "<noscript><p title=\"</noscript><iframe>\"></noscript>")]
    [InlineData("form_action", "<form action=\"https://a.example/collect\"><input></form>")]
    [InlineData("form_action", "<form action=\"//a.example\"></form>")]
    [InlineData("form_action", "<form action=\"ht\ntps://a.example\"></form>")]
    [InlineData("form_action", "<form action=\"/\\a.example\"></form>")]
    [InlineData("form_action", "<form action=\"mailto:a@a.example\"></form>")]
    [InlineData("form_action", "<form><button formaction=\"https://a.example\">Send</button></form>")]
    [InlineData("z_index", "<style>.a { z-index: 1000 }</style>")]
    [InlineData("z_index", "<style>.a{Z-INDEX:2147483647!important}</style>")]
    [InlineData("z_index", "<style>.a { z\\-index: 5000 } </style>")]
    [InlineData("z_index", "<style>.a { z-\\69ndex: 5000 } </style>")]
    [InlineData("z_index", "<style>.a { z-index: calc(1000 + 1) }</style>")]
    [InlineData("z_index", "<style>:root { --top: 99999 } .a { z-index: var(--top) }</style>")]
    [InlineData("z_index", "<style>.a { z-index/**/:/**/1e4 }</style>")]
    [InlineData("z_index", "<div style=\"position:fixed;z-index:9999\"></div>")]
    [InlineData("external_script", "<script src=\"https://evil.example/x.js\"></script>")]
    [InlineData("external_script", "<script src=\"http://cdn.jsdelivr.net/npm/d3\"></script>")]
    [InlineData("external_script", "<script src=\"//cdn.jsdelivr.net/npm/d3\"></script>")]
    [InlineData("external_script", "<script src=\"https://cdn.jsdelivr.net@evil.example/x.js\"></script>")]
    [InlineData("external_script", "<script src=\"https://cdn.jsdelivr.net.evil.example/x.js\"></script>")]
    [InlineData("external_script", "<script src=\"https:\\\\evil.example/x.js\"></script>")]
    [InlineData("external_script", "<script src=\" \thttps://evil.example/x.js\"></script>")]
    [InlineData("external_script", "<script src=\"&#104;ttps://evil.example/x.js\"></script>")]
    [InlineData("external_script", "<script src=\"data:text/javascript,1\"></script>")]
    [InlineData("external_script", "<svg><script href=\"https://evil.example/x.js\"></script></svg>")]
    [InlineData("external_script", "<link rel=\"modulepreload\" href=\"https://esm.sh/x.js\">")]
    [InlineData("external_script", "<script type=\"importmap\">{\"imports\":{\"x\":\"https://esm.sh/x\"}}</script>")]
    [InlineData("base_href", "<base href=\"https://a.example/\">")]
    [InlineData("meta_refresh", "<meta http-equiv=\"Refresh\" content=\"0; url=https://a.example\">")]
    [InlineData("javascript_url", "<a href=\"javascript:go()\">x</a>")]
    [InlineData("javascript_url", "<a href=\" java\nscript:go()\">x</a>")]
    [InlineData("javascript_url", "<a href=\"&#x6A;avascript:go()\">x</a>")]
    [InlineData("javascript_url", "<svg><a><animate attributeName=\"href\" values=\"#;javascript:go()\"/></a></svg>")]
    [InlineData("dialog", "<button onclick=\"alert('hi')\">x</button>")]
    [InlineData("dialog", "<button onclick=\"&#97;lert('hi')\">x</button>")]
    [InlineData("dialog", "<svg onload=\"alert(1)\"></svg>")]
    [InlineData("dialog", "<svg><script>al&#101;rt(1)</script></svg>")]
    [InlineData("dialog", "<script type=\"text/JavaScript\">alert(1)</script>")]
    [InlineData("dialog", "<script language=\"javascript\">alert(1)</script>")]
    [InlineData("redirect", "<div onclick=\"location.href='x'\"></div>")]
    public void Forbidden_in_a_page(string category, string html) =>
        Assert.Equal([category], Subjects.Categories(Subjects.Page(html)));

    [Theory]
    [InlineData("<p>Never call eval() or alert('x'), and leave document.cookie alone. &lt;iframe&gt; too.</p>")]
    [InlineData("<!-- <iframe src='https://a.example'></iframe> <script>eval(1)</script> -->")]
    [InlineData("<pre><code>&lt;script src=\"https://evil.example/x.js\"&gt;</code></pre>")]
    [InlineData("<textarea><iframe></iframe></textarea>")]
    [InlineData("<p title=\"<iframe> alert(1) z-index: 9999\">x</p>")]
    [InlineData("<script type=\"application/json\">{\"code\": \"alert(1)\"}</script>")]
    [InlineData("<script type=\"text/template\"><b>alert(1)</b></script>")]
    [InlineData("<script src=\"https://cdn.jsdelivr.net/npm/d3@7\"></script><script "
        + "src=\"https://UNPKG.com/x\"></script>")]
    [InlineData("<script src=\"app.js?v=2\"></script><script src=\"./lib/x:y.js\"></script>")]
    [InlineData("<script type=\"importmap\">{\"imports\":{\"x\":\"https://unpkg.com/x\",\"y\":\"./y.js\"}}</script>")]
    [InlineData("<form action=\"/api/send\"><button formaction=\"#x\">a</button></form><form></form>")]
    [InlineData("<style>.a { z-index: 999 } .b { z-index: -1 } .c::after { content: \"z-index: 5000\" } /* "
        + "z-index:9999 */</style>")]
    [InlineData("<style>.a { --speed: 5000 } .b { width: 5000px; z-index: var(--layer, 3) }</style>")]
    [InlineData("<style>@media (min-width: 1200px) { .a { z-index: 1; margin: 2000px } }</style>")]
    [InlineData("<a href=\"https://a.example/javascript:x\">x</a><a href=\"#javascript:\">y</a><a "
        + "href='mailto:a@b'>z</a>")]
    [InlineData("<base target=\"_blank\"><meta http-equiv=\"x-ua-compatible\" content=\"IE=edge\">")]
    [InlineData("<button onclick=\"count++; show('alert(1)')\">x</button>")]
    [InlineData("<svg viewBox=\"0 0 9 9\"><a href=\"https://a.example\"><animate attributeName=\"x\" from=\"0\" "
        + "to=\"5\"/></a></svg>")]
    [InlineData("<p id=location name=alert>one of the three</p>")]
    [InlineData("<dialog open>confirm('x')</dialog>")]
    public void Allowed_in_a_page(string html) => Assert.Empty(StaticScan.Run(Subjects.Page(html)).Violations);

    [Theory]
    [InlineData("<link rel=\"stylesheet\" href=\"https://fonts.example/css\">")]
    [InlineData("<style>@import 'https://fonts.example/css';</style>")]
    [InlineData("<style>@import url(https://fonts.example/css); .a { background: url( \"http://a.example/x.png\" ) "
        + "}</style>")]
    [InlineData("<img src=\"https://a.example/x.png\" alt=\"x\">")]
    public void What_will_not_load_is_an_issue(string html)
    {
        var result = StaticScan.Run(Subjects.Page(html));
        Assert.Empty(result.Violations);
        Assert.NotEmpty(result.Issues);
    }

    [Theory]
    [InlineData("<style>@import 'https://cdn.jsdelivr.net/x.css'; .a { background: url(data:image/png;base64,x) "
        + "url(b.png) }</style>")]
    [InlineData("<img src=\"data:image/png;base64,x\"><img src=\"a/b.png\"><link rel=canonical "
        + "href='https://a.example'>")]
    public void What_will_load_is_no_issue(string html) => Assert.Empty(StaticScan.Run(Subjects.Page(html)).Issues);

    [Fact]
    public void A_page_weighs_what_it_names_itself()
    {
        var big = ScanFile.Of("img/a.png", new byte[2 * 1024 * 1024]);
        Assert.Equal(["page_weight"],
            Subjects.Categories(Subjects.Page("<img src=\"./img/a.png?x\"><img src=\"img/a.png\">", big)));
        Assert.Empty(Subjects.Categories(Subjects.Page("<a href=\"img/a.png\">x</a><video src=\"img/a.png\"></video>",
            big)));

        var result = StaticScan.Run(Subjects.Page("<link rel=stylesheet href=a.css>", Subjects.File("a.css", "12345")));
        Assert.Equal("<link rel=stylesheet href=a.css>".Length + 5, result.PageWeightBytes);
    }

    [Fact]
    public void Other_pages_and_styles_are_scanned_too()
    {
        var subject = Subjects.Page("<p>x</p>", Subjects.File("two.html", "<iframe>"),
            Subjects.File("a/b.css", "\n\na{z-index:1000}"));
        string[] messages = [.. StaticScan.Run(subject).Violations.Select(violation => violation.Message)];
        Assert.Equal(["Forbidden: <iframe> in two.html:1", "Forbidden: z-index 1000 in a/b.css:3"], messages);
    }

    [Fact]
    public void A_missing_entry_point_is_not_the_scans_to_refuse() => Assert.Empty(
        StaticScan.Run(new([Subjects.File("cover.svg", Subjects.Cover)], "x", "", "report", [], "cover.svg"))
            .Violations);

    [Fact]
    public void Text_the_browser_would_read_otherwise_is_refused()
    {
        var utf16 = (byte[])[.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("alert(1)")];
        Assert.Equal(["encoding"], Subjects.Categories(Subjects.Page("<p>x</p>", ScanFile.Of("a.js", utf16))));
    }
}
