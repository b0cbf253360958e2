using System.Globalization;
using System.Security.Cryptography;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class PresignedTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_file_too_large_to_be_sent_directly_goes_to_an_address_without_a_token()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        await using var ear = await world.Rover.Listen(room);
        var wish = (await world.Atlas.Post($"/rooms/{room}/upload-url",
            new { path = "data/large file.csv", content_type = "text/csv", expires_in = 60 })).Ok(200);
        Assert.Equal(("PUT", "data/large file.csv", "text/csv"),
            (wish.String("method"), wish.String("path"), wish["headers"].Text("Content-Type")));
        var left = DateTimeOffset.Parse(wish.String("expires"), CultureInfo.InvariantCulture) - DateTimeOffset.UtcNow;
        Assert.InRange(left.TotalSeconds, 30, 61);

        var bytes = RandomNumberGenerator.GetBytes(12 * 1024 * 1024);
        var put = (await Put(wish.String("url"), new Unsized(bytes), "text/csv")).Ok(201);
        Assert.Equal(("text/csv", "alice/atlas", (long)bytes.Length), (put.String("content_type"), put.String("updated_by"), put.Number("size")));
        Assert.Equal("data/large file.csv", (await ear.Next("file_update")).Data.Text("file_name"));

        var link = (await world.Rover.Post($"/rooms/{room}/download-url", new { path = "data/large file.csv" })).Ok(200);
        Assert.Equal("data/large file.csv", link.String("path"));
        Assert.Equal(bytes, (await Get(link.String("url"))).Ok(200).Bytes);
        var part = await Get(link.String("url"), ("Range", "bytes=1-3"));
        Assert.Equal(206, part.Status);
        Assert.Equal(bytes[1..4], part.Bytes);
        Assert.Equal(200, (await world.Nobody.Send(HttpMethod.Head, Path(link.String("url")), null)).Status);
    }

    [Fact]
    public async Task Who_sends_too_much_directly_is_shown_the_way()
    {
        var room = await world.NewRoom(world.Atlas);
        var refused = (await world.Atlas.Upload(room, "big.bin", new byte[10 * 1024 * 1024 + 1])).Refused(413, "FILE_TOO_LARGE");
        Assert.Equal($"/rooms/{room}/upload-url", refused["fix"].Text("path"));
        (await world.Atlas.Post(refused["fix"].Text("path"), refused["fix"].GetProperty("body"))).Ok(200);
    }

    [Fact]
    public async Task Up_to_a_hundred_addresses_are_had_at_once()
    {
        var room = await world.NewRoom(world.Atlas);
        var files = Enumerable.Range(0, 100).Select(n => new { path = $"img/{n}.png", content_type = "image/png" }).ToArray();
        var urls = (await world.Atlas.Post($"/rooms/{room}/upload-urls", new { files, expires_in = 3600 })).Ok(200).Array();
        Assert.Equal(files.Select(file => file.path), urls.Select(url => url.Text("path")));
        (await Put(urls[41].Text("url"), Actor.Bytes([1, 2, 3], null), "image/png")).Ok(201);
        (await world.Atlas.Get($"/rooms/{room}/files/img/41.png")).Ok();

        (await world.Atlas.Post($"/rooms/{room}/upload-urls", new { files = files.Append(files[0]) })).Invalid("files");
        (await world.Atlas.Post($"/rooms/{room}/upload-urls", new { files = Array.Empty<object>() })).Invalid("files");
        (await world.Atlas.Post($"/rooms/{room}/upload-urls")).Invalid("files");
        (await world.Atlas.Post($"/rooms/{room}/upload-urls", new { files = new object[] { new { path = "../x" }, new { }, new { path = 1 } } }))
            .Invalid("files.0.path", "files.1.path", "files.2.path");
    }

    [Fact]
    public async Task An_address_takes_no_more_than_it_was_signed_for()
    {
        var room = await world.NewRoom(world.Atlas);
        var url = await UploadUrl(room, "a.bin", new { path = "a.bin", size = 1000 });
        (await Put(url, Actor.Bytes(new byte[1001], null))).Refused(413, "FILE_TOO_LARGE");
        (await Put(url, new Unsized(new byte[200_000]))).Refused(413, "FILE_TOO_LARGE");
        (await Put(url, Actor.Bytes([], null))).Refused(400, "EMPTY_FILE");
        Assert.Empty(Directory.EnumerateFiles(System.IO.Path.Combine(world.Settings.DataDirectory, "incoming")));
        (await world.Atlas.Get($"/rooms/{room}/files/a.bin")).Refused(404, "NOT_FOUND");
        (await Put(url, new Unsized(new byte[1000]))).Ok(201);

        var most = await UploadUrl(room, "b.bin", new { path = "b.bin" });
        var status = await RawHttp.Status(world, $"PUT {Path(most)} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 209715201\r\n"
            + "Expect: 100-continue\r\nConnection: close\r\n\r\n");
        Assert.Equal(413, status);
    }

    [Fact]
    public async Task No_part_of_an_address_can_be_changed()
    {
        var room = await world.NewRoom(world.Atlas);
        var elsewhere = await world.NewRoom(world.Atlas);
        (await world.Atlas.Upload(room, "a.txt", "x")).Ok();
        (await world.Atlas.Upload(elsewhere, "a.txt", "secret")).Ok();
        var up = await UploadUrl(room, "a.txt", new { path = "a.txt", content_type = "text/plain", size = 10 });
        var down = (await world.Atlas.Post($"/rooms/{room}/download-url", new { path = "a.txt" })).Ok().String("url");
        foreach (var (from, to) in new[]
        {
            ("a.txt", "b.txt"), (room, elsewhere), ("by=alice%2Fatlas", "by=alice"), ("expires=", "expires=9"),
            ("expires=", "expires=0"), ("text%2Fplain", "text%2Fhtml"),
            ("bytes_max=10", "bytes_max=11"), ("signature=", "signature=A"), ("&signature=", "&s="), ("by=alice%2Fatlas&", ""),
        })
        {
            Assert.Contains(from, up, StringComparison.Ordinal);
            (await Put(up.Replace(from, to, StringComparison.Ordinal), Actor.Bytes([1], null))).Refused(403, "SIGNATURE_INVALID");
        }

        (await Get(down.Replace(room, elsewhere, StringComparison.Ordinal))).Refused(403, "SIGNATURE_INVALID");
        (await Get(up)).Refused(403, "SIGNATURE_INVALID");
        (await Put(down, Actor.Bytes([1], null))).Refused(403, "SIGNATURE_INVALID");
        foreach (var other in new[] { "text/html", "application/octet-stream", "text/plain; charset=utf-8", "nonsense" })
        {
            (await Put(up, Actor.Bytes([1], null), other)).Refused(403, "CONTENT_TYPE_NOT_SIGNED");
        }

        (await Put(up, Actor.Bytes([1], null), "TEXT/PLAIN")).Ok();
        (await Put(up, Actor.Bytes([2], null))).Ok();
        (await Put($"{world.BaseUrl}/presigned/{room}/a.txt", Actor.Bytes([1], null))).Refused(403, "SIGNATURE_INVALID");
    }

    [Fact]
    public async Task An_address_ends_when_it_said()
    {
        var clock = new FakeClock();
        await using var own = await World.Start(configure: services => services.Replace(clock));
        (await own.Atlas.Upload(World.Lab, "a.txt", "x")).Ok();
        var url = (await own.Atlas.Post($"/rooms/{World.Lab}/download-url", new { path = "a.txt", expires_in = 60 })).Ok().String("url");
        clock.Advance(TimeSpan.FromSeconds(59));
        (await own.Nobody.Get(Path(url))).Ok(200);
        clock.Advance(TimeSpan.FromSeconds(1));
        var refused = (await own.Nobody.Get(Path(url))).Refused(403, "ADDRESS_EXPIRED");
        Assert.Equal($"/rooms/{World.Lab}/download-url", refused["fix"].Text("path"));
    }

    [Fact]
    public async Task Who_lost_access_finds_the_address_void()
    {
        var room = await world.NewRoom(world.Atlas, new(StringComparer.Ordinal) { ["visibility"] = "private" }, world.Rover);
        (await world.Rover.Upload(room, "a.txt", "x")).Ok();
        var up = (await world.Rover.Post($"/rooms/{room}/upload-url", new { path = "b.txt" })).Ok().String("url");
        var down = (await world.Rover.Post($"/rooms/{room}/download-url", new { path = "a.txt" })).Ok().String("url");
        (await Put(up, Actor.Bytes([1], null))).Ok(201);
        (await world.Alice.Post($"/rooms/{room}/members/bob/rover/role", new { role = "readonly" })).Ok();
        (await Put(up, Actor.Bytes([2], null))).Refused(403, "ACCESS_LOST");
        (await Get(down)).Ok();
        (await world.Rover.Post($"/rooms/{room}/leave")).Ok();
        (await Put(up, Actor.Bytes([2], null))).Refused(403, "ACCESS_LOST");
        (await Get(down)).Refused(403, "ACCESS_LOST");
    }

    [Fact]
    public async Task Who_may_not_do_it_directly_gets_no_address_for_it()
    {
        (await world.Fox.Post($"/rooms/{World.Lab}/upload-url", new { path = "x" })).Refused(403, "NOT_A_MEMBER");
        (await world.Fox.Post($"/rooms/{World.Den}/upload-url", new { path = "x" })).Refused(404, "NOT_FOUND");
        (await world.Fox.Post($"/rooms/{World.Den}/download-url", new { path = "x" })).Refused(404, "NOT_FOUND");
        (await world.Atlas.Post($"/rooms/{World.Lab}/download-url", new { path = "never.txt" })).Refused(404, "NOT_FOUND");
        (await world.Nobody.Post($"/rooms/{World.Lab}/download-url", new { path = "x" })).Refused(401, "TOKEN_MISSING");
        (await world.Atlas.Post($"/rooms/{World.Lab}/upload-url", new { expires_in = 0, size = 209_715_201 })).Invalid("path", "expires_in", "size");
        (await world.Atlas.Post($"/rooms/{World.Lab}/upload-url", new { path = "x", expires_in = 604_801 })).Invalid("expires_in");
        (await world.Atlas.Post($"/rooms/{World.Lab}/upload-url", new { path = "x", content_type = "no type" })).Invalid("content_type");
        var reader = await world.NewAgent(world.Alice, new { actions = new[] { "read" } });
        var room = await world.NewRoom(world.Atlas, null, reader);
        (await reader.Post($"/rooms/{room}/upload-url", new { path = "x" })).Refused(403, "PERMISSION_DENIED");
    }

    private async Task<string> UploadUrl(string room, string path, object wish)
    {
        var view = (await world.Atlas.Post($"/rooms/{room}/upload-url", wish)).Ok();
        Assert.Equal(path, view.String("path"));
        return view.String("url");
    }

    private Task<Answer> Put(string url, HttpContent content, string? type = null)
    {
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return world.Nobody.Send(HttpMethod.Put, Path(url), content);
    }

    private Task<Answer> Get(string url, params (string Name, string Value)[] headers) => world.Nobody.Get(Path(url), headers);

    private static string Path(string url) => new Uri(url).PathAndQuery;
}
