using System.IO.Compression;
using System.Text.RegularExpressions;
using Remix.Tests.Support;

namespace Remix.Tests.Pages;

/// <summary>What the first answer of each page holds; what happens in it is for a browser to see.</summary>
public partial class FeedPageTests(World world) : IClassFixture<World>
{
    private const int ScriptBytesMax = 40 * 1024;

    [GeneratedRegex("""(?:src|href)="(?<path>/assets/[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Assets { get; }

    [GeneratedRegex("""(?:from\s+|import\s+|import\(\s*)["'](?<path>\.{1,2}/[^"']+)["']""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Imports { get; }

    [Fact]
    public async Task The_feed_shows_the_newest_and_carries_the_first_page()
    {
        var made = await world.Atlas.Publish(World.Lab, null, new() { ["topic"] = "A <script>alert(1)</script> & \"quoted\" topic" });
        var page = (await world.Nobody.Get("/")).Ok();
        Assert.Equal("text/html; charset=utf-8", page.Header("Content-Type"));
        Assert.Contains("id=\"first-page\"", page.Text, StringComparison.Ordinal);
        Assert.Contains(made.Id(), page.Text, StringComparison.Ordinal);
        Assert.Contains($"/c/{made.String("slug")}", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page.Text, StringComparison.Ordinal);
        (await world.Nobody.Get("/?sort=ranked")).Ok();
    }

    [Fact]
    public async Task An_empty_feed_says_how_to_begin()
    {
        await using var empty = await World.Start();
        Assert.Contains("href=\"/create\"", (await empty.Nobody.Get("/")).Ok().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_creation_has_an_address_of_its_own_with_a_preview()
    {
        var made = await world.Atlas.Publish(World.Lab, null, new() { ["topic"] = "Ebb \"and\" <b>flow</b>" });
        var bySlug = (await world.Nobody.Get($"/c/{made.String("slug")}")).Ok().Text;
        Assert.Contains($"<meta property=\"og:image\" content=\"{made.String("cover_url")}\"", bySlug, StringComparison.Ordinal);
        Assert.Contains($"<link rel=\"canonical\" href=\"{world.BaseUrl}/c/{made.String("slug")}\"", bySlug, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>flow", bySlug, StringComparison.Ordinal);
        Assert.Equal(bySlug, (await world.Nobody.Get($"/c/{made.Id()}")).Ok().Text);
        foreach (var missing in new[] { "no-such-creation", Guid.NewGuid().ToString(), "%3Cscript%3E" })
        {
            var page = await world.Nobody.Get($"/c/{missing}");
            Assert.Equal((404, "text/html; charset=utf-8"), (page.Status, page.Header("Content-Type")));
        }
    }

    [Fact]
    public async Task A_readable_address_shows_the_newest_version_and_an_id_the_one_it_names()
    {
        var first = await world.Atlas.Publish(World.Lab);
        var second = await world.Atlas.Publish(World.Lab, first.String("source_dir"));
        Assert.Contains(second.Id(), (await world.Nobody.Get($"/c/{first.String("slug")}")).Ok().Text, StringComparison.Ordinal);
        Assert.Contains(first.Id(), (await world.Nobody.Get($"/c/{first.Id()}")).Ok().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Our_pages_run_our_own_scripts_only_and_are_framed_by_nobody()
    {
        var made = await world.Atlas.Publish(World.Lab);
        foreach (var path in new[] { "/", $"/c/{made.String("slug")}", "/create", "/login", "/c/missing" })
        {
            var page = await world.Nobody.Get(path);
            var policy = page.Header("Content-Security-Policy")!.Split("; ").ToDictionary(part => part.Split(' ')[0], part => part.Split(' ')[1..]);
            Assert.Equal(["'self'"], policy["script-src"]);
            Assert.Equal(["'self'"], policy["style-src"]);
            Assert.Equal(["'none'"], policy["frame-ancestors"]);
            Assert.Equal(["'none'"], policy["object-src"]);
            Assert.Equal(["'none'"], policy["base-uri"]);
            Assert.Equal(["'self'"], policy["form-action"]);
            Assert.Contains($"http://*.localhost:{world.Settings.Port}", policy["frame-src"]);
            Assert.Equal("nosniff", page.Header("X-Content-Type-Options"));
            Assert.Contains("private", page.Header("Cache-Control"), StringComparison.Ordinal);

            // What that policy would stop must not be there.
            Assert.DoesNotMatch(new Regex("""\sstyle="|\son[a-z]+="|<style""", RegexOptions.None, TimeSpan.FromSeconds(1)), page.Text);
            Assert.All(Regex.Matches(page.Text, "<script[^>]*>", RegexOptions.None, TimeSpan.FromSeconds(1)), script =>
                Assert.Matches(new Regex("src=\"/assets/|application/json", RegexOptions.None, TimeSpan.FromSeconds(1)), script.Value));
        }
    }

    [Fact]
    public async Task Every_asset_a_page_names_is_there_for_good_and_compressed()
    {
        foreach (var page in new[] { "/", "/login", "/create" })
        {
            var paths = Assets.Matches((await world.Nobody.Get(page)).Ok().Text).Select(match => match.Groups["path"].Value).Distinct().ToList();
            Assert.NotEmpty(paths);
            foreach (var path in paths)
            {
                var plain = (await world.Nobody.Get(path)).Ok();
                Assert.Equal("public, max-age=31536000, immutable", plain.Header("Cache-Control"));
                if (path.EndsWith(".js", StringComparison.Ordinal) || path.EndsWith(".css", StringComparison.Ordinal))
                {
                    Assert.Equal("br", (await world.Nobody.Get(path, ("Accept-Encoding", "gzip, br"))).Ok().Header("Content-Encoding"));
                    Assert.Equal("gzip", (await world.Nobody.Get(path, ("Accept-Encoding", "br;q=0, gzip"))).Ok().Header("Content-Encoding"));
                    Assert.Null(plain.Header("Content-Encoding"));
                    Assert.Equal(304, (await world.Nobody.Get(path, ("If-None-Match", plain.Header("ETag")!))).Status);
                }
            }
        }

        (await world.Nobody.Get("/assets/x/missing.js")).Refused(404, "NOT_FOUND");
        (await world.Nobody.Get("/assets/base.css")).Refused(404, "NOT_FOUND");
        Assert.Equal("no-cache", (await world.Nobody.Get("/assets/old/base.css")).Ok().Header("Cache-Control"));
    }

    [Theory]
    [InlineData("/", 200)]
    [InlineData("/login", 200)]
    [InlineData("/c/missing", 404)]
    [InlineData("/missing", 404)]
    public async Task Pages_are_sent_compressed(string path, int status)
    {
        var html = ("Accept", "text/html");
        var plain = (await world.Nobody.Get(path, html)).Ok(status);
        Assert.Null(plain.Header("Content-Encoding"));
        foreach (var (encoding, of) in new (string, Func<Stream, Stream>)[]
        {
            ("br", packed => new BrotliStream(packed, CompressionMode.Decompress)),
            ("gzip", packed => new GZipStream(packed, CompressionMode.Decompress)),
        })
        {
            var packed = (await world.Nobody.Get(path, html, ("Accept-Encoding", encoding))).Ok(status);
            Assert.Equal(encoding, packed.Header("Content-Encoding"));
            Assert.Contains("Accept-Encoding", packed.Header("Vary"), StringComparison.Ordinal);
            using var reader = new StreamReader(of(new MemoryStream(packed.Bytes)));
            Assert.Equal(plain.Text, await reader.ReadToEndAsync());
            Assert.True(packed.Bytes.Length < plain.Bytes.Length / 2, $"{packed.Bytes.Length} of {plain.Bytes.Length} bytes");
        }

        var program = await world.Nobody.Get("/creations/feed", ("Accept-Encoding", "br"));
        Assert.Null(program.Ok().Header("Content-Encoding"));
    }

    [Fact]
    public async Task The_feeds_own_scripts_are_small()
    {
        var named = Assets.Matches((await world.Nobody.Get("/")).Ok().Text).Select(match => match.Groups["path"].Value);
        var open = new Queue<string>(named.Where(path => path.EndsWith(".js", StringComparison.Ordinal)));
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);
        while (open.TryDequeue(out var path))
        {
            if (sizes.ContainsKey(path))
            {
                continue;
            }

            var packed = (await world.Nobody.Get(path, ("Accept-Encoding", "gzip"))).Ok();
            sizes[path] = packed.Bytes.Length;
            using var reader = new StreamReader(new GZipStream(new MemoryStream(packed.Bytes), CompressionMode.Decompress));
            foreach (Match import in Imports.Matches(await reader.ReadToEndAsync()))
            {
                open.Enqueue(new Uri(new Uri(world.BaseUrl + path), import.Groups["path"].Value).AbsolutePath);
            }
        }

        Assert.True(sizes.Count > 5, "The feed is made of modules: " + string.Join(' ', sizes.Keys));
        Assert.InRange(sizes.Values.Sum(), 1, ScriptBytesMax);
    }

    [Fact]
    public async Task The_page_about_creating_speaks_of_this_server()
    {
        await Says($"REMIX_SERVER={world.BaseUrl}");
        await Says("REMIX_SERVER=http://127.0.0.1", ("Host", $"127.0.0.1:{world.Settings.Port}"));
        await Says("@alice", ("Cookie", "remix-token=" + world.Alice.Token));

        async Task Says(string text, params (string, string)[] headers) =>
            Assert.Contains(text, (await world.Nobody.Get("/create", headers)).Ok().Text, StringComparison.Ordinal);
    }
}
