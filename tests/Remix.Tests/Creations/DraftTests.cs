using Remix.Tests.Support;

namespace Remix.Tests.Creations;

public class DraftTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task The_working_tree_is_seen_with_all_that_the_page_loads()
    {
        var room = await world.NewRoom(world.Atlas);
        (await world.Atlas.Upload(room, "index.html", "<!doctype html><html><head><title>D</title></head><body></body></html>")).Ok();
        (await world.Atlas.Upload(room, "js/app.js", "export const a = 1;")).Ok();
        (await world.Atlas.Upload(room, "worker.js", "export default {}")).Ok();
        var draft = (await world.Atlas.Get($"/rooms/{room}/draft-token")).Ok(200);
        Assert.Equal(300, draft.Number("expires_in"));
        var url = new Uri(draft.String("url"));
        Assert.Equal($"{room.Replace("/", "--rooms-", StringComparison.Ordinal)}.localhost:{world.Settings.Port}", url.Authority);
        Assert.Equal(($"/draft/index.html", $"?_t={draft.String("token")}"), (url.AbsolutePath, url.Query));
        Assert.Equal(2, draft.String("token").Split('.').Length);

        var moved = await Visit(url, url.PathAndQuery);
        Assert.Equal(302, moved.Status);
        var page = (await Visit(url, moved.Header("Location")!)).Ok(200);
        Assert.Contains("<script>", page.Text, StringComparison.Ordinal);
        Assert.Contains("sandbox allow-scripts", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("allow-same-origin", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal(("no-referrer", "no-store"), (page.Header("Referrer-Policy"), page.Header("Cache-Control")));

        var root = moved.Header("Location")![..^"index.html".Length];
        var script = (await Visit(url, root + "js/app.js")).Ok(200);
        Assert.Equal(("text/javascript; charset=utf-8", "*"), (script.Header("Content-Type"), script.Header("Access-Control-Allow-Origin")));
        Assert.Contains("<title>D", (await Visit(url, root)).Ok().Text, StringComparison.Ordinal);
        (await Visit(url, root + "worker.js")).Refused(404, "NOT_FOUND");
        (await Visit(url, root + "none.css")).Refused(404, "NOT_FOUND");
        Assert.Equal(200, (await world.Nobody.Get(root + "js/app.js")).Status);
    }

    [Fact]
    public async Task Addresses_that_begin_with_a_slash_lead_into_the_folder_that_would_be_published()
    {
        var room = await world.NewRoom(world.Atlas);
        const string page = """
            <!doctype html><html><head><title>D</title><link rel="stylesheet" href="/css/a.css"><style>p { background: url(/bg.png) }</style>
            <script type="module">import { a } from '/js/app.js';</script></head>
            <body style="background:url('/b.png')"><img src=" /i.png" srcset="/i.png 1x, /j.png 2x, k.png 3x"><a href="//a.example/x">x</a>
            <a href="/">home</a><img src="i.png"><script src="https://unpkg.com/x.js"></script><p>/not/an/address &amp; "quoted"</p></body></html>
            """;
        foreach (var (path, content) in new[]
        {
            ("creations/tide/index.html", page), ("creations/tide/sub/page.html", "<img src=\"/i.png\">"), ("creations/tide/i.png", "png"),
            ("creations/tide/css/a.css", "@import '/b.css'; p { background: url( \"/bg.png\" ), url(//a.example/c.png), url(d.png) }"),
        })
        {
            (await world.Atlas.Upload(room, path, content)).Ok();
        }

        foreach (var host in new[] { (string?)null, $"127.0.0.1:{world.Settings.Port}" })
        {
            (string, string)[] asked = host is null ? [] : [("Host", host)];
            var url = new Uri((await world.Atlas.Get($"/rooms/{room}/draft-token?path=creations/tide/index.html", asked)).Ok().String("url"));
            var start = (await Visit(url, url.PathAndQuery)).Header("Location")!;
            var root = start[..^"index.html".Length];
            var shown = (await Visit(url, start)).Ok().Text;
            foreach (var expected in new[]
            {
                $"href=\"{root}css/a.css\"", $"url({root}bg.png)", $"url('{root}b.png')", $"src=\"{root}i.png\"",
                $"srcset=\"{root}i.png 1x, {root}j.png 2x, k.png 3x\"", "href=\"//a.example/x\"", $"href=\"{root}\"", "src=\"i.png\"",
                "src=\"https://unpkg.com/x.js\"", "/not/an/address &amp; \"quoted\"", $"\"/\":\"{root}\"", $"data-root=\"{root}\"",
            })
            {
                Assert.Contains(expected, shown, StringComparison.Ordinal);
            }

            Assert.Equal("png", (await Visit(url, root + "i.png")).Ok().Text);
            Assert.Contains("home", (await Visit(url, root)).Ok().Text, StringComparison.Ordinal);
            Assert.Contains($"src=\"{root}i.png\"", (await Visit(url, root + "sub/page.html")).Ok().Text, StringComparison.Ordinal);
            Assert.Equal($"@import '{root}b.css'; p {{ background: url( \"{root}bg.png\" ), url(//a.example/c.png), url(d.png) }}",
                (await Visit(url, root + "css/a.css")).Ok().Text);
        }
    }

    [Fact]
    public async Task What_was_written_last_is_shown_first()
    {
        var room = await world.NewRoom(world.Atlas);
        Assert.EndsWith("/draft/index.html", await PathOf(room), StringComparison.Ordinal);
        (await world.Atlas.Upload(room, "creations/a/index.html", "<p>a")).Ok();
        await Task.Delay(2);
        (await world.Atlas.Upload(room, "creations/b/index.html", "<p>b")).Ok();
        Assert.EndsWith("/draft/creations/b/index.html", await PathOf(room), StringComparison.Ordinal);
        Assert.EndsWith("/draft/creations/a/index.html", await PathOf(room, "?path=creations/a/index.html"), StringComparison.Ordinal);
        (await world.Atlas.Get($"/rooms/{room}/draft-token?path=../x")).Refused(400, "INVALID_PATH");
    }

    [Fact]
    public async Task A_token_opens_its_own_room_for_five_minutes()
    {
        var clock = new FakeClock();
        await using var own = await World.Start(configure: services => services.Replace(clock));
        (await own.Atlas.Upload(World.Lab, "index.html", "<p>lab")).Ok();
        (await own.Atlas.Upload(World.Den, "index.html", "<p>den")).Ok();
        var token = (await own.Atlas.Get($"/rooms/{World.Lab}/draft-token")).Ok().String("token");
        var host = ("Host", $"alice--rooms-lab.localhost:{own.Settings.Port}");
        (await own.Nobody.Get($"/draft/~{token}/index.html", host)).Ok();
        (await own.Nobody.Get($"/draft/~{token}/index.html", ("Host", $"alice--rooms-den.localhost:{own.Settings.Port}")))
            .Refused(403, "DRAFT_TOKEN_INVALID");
        (await own.Nobody.Get($"/draft/~{token}x/index.html", host)).Refused(403, "DRAFT_TOKEN_INVALID");
        (await own.Nobody.Get("/draft/~x/index.html", host)).Refused(403, "DRAFT_TOKEN_INVALID");
        (await own.Nobody.Get("/draft/index.html", host)).Refused(403, "DRAFT_TOKEN_MISSING");
        clock.Advance(TimeSpan.FromMinutes(5));
        (await own.Nobody.Get($"/draft/~{token}/index.html", host)).Refused(403, "DRAFT_TOKEN_EXPIRED");
        (await own.Nobody.Get($"/draft/index.html?_t={token}", host)).Refused(403, "DRAFT_TOKEN_EXPIRED");
    }

    [Fact]
    public async Task Who_may_not_read_the_room_has_no_preview()
    {
        (await world.Fox.Get($"/rooms/{World.Den}/draft-token")).Refused(404, "NOT_FOUND");
        (await world.Nobody.Get($"/rooms/{World.Lab}/draft-token")).Refused(401, "TOKEN_MISSING");
        var room = await world.NewRoom(world.Atlas, new(StringComparer.Ordinal) { ["visibility"] = "private" }, world.Rover);
        (await world.Atlas.Upload(room, "index.html", "<p>x")).Ok();
        var token = (await world.Rover.Get($"/rooms/{room}/draft-token")).Ok().String("token");
        (await world.Nobody.Get($"/draft/~{token}/")).Ok();
        (await world.Rover.Post($"/rooms/{room}/leave")).Ok();
        (await world.Nobody.Get($"/draft/~{token}/")).Refused(403, "ACCESS_LOST");
    }

    [Fact]
    public async Task Nothing_else_answers_on_the_host_of_a_draft()
    {
        var host = ("Host", $"alice--rooms-lab.localhost:{world.Settings.Port}");
        foreach (var path in new[] { "/", "/rooms/alice/lab", "/creations/feed", "/login", "/health/live", "/draft" })
        {
            (await world.Alice.Get(path, host)).Refused(404, "NOT_FOUND");
        }
    }

    [Theory]
    [InlineData("a--rooms-b", "c")]
    [InlineData("xn--a", "c")]
    [InlineData("u_r", "c")]
    [InlineData("long-name-long-name-long-name-long-name", "long-name-long-name-long-name-long-name")]
    public async Task Names_that_a_host_cannot_hold_have_a_host_too(string userId, string leaf)
    {
        var user = await world.NewUser(userId);
        (await user.Post("/rooms", new { room_id = $"{userId}/{leaf}" })).Ok(201);
        (await user.Upload($"{userId}/{leaf}", "index.html", "<p>here")).Ok();
        var url = new Uri((await user.Get($"/rooms/{userId}/{leaf}/draft-token")).Ok().String("url"));
        Assert.Matches(@"^h[0-9a-f]{40}--rooms-draft\.localhost$", url.Host);
        (await Visit(url, (await Visit(url, url.PathAndQuery)).Header("Location")!)).Ok();
    }

    [Fact]
    public async Task Where_hosts_have_no_names_a_path_serves()
    {
        var room = await world.NewRoom(world.Atlas);
        (await world.Atlas.Upload(room, "index.html", "<p>here")).Ok();
        var url = (await world.Atlas.Get($"/rooms/{room}/draft-token", ("Host", $"127.0.0.1:{world.Settings.Port}"))).Ok().String("url");
        Assert.StartsWith($"http://127.0.0.1:{world.Settings.Port}/draft/index.html?_t=", url, StringComparison.Ordinal);
        var moved = await world.Nobody.Get(new Uri(url).PathAndQuery);
        var page = (await world.Nobody.Get(moved.Header("Location")!)).Ok();
        Assert.Contains("sandbox allow-scripts", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    private async Task<string> PathOf(string room, string query = "") =>
        new Uri((await world.Atlas.Get($"/rooms/{room}/draft-token{query}")).Ok().String("url")).AbsolutePath;

    private Task<Answer> Visit(Uri url, string path) => world.Nobody.Get(path, ("Host", url.Authority));
}
