using System.Security.Cryptography;
using System.Text;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class FileTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_file_comes_back_as_it_went()
    {
        var room = await world.NewRoom(world.Atlas);
        var bytes = RandomNumberGenerator.GetBytes(300_000);
        var put = (await world.Atlas.Upload(room, "a/b/c.bin", bytes)).Ok(201);
        Assert.Equal((300_000L, 1L, "c.bin", "alice/atlas"),
            (put.Number("size"), put.Number("revision"), put.String("name"), put.String("updated_by")));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), put.String("sha256"));

        var got = (await world.Atlas.Get($"/rooms/{room}/files/a/b/c.bin")).Ok(200);
        Assert.Equal(bytes, got.Bytes);
        Assert.Equal($"\"{put.String("sha256")}\"", got.Header("ETag"));
    }

    [Theory]
    [InlineData("a.html", null, "text/html")]
    [InlineData("a.md", "application/x-www-form-urlencoded", "text/markdown")]
    [InlineData("a.js", "application/octet-stream", "text/javascript")]
    [InlineData("a.unknown", null, "application/octet-stream")]
    [InlineData("a.txt", "TEXT/PLAIN; charset=UTF-8", "text/plain; charset=utf-8")]
    [InlineData("a.txt", "no type at all", "text/plain")]
    [InlineData("a.svg", "image/svg+xml", "image/svg+xml")]
    public async Task Its_type_is_what_was_declared_or_what_its_name_says(string path, string? declared, string expected)
    {
        var room = await world.NewRoom(world.Atlas);
        Assert.Equal(expected, (await world.Atlas.Upload(room, path, "x", declared)).Ok(201).String("content_type"));
        Assert.Equal(expected, (await world.Atlas.Get($"/rooms/{room}/files/{path}")).Ok().Header("Content-Type"));
    }

    [Fact]
    public async Task What_was_uploaded_cannot_run_on_our_origin()
    {
        var room = await world.NewRoom(world.Atlas);
        (await world.Atlas.Upload(room, "evil.html", "<script>alert(1)</script>", "text/html")).Ok();
        var got = (await world.Atlas.Get($"/rooms/{room}/files/evil.html")).Ok();
        Assert.StartsWith("sandbox", got.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("nosniff", got.Header("X-Content-Type-Options"));
    }

    [Fact]
    public async Task Every_revision_stays_readable_even_after_deletion()
    {
        var room = await world.NewRoom(world.Atlas);
        (await world.Atlas.Upload(room, "a.txt", "one")).Ok(201);
        Assert.Equal(2, (await world.Atlas.Upload(room, "a.txt", "two")).Ok(200).Number("revision"));
        Assert.Equal(2, (await world.Atlas.Upload(room, "a.txt", "two")).Ok(200).Number("revision"));
        (await world.Atlas.Delete($"/rooms/{room}/files/a.txt")).Ok();
        (await world.Atlas.Get($"/rooms/{room}/files/a.txt")).Refused(404, "NOT_FOUND");
        Assert.Equal(4, (await world.Atlas.Upload(room, "a.txt", "one")).Ok(201).Number("revision"));

        var history = (await world.Atlas.Get($"/rooms/{room}/files/a.txt?history=true")).Ok();
        Assert.Equal(["4 False 3", "3 True 0", "2 False 3", "1 False 3"], history.Items.Select(revision =>
            $"{revision.GetProperty("revision")} {revision.GetProperty("deleted")} {revision.GetProperty("size")}"));
        Assert.Equal("two", (await world.Atlas.Get($"/rooms/{room}/files/a.txt?revision=2")).Ok().Text);
        (await world.Atlas.Get($"/rooms/{room}/files/a.txt?revision=3")).Refused(404, "NOT_FOUND");
        (await world.Atlas.Get($"/rooms/{room}/files/a.txt?revision=9")).Refused(404, "NOT_FOUND");
        (await world.Atlas.Get($"/rooms/{room}/files/a.txt?revision=0")).Invalid("revision");
        (await world.Atlas.Get($"/rooms/{room}/files/never.txt?history=true")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Who_has_it_already_is_told_so_and_parts_can_be_had()
    {
        var room = await world.NewRoom(world.Atlas);
        var etag = $"\"{(await world.Atlas.Upload(room, "a.txt", "0123456789")).Ok().String("sha256")}\"";
        var path = $"/rooms/{room}/files/a.txt";

        var unchanged = await world.Atlas.Get(path, ("If-None-Match", etag));
        Assert.Equal((304, 0), (unchanged.Status, unchanged.Bytes.Length));
        (await world.Atlas.Get(path, ("If-None-Match", "\"other\""))).Ok(200);

        var part = await world.Atlas.Get(path, ("Range", "bytes=2-4"));
        Assert.Equal((206, "234", "bytes 2-4/10"), (part.Status, part.Text, part.Header("Content-Range")));
        Assert.Equal("789", (await world.Atlas.Get(path, ("Range", "bytes=-3"))).Text);
        Assert.Equal("56789", (await world.Atlas.Get(path, ("Range", "bytes=5-"), ("If-Range", etag))).Text);
        Assert.Equal("0123456789", (await world.Atlas.Get(path, ("Range", "bytes=5-"), ("If-Range", "\"old\""))).Ok(200).Text);
        Assert.Equal(416, (await world.Atlas.Get(path, ("Range", "bytes=50-"))).Status);
    }

    [Fact]
    public async Task Files_are_listed_by_path_in_pages_and_by_folder()
    {
        var room = await world.NewRoom(world.Atlas);
        var paths = new[] { "README.md", "a/1.txt", "a/2.txt", "a2/3.txt", "b_c/4.txt", "bXc/5.txt" };
        foreach (var path in paths)
        {
            (await world.Atlas.Upload(room, path, path)).Ok();
        }

        var sorted = paths.Order(StringComparer.Ordinal).ToList();
        Assert.Equal(sorted, Paths(await world.Atlas.Get($"/rooms/{room}/files")));
        Assert.Equal(["a/1.txt", "a/2.txt"], Paths(await world.Atlas.Get($"/rooms/{room}/files?prefix=a")));
        Assert.Equal(["b_c/4.txt"], Paths(await world.Atlas.Get($"/rooms/{room}/files?prefix=b_c/")));
        Assert.Empty(Paths(await world.Atlas.Get($"/rooms/{room}/files?prefix=nothing")));

        var first = (await world.Atlas.Get($"/rooms/{room}/files?limit=3")).Ok();
        Assert.True(first["has_more"].GetBoolean());
        var second = (await world.Atlas.Get($"/rooms/{room}/files?limit=3&after={sorted[2]}")).Ok();
        Assert.False(second["has_more"].GetBoolean());
        Assert.Equal(sorted, Paths(first).Concat(Paths(second)));
        Assert.Equal(6, second.Number("total"));
    }

    [Fact]
    public async Task Members_write_and_moderators_delete()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        await using var ear = await world.Rover.Listen(room);
        (await world.Rover.Upload(room, "a.txt", "x")).Ok(201);
        (await world.Fox.Upload(room, "b.txt", "x")).Refused(403, "NOT_A_MEMBER");
        (await world.Nobody.Get($"/rooms/{room}/files/a.txt")).Refused(401, "TOKEN_MISSING");
        (await world.Fox.Get($"/rooms/{room}/files/a.txt")).Ok();
        (await world.Rover.Delete($"/rooms/{room}/files/a.txt")).Refused(403, "FORBIDDEN");
        (await world.Alice.Delete($"/rooms/{room}/files/a.txt")).Ok();
        (await world.Alice.Delete($"/rooms/{room}/files/a.txt")).Refused(404, "NOT_FOUND");

        Assert.Equal(("a.txt", 1L), ((await ear.Next("file_update")).Data.GetProperty("file_name").GetString(), 1L));
        Assert.Equal("alice", (await ear.Next("file_delete")).Data.GetProperty("deleted_by").GetString());
    }

    [Fact]
    public async Task A_path_is_a_file_or_a_folder()
    {
        var room = await world.NewRoom(world.Atlas);
        (await world.Atlas.Upload(room, "a/b/c", "x")).Ok();
        (await world.Atlas.Upload(room, "a/b", "x")).Refused(409, "IS_A_FOLDER");
        (await world.Atlas.Upload(room, "a", "x")).Refused(409, "IS_A_FOLDER");
        (await world.Atlas.Upload(room, "a/b/c/d", "x")).Refused(409, "NOT_A_FOLDER");
        (await world.Atlas.Upload(room, "a/bb", "x")).Ok();
        (await world.Atlas.Upload(room, "a/b.c", "x")).Ok();
    }

    [Fact]
    public async Task Of_a_file_and_a_folder_made_at_once_one_is_made()
    {
        for (var i = 0; i < 5; i++)
        {
            var room = await world.NewRoom(world.Atlas);
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => world.Atlas.Upload(room, n % 2 == 0 ? "a" : $"a/{n}", $"{n}")));
            Assert.All(answers, answer => Assert.True(answer.Status is 200 or 201 or 409, answer.ToString()));
            var paths = Paths(await world.Atlas.Get($"/rooms/{room}/files")).ToList();
            Assert.True(!paths.Contains("a") || paths.Count == 1, string.Join(' ', paths));
        }
    }

    [Fact]
    public async Task Many_who_write_the_same_path_at_once_make_a_revision_each()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(n => (n % 2 == 0 ? world.Atlas : world.Rover).Upload(room, "same.txt", $"version {n}")));
        Assert.Equal(Enumerable.Range(1, 20).Select(n => (long)n), answers.Select(answer => answer.Ok().Number("revision")).Order());
        Assert.Equal(20, (await world.Atlas.Get($"/rooms/{room}/files/same.txt?history=true")).Ok().Items.Count);
    }

    [Fact]
    public async Task An_empty_file_is_refused() =>
        (await world.Atlas.Upload(World.Lab, "empty.txt", "")).Refused(400, "EMPTY_FILE");

    [Fact]
    public async Task Ten_megabytes_are_taken_and_no_byte_more()
    {
        var room = await world.NewRoom(world.Atlas);
        var bytes = new byte[10 * 1024 * 1024 + 1];
        (await world.Atlas.Upload(room, "most.bin", bytes[1..])).Ok(201);
        Assert.Equal(413, (await world.Atlas.Upload(room, "more.bin", bytes)).Status);
        Assert.Equal(413, (await world.Atlas.Send(HttpMethod.Put, $"/rooms/{room}/files/stream.bin", new Unsized(bytes))).Status);
        Assert.Equal(["most.bin"], Paths(await world.Atlas.Get($"/rooms/{room}/files")));
        Assert.Empty(Incoming());
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing()
    {
        var room = await world.NewRoom(world.Atlas);
        var head = $"PUT /rooms/{room}/files/half.bin HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {world.Atlas.Token}\r\n";
        var blobs = BlobCount();
        await RawHttp.Send(world, [.. Encoding.Latin1.GetBytes(head + "Content-Length: 100000\r\n\r\n"), .. new byte[50_000]], closeAtOnce: true);
        await RawHttp.Send(world, [.. Encoding.Latin1.GetBytes(head + "Transfer-Encoding: chunked\r\n\r\nC350\r\n"), .. new byte[30_000]],
            closeAtOnce: true);

        for (var i = 0; i < 100 && Incoming().Any(); i++)
        {
            await Task.Delay(20);
        }

        Assert.Empty(Incoming());
        Assert.Equal(blobs, BlobCount());
        (await world.Atlas.Get($"/rooms/{room}/files/half.bin")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task The_same_bytes_are_kept_once()
    {
        var room = await world.NewRoom(world.Atlas);
        var bytes = RandomNumberGenerator.GetBytes(1000);
        var before = BlobCount();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(n => world.Atlas.Upload(room, $"{n}.bin", bytes)));
        Assert.Equal(before + 1, BlobCount());
        Assert.Equal(10, (await world.Atlas.Get($"/rooms/{room}/files")).Ok().Number("total"));
    }

    private static IEnumerable<string> Paths(Answer answer) => answer.Ok().Items.Select(file => file.GetProperty("path").GetString()!);

    private IEnumerable<string> Incoming() => Directory.EnumerateFiles(Path.Combine(world.Settings.DataDirectory, "incoming"));

    private int BlobCount() => Directory.EnumerateFiles(Path.Combine(world.Settings.DataDirectory, "blobs"), "*", SearchOption.AllDirectories)
        .Count();
}
