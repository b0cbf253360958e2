using System.Text;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class FileVersionTests(World world) : IClassFixture<World>
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13];

    [Fact]
    public async Task A_writer_who_says_what_it_saw_undoes_nobody_elses_work()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        var path = $"/rooms/{room}/files/plan.md";
        var first = (await world.Atlas.Upload(room, "plan.md", "one")).Ok(201);
        var seen = first.Header("ETag")!;
        Assert.Equal($"\"{first.String("sha256")}\"", seen);

        var second = (await Put(world.Rover, path, "two", ("If-Match", seen))).Ok(200);
        var lost = (await Put(world.Atlas, path, "three", ("If-Match", seen))).Refused(412, "PRECONDITION_FAILED");
        Assert.Equal(second.Header("ETag"), lost.String("etag"));
        (await Put(world.Atlas, path, "three", ("If-None-Match", "*"))).Refused(412, "PRECONDITION_FAILED");
        (await Put(world.Atlas, path, "three", ("If-Match", "\"nonsense\""))).Refused(412, "PRECONDITION_FAILED");
        (await Put(world.Atlas, path, "three", ("If-Match", $"\"other\", {lost.String("etag")}"))).Ok(200);

        (await Put(world.Atlas, $"/rooms/{room}/files/new.md", "x", ("If-Match", "*"))).Refused(412, "PRECONDITION_FAILED");
        (await Put(world.Atlas, $"/rooms/{room}/files/new.md", "x", ("If-None-Match", "*"))).Ok(201);
        (await world.Atlas.Delete(path, ("If-Match", seen))).Refused(412, "PRECONDITION_FAILED");
        (await world.Atlas.Delete(path, ("If-Match", "*"))).Ok();
    }

    [Fact]
    public async Task Of_many_who_saw_the_same_one_writes()
    {
        var room = await world.NewRoom(world.Atlas);
        var seen = (await world.Atlas.Upload(room, "a.txt", "start")).Ok().Header("ETag")!;
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(n =>
            Put(world.Atlas, $"/rooms/{room}/files/a.txt", $"by {n}", ("If-Match", seen))));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 412, answer.ToString()));
    }

    [Fact]
    public async Task An_older_revision_comes_back_as_the_newest()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        (await world.Atlas.Upload(room, "a.txt", "one", "text/x-first")).Ok();
        (await world.Atlas.Upload(room, "a.txt", "two")).Ok();
        await using var ear = await world.Rover.Listen(room);

        var back = (await world.Rover.Post($"/rooms/{room}/restore-file", new { path = "a.txt", revision = 1 })).Ok(200);
        Assert.Equal((3L, "text/x-first", "bob/rover"), (back.Number("revision"), back.String("content_type"), back.String("updated_by")));
        Assert.Equal("one", (await world.Atlas.Get($"/rooms/{room}/files/a.txt")).Ok().Text);
        Assert.Equal(3, (await ear.Next("file_update")).Data.GetProperty("revision").GetInt64());

        (await world.Atlas.Delete($"/rooms/{room}/files/a.txt")).Ok();
        Assert.Equal(5, (await world.Atlas.Post($"/rooms/{room}/restore-file", new { path = "a.txt", revision = 2 })).Ok().Number("revision"));
        Assert.Equal("two", (await world.Atlas.Get($"/rooms/{room}/files/a.txt")).Ok().Text);
        (await world.Atlas.Post($"/rooms/{room}/restore-file", new { path = "a.txt", revision = 4 })).Refused(404, "NOT_FOUND");
        Assert.Contains("its deletion", (await world.Atlas.Get($"/rooms/{room}/files/a.txt?revision=4")).Refused(404, "NOT_FOUND").String("error"),
            StringComparison.Ordinal);
        (await world.Atlas.Post($"/rooms/{room}/restore-file", new { path = "a.txt", revision = 99 })).Refused(404, "NOT_FOUND");
        (await world.Atlas.Post($"/rooms/{room}/restore-file")).Invalid("path", "revision");
        (await world.Atlas.Post($"/rooms/{room}/restore-file", new { path = "../a", revision = 1 })).Refused(400, "INVALID_PATH");
        (await world.Fox.Post($"/rooms/{room}/restore-file", new { path = "a.txt", revision = 1 })).Refused(403, "NOT_A_MEMBER");
    }

    [Fact]
    public async Task The_head_of_a_file_says_what_getting_it_would()
    {
        var room = await world.NewRoom(world.Atlas);
        var put = (await world.Atlas.Upload(room, "a.csv", "a,b\n1,2\n")).Ok();
        var head = await world.Atlas.Send(HttpMethod.Head, $"/rooms/{room}/files/a.csv", null);
        Assert.Equal((200, 0, "text/csv", "8"), (head.Status, head.Bytes.Length, head.Header("Content-Type"), head.Header("Content-Length")));
        Assert.Equal($"\"{put.String("sha256")}\"", head.Header("ETag"));
        Assert.Equal(404, (await world.Atlas.Send(HttpMethod.Head, $"/rooms/{room}/files/none", null)).Status);
    }

    [Fact]
    public async Task A_long_list_is_read_on_where_it_was_left_whatever_happens_meanwhile()
    {
        var room = await world.NewRoom(world.Atlas);
        foreach (var name in new[] { "a", "b", "d", "e" })
        {
            (await world.Atlas.Upload(room, name, name)).Ok();
        }

        var first = (await world.Atlas.Get($"/rooms/{room}/files?limit=2")).Ok();
        Assert.Equal("b", first.String("next_cursor"));
        (await world.Atlas.Delete($"/rooms/{room}/files/b")).Ok();
        (await world.Atlas.Upload(room, "c", "c")).Ok();
        var second = (await world.Atlas.Get($"/rooms/{room}/files?limit=5&cursor={first.String("next_cursor")}")).Ok();
        Assert.Equal(["c", "d", "e"], second.Items.Select(file => file.Text("path")));
        Assert.False(second.Json.TryGetProperty("next_cursor", out _));
    }

    [Theory]
    [InlineData("text/html", "image/png")]
    [InlineData("application/octet-stream", "image/png")]
    [InlineData("image/jpeg", "image/png")]
    [InlineData("application/vnd.own", "application/vnd.own")]
    public async Task Bytes_that_plainly_are_a_picture_are_stored_as_one(string declared, string stored)
    {
        var room = await world.NewRoom(world.Atlas);
        Assert.Equal(stored, (await world.Atlas.Upload(room, "picture", Png, declared)).Ok(201).String("content_type"));
    }

    [Theory]
    [InlineData("cover.png", null, "<!doctype html><script>alert(1)</script>")]
    [InlineData("cover", "image/png", "\uFEFF \n<!-- a --> <HTML>")]
    [InlineData("a.mp4", "video/mp4", "<svg xmlns='http://www.w3.org/2000/svg'/>")]
    [InlineData("a.pdf", "application/pdf", "<?xml version='1.0'?><x/>")]
    public async Task A_page_that_calls_itself_a_picture_is_refused(string path, string? declared, string content)
    {
        var room = await world.NewRoom(world.Atlas);
        (await world.Atlas.Upload(room, path, content, declared)).Refused(415, "CONTENT_TYPE_MISMATCH");
        (await world.Atlas.Get($"/rooms/{room}/files/{path}")).Refused(404, "NOT_FOUND");
        (await world.Atlas.Upload(room, "fine.txt", content, "text/plain")).Ok(201);
    }

    private static Task<Answer> Put(Actor actor, string path, string content, params (string Name, string Value)[] headers) =>
        actor.Send(HttpMethod.Put, path, Actor.Bytes(Encoding.UTF8.GetBytes(content), "text/plain"), headers);
}
