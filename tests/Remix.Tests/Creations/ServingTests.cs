using System.IO.Compression;
using System.Text;
using Remix.Tests.Support;

namespace Remix.Tests.Creations;

/// <summary>Published files on a creation's own host, and the same by path.</summary>
public class ServingTests(World world) : IClassFixture<World>, IAsyncLifetime
{
    private static readonly string Script = string.Concat(Enumerable.Repeat("export const tide = 'high';\n", 200));

    private string id = "";

    public async ValueTask InitializeAsync()
    {
        var folder = await world.Atlas.Fill(World.Lab);
        (await world.Atlas.Upload(World.Lab, $"{folder}/app.js", Script)).Ok();
        (await world.Atlas.Upload(World.Lab, $"{folder}/other.html", Making.Page)).Ok();
        (await world.Atlas.Upload(World.Lab, $"{folder}/sub/index.html", Making.Page)).Ok();
        (await world.Atlas.Upload(World.Lab, $"{folder}/worker.js", "export default { fetch: () => new Response('secret') };")).Ok();
        (await world.Atlas.Upload(World.Lab, $"{folder}/cron.json", "{\"crons\":[\"0 6 * * *\"]}")).Ok();
        (await world.Atlas.Upload(World.Lab, $"{folder}/sea level.csv", "year,mm\n2000,0\n")).Ok();
        (await world.Atlas.Upload(World.Lab, $"{folder}/big.bin", [.. Enumerable.Range(0, 400_000).Select(i => (byte)(i % 251))])).Ok();
        var made = (await world.Atlas.Submit(World.Lab, folder)).Ok(201);
        Assert.True(made.String("status") == "published", made.ToString());
        id = made.Id();
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_bridge_is_in_the_first_page_and_nowhere_else()
    {
        var page = (await world.Visit(id)).Ok();
        Assert.Contains("<head><script>(() => {", page.Text, StringComparison.Ordinal);
        Assert.Contains("remix: 1", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("docs/", page.Text, StringComparison.Ordinal);
        Assert.Equal(page.Bytes, (await world.Visit(id, "/index.html")).Ok().Bytes);
        Assert.Equal(Making.Page, (await world.Visit(id, "/other.html")).Ok().Text);
        Assert.Equal(Making.Page, (await world.Visit(id, "/sub/")).Ok().Text);
        Assert.Equal(Script, (await world.Visit(id, "/app.js")).Ok().Text);
        Assert.Equal("year,mm\n2000,0\n", (await world.Visit(id, "/sea%20level.csv")).Ok().Text);
    }

    [Fact]
    public async Task A_page_runs_in_a_sandbox_without_an_origin()
    {
        foreach (var path in new[] { "/", "/app.js", "/big.bin" })
        {
            var answer = (await world.Visit(id, path)).Ok();
            var policy = answer.Header("Content-Security-Policy")!.Split("; ");
            var sandbox = policy.Single(part => part.StartsWith("sandbox", StringComparison.Ordinal)).Split(' ');
            Assert.Contains("allow-scripts", sandbox);
            Assert.DoesNotContain("allow-same-origin", sandbox);
            Assert.DoesNotContain(sandbox, word => word.StartsWith("allow-top-navigation", StringComparison.Ordinal));
            Assert.Contains("default-src 'none'", policy);
            Assert.Contains("base-uri 'none'", policy);
            Assert.DoesNotContain("'unsafe-eval'", policy.Single(part => part.StartsWith("script-src", StringComparison.Ordinal)).Split(' '));
            Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
            Assert.Equal("cross-origin", answer.Header("Cross-Origin-Resource-Policy"));
            Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
            Assert.Null(answer.Header("Access-Control-Allow-Credentials"));
            Assert.Null(answer.Header("Set-Cookie"));
        }
    }

    [Fact]
    public async Task Files_are_kept_for_good_and_pages_looked_at_again()
    {
        Assert.Equal("public, max-age=31536000, immutable", (await world.Visit(id, "/app.js")).Header("Cache-Control"));
        Assert.Equal("public, max-age=60", (await world.Visit(id)).Header("Cache-Control"));
        Assert.Equal("text/html; charset=utf-8", (await world.Visit(id)).Header("Content-Type"));
        Assert.Equal("text/javascript; charset=utf-8", (await world.Visit(id, "/app.js")).Header("Content-Type"));
        Assert.Equal("image/svg+xml; charset=utf-8", (await world.Visit(id, "/cover.svg")).Header("Content-Type"));
        Assert.Equal("application/octet-stream", (await world.Visit(id, "/big.bin")).Header("Content-Type"));
    }

    [Fact]
    public async Task What_a_reader_has_already_is_not_sent_again()
    {
        foreach (var path in new[] { "/", "/big.bin" })
        {
            var tag = (await world.Visit(id, path)).Ok().Header("ETag")!;
            foreach (var known in new[] { tag, "W/" + tag, $"\"other\", {tag}", "*" })
            {
                var again = await world.Visit(id, path, ("If-None-Match", known));
                Assert.Equal((304, 0), (again.Status, again.Bytes.Length));
                Assert.Equal(tag, again.Header("ETag"));
            }

            (await world.Visit(id, path, ("If-None-Match", "\"other\""))).Ok(200);
        }
    }

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("BR;q=0.5", "br")]
    [InlineData("br;q=0.1, gzip;q=0.9", "gzip")]
    [InlineData("br;q=0.5, gzip;q=0.5", "br")]
    [InlineData("gzip;q=0.5, *;q=0.1", "gzip")]
    [InlineData("*", "br")]
    [InlineData("br;q=0, *", "gzip")]
    [InlineData("*;q=0", null)]
    [InlineData("identity, *;q=0.5", null)]
    [InlineData("br;q=nonsense", null)]
    [InlineData("br;q=0,gzip;q=0", null)]
    [InlineData("deflate", null)]
    [InlineData("xbr", null)]
    [InlineData("identity", null)]
    [InlineData("", null)]
    [InlineData(";;;", null)]
    public async Task A_file_is_sent_in_the_best_encoding_its_reader_takes(string accepted, string? encoding)
    {
        var answer = (await world.Visit(id, "/app.js", ("Accept-Encoding", accepted))).Ok();
        Assert.Equal(encoding, answer.Header("Content-Encoding"));
        Assert.Equal("Accept-Encoding", answer.Header("Vary"));
        Assert.Equal(Script, Encoding.UTF8.GetString(Unpack(answer)));
        Assert.Equal(answer.Bytes.Length, answer.ContentHeaders.ContentLength);
        if (encoding is not null)
        {
            Assert.True(answer.Bytes.Length < Script.Length / 5);
            Assert.NotEqual((await world.Visit(id, "/app.js")).Header("ETag"), answer.Header("ETag"));
        }
    }

    [Fact]
    public async Task What_gains_nothing_is_not_compressed()
    {
        foreach (var path in new[] { "/sea%20level.csv", "/big.bin" })
        {
            var answer = (await world.Visit(id, path, ("Accept-Encoding", "br, gzip"))).Ok();
            Assert.Null(answer.Header("Content-Encoding"));
        }
    }

    [Fact]
    public async Task A_file_is_answered_with_the_id_of_its_request_whether_or_not_it_lies_in_memory()
    {
        for (var i = 0; i < 3; i++)
        {
            foreach (var path in new[] { "/", "/app.js", "/big.bin", "/missing.png" })
            {
                Assert.Equal("mine", (await world.Visit(id, path, ("X-Request-Id", "mine"))).Header("X-Request-Id"));
                Assert.Matches("^[0-9a-f]{16}$", (await world.Visit(id, path)).Header("X-Request-Id"));
            }
        }
    }

    [Fact]
    public async Task A_page_may_ask_first_what_it_may_ask()
    {
        var asked = await world.Nobody.Send(HttpMethod.Options, "/app.js", null, ("Host", world.HostOf(id)), ("Origin", "null"));
        Assert.Equal((204, 0), (asked.Status, asked.Bytes.Length));
        Assert.Equal("GET, HEAD, OPTIONS", asked.Header("Allow"));
        Assert.Equal("*", asked.Header("Access-Control-Allow-Origin"));
        Assert.Equal("*", asked.Header("Access-Control-Allow-Headers"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/app.js")]
    [InlineData("/big.bin")]
    public async Task Asking_for_the_head_answers_the_same_without_the_body(string path)
    {
        var host = ("Host", world.HostOf(id));
        var whole = (await world.Nobody.Get(path, host, ("Accept-Encoding", "br"))).Ok();
        var head = (await world.Nobody.Send(HttpMethod.Head, path, null, host, ("Accept-Encoding", "br"))).Ok(200);
        Assert.Empty(head.Bytes);
        foreach (var header in new[] { "Content-Length", "Content-Type", "ETag", "Content-Encoding", "Cache-Control", "Content-Security-Policy" })
        {
            Assert.Equal(whole.Header(header), head.Header(header));
        }
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task Files_can_only_be_read(string method)
    {
        var refused = await world.Nobody.Send(new HttpMethod(method), "/index.html", null, ("Host", world.HostOf(id)));
        refused.Refused(405, "METHOD_NOT_ALLOWED");
        Assert.Equal("GET, HEAD", refused.Header("Allow"));
    }

    [Theory]
    [InlineData("/worker.js")]
    [InlineData("/cron.json")]
    [InlineData("/%77orker.js")]
    [InlineData("//worker.js")]
    [InlineData("/missing.png")]
    [InlineData("/sub")]
    [InlineData("/INDEX.HTML")]
    [InlineData("/creations/feed")]
    [InlineData("/login")]
    [InlineData("/health")]
    [InlineData("/rooms/alice/lab")]
    [InlineData("/rooms/alice/lab/files/creations")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/art/00000000-0000-0000-0000-000000000000/")]
    [InlineData("/__remix/")]
    [InlineData("/__remix/files")]
    [InlineData("/__remix/../rooms")]
    public async Task What_is_not_a_file_of_the_creation_is_not_there(string path)
    {
        (await world.Visit(id, path)).Refused(404, "NOT_FOUND");
        (string, string)[] asAlice = [("Authorization", "Bearer " + world.Alice.Token), ("Cookie", "remix-token=" + world.Alice.Token)];
        (await world.Visit(id, path, asAlice)).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Nothing_of_ours_answers_under_a_creations_name()
    {
        foreach (var host in new[] { $"art-{Guid.NewGuid()}", "art-", "art-x", $"art-{id}0", $"ART-{id[..35]}" })
        {
            foreach (var path in new[] { "/", "/login", "/creations/feed", "/health" })
            {
                (await world.Nobody.Get(path, ("Host", $"{host}.localhost:{world.Settings.Port}"))).Refused(404, "NOT_FOUND");
            }
        }

        var host2 = ("Host", world.HostOf(id));
        Assert.Equal(405, (await world.Nobody.Post("/register", new { user_id = "sneaky" }, host2)).Status);
        Assert.Equal(405, (await world.Alice.Post("/creations/feed", null, host2)).Status);
        (await world.Nobody.Get("/", ("Host", $"ART-{id.ToUpperInvariant()}.LOCALHOST:{world.Settings.Port}"))).Ok();
    }

    [Theory]
    [InlineData("/../../../../etc/passwd")]
    [InlineData("/..%2f..%2f..%2fetc/passwd")]
    [InlineData("/%2e%2e/%2e%2e/remix.db")]
    [InlineData("/..\\..\\remix.db")]
    [InlineData("/..%5c..%5cremix.db")]
    [InlineData("/sub/../worker.js")]
    [InlineData("/sub/%2e%2e/worker.js")]
    [InlineData("/sub/..%2fworker.js")]
    [InlineData("/./worker.js")]
    [InlineData("/worker.js%00.html")]
    [InlineData("/worker.js/")]
    [InlineData("/worker.js?x")]
    [InlineData("/worker.js;x")]
    [InlineData("/%2fworker.js")]
    [InlineData("/%252e%252e/worker.js")]
    [InlineData("/....//worker.js")]
    [InlineData("/\u00c0\u00ae\u00c0\u00ae/worker.js")]
    [InlineData("http://localhost/worker.js")]
    public async Task No_spelling_of_a_path_leads_out_or_to_what_is_hidden(string path)
    {
        foreach (var (start, prefix) in new[] { (world.HostOf(id), ""), ($"localhost:{world.Settings.Port}", $"/art/{id}") })
        {
            var isWhole = path.StartsWith("http", StringComparison.Ordinal);
            var target = isWhole ? path.Replace("localhost", world.HostOf(id), StringComparison.Ordinal) : prefix + path;
            var answer = await RawHttp.Send(world, Encoding.Latin1.GetBytes($"GET {target} HTTP/1.1\r\nHost: {start}\r\nConnection: close\r\n\r\n"));
            Assert.True(RawHttp.StatusOf(answer) is 400 or 404, $"{target}: {answer}");
            Assert.DoesNotContain("secret", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task By_a_bare_address_a_creation_is_found_by_path()
    {
        var bare = ("Host", $"127.0.0.1:{world.Settings.Port}");
        var shown = (await world.Nobody.Get($"/creations/{id}", bare)).Ok();
        Assert.Equal($"http://127.0.0.1:{world.Settings.Port}/art/{id}/", shown.String("content_url"));
        var byPath = (await world.Nobody.Get($"/art/{id}/", bare)).Ok();
        Assert.Equal((await world.Visit(id)).Bytes, byPath.Bytes);
        Assert.Contains("sandbox allow-scripts", byPath.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal(Script, (await world.Nobody.Get($"/art/{id}/app.js", bare)).Ok().Text);

        var without = await world.Nobody.Get($"/art/{id}?theme=dark", bare);
        Assert.Equal((308, $"/art/{id}/?theme=dark"), (without.Status, without.Header("Location")));
        (await world.Nobody.Get($"/art/{id}/worker.js", bare)).Refused(404, "NOT_FOUND");
        (await world.Nobody.Get($"/art/{Guid.NewGuid()}/", bare)).Refused(404, "NOT_FOUND");
        Assert.Equal(404, (await world.Nobody.Get("/art/x/", bare)).Status);
    }

    private static byte[] Unpack(Answer answer)
    {
        using var packed = new MemoryStream(answer.Bytes);
        using Stream stream = answer.Header("Content-Encoding") switch
        {
            "br" => new BrotliStream(packed, CompressionMode.Decompress),
            "gzip" => new GZipStream(packed, CompressionMode.Decompress),
            _ => packed,
        };
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }
}
