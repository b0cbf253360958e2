using Microsoft.Extensions.DependencyInjection;
using Remix.Platform.Blobs;
using Remix.Rooms.Files;
using Remix.Tests.Support;

namespace Remix.Tests.Creations;

public class SubmissionRefusalTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task Every_problem_of_a_body_is_named_at_once()
    {
        var path = $"/rooms/{World.Lab}/creations";
        (await world.Atlas.Post(path, new
        {
            topic = 5,
            description = false,
            type = "poem",
            tags = "science",
            source_dir = "creations/../../etc",
            cover = "../cover.svg",
            has_audio = "yes",
            has_live_data = 1,
            parent_id = "mother",
        })).Invalid("topic", "description", "type", "tags", "source_dir", "cover", "has_audio", "has_live_data", "parent_id");
        (await world.Atlas.Post(path, new { })).Invalid("topic");
        (await world.Atlas.Post(path)).Invalid("topic");
        (await world.Atlas.Post(path, new { topic = "" })).Invalid("topic");
        (await world.Atlas.Post(path, new { topic = "  \t" })).Invalid("topic");
        (await world.Atlas.Post(path, new { topic = new string('x', 201), description = new string('x', 2001) })).Invalid("topic", "description");
        (await world.Atlas.Post(path, new { topic = "x", tags = Enumerable.Range(0, 11).Select(tag => $"t{tag}") })).Invalid("tags");
        (await world.Atlas.Post(path, new { topic = "x", tags = new object[] { "ok", 5, new string('x', 41) } })).Invalid("tags.1", "tags.2");
        (await world.Atlas.Post(path + "/check", new { topic = 5, type = "poem" })).Invalid("topic", "type");
        (await world.Atlas.Send(HttpMethod.Post, path, Actor.Json("{"))).Refused(400, "MALFORMED_JSON");
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../den")]
    [InlineData("creations/../../den")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    [InlineData("a\\b")]
    [InlineData("c:/windows")]
    [InlineData("%2e%2e%2fden")]
    [InlineData("a\u0001b")]
    public async Task Paths_lead_nowhere_else(string path)
    {
        (await world.Atlas.Post($"/rooms/{World.Lab}/creations", new { topic = "x", source_dir = path })).Invalid("source_dir");
        (await world.Atlas.Post($"/rooms/{World.Lab}/creations", new { topic = "x", cover = path })).Invalid("cover");
    }

    [Fact]
    public async Task A_cover_above_the_folder_is_no_cover()
    {
        var room = await world.NewRoom(world.Atlas);
        (await world.Atlas.Upload(room, "cover.svg", Making.Cover)).Ok();
        var folder = await world.Atlas.Fill(room, cover: null);
        Assert.Equal("rejected", (await world.Atlas.Submit(room, folder, new() { ["cover"] = "cover.svg" })).Ok(201).String("status"));
    }

    [Fact]
    public async Task Members_may_submit_and_the_rooms_owner_and_nobody_else()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["config"] = new { default_role = "readonly" } }, world.Rover);
        var folder = await world.Atlas.Fill(room);
        (await world.Fox.Submit(room, folder)).Refused(403, "NOT_A_MEMBER");
        (await world.Fox.Post($"/rooms/{room}/join")).Ok();
        (await world.Fox.Submit(room, folder)).Refused(403, "FORBIDDEN");
        (await world.Fox.Post($"/rooms/{room}/creations/check", Making.Wish(folder))).Refused(403, "FORBIDDEN");
        (await world.Carol.Submit(room, folder)).Refused(403, "NOT_A_MEMBER");
        (await world.Bob.Submit(room, folder)).Refused(403, "NOT_A_MEMBER");
        (await world.Nobody.Submit(room, folder)).Refused(401, "TOKEN_MISSING");

        Assert.Equal("published", (await world.Rover.Submit(room, folder)).Ok(201).String("status"));
        var byOwner = (await world.Alice.Submit(room, folder)).Ok(201);
        Assert.Equal(("published", 2), (byOwner.String("status"), byOwner.Number("version")));
    }

    [Fact]
    public async Task An_agent_needs_the_permission_for_files()
    {
        var reader = await world.NewAgent(world.Alice, new { actions = new[] { "read", "send" }, rooms = new[] { "*" } });
        var room = await world.NewRoom(world.Atlas, null, reader);
        var folder = await world.Atlas.Fill(room);
        (await reader.Submit(room, folder)).Refused(403, "PERMISSION_DENIED");
    }

    [Fact]
    public async Task A_private_room_does_not_exist_for_strangers()
    {
        foreach (var stranger in new[] { world.Fox, world.Carol, world.Bob })
        {
            (await stranger.Submit(World.Den, "creations/x")).Refused(404, "NOT_FOUND");
            (await stranger.Post($"/rooms/{World.Den}/creations/check", Making.Wish("x"))).Refused(404, "NOT_FOUND");
            (await stranger.Get($"/rooms/{World.Den}/creations")).Refused(404, "NOT_FOUND");
        }

        (await world.Atlas.Submit("alice/nowhere", "creations/x")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task A_room_without_agents_has_nobody_who_could_have_made_it()
    {
        var user = await world.NewUser();
        var room = await world.NewRoom(user);
        var folder = await user.Fill(room);
        var refused = (await user.Submit(room, folder)).Refused(409, "NO_AGENT_IN_ROOM");
        Assert.Equal($"/rooms/{room}/invite", refused["fix"].Text("path"));

        var agent = await world.NewAgent(user);
        (await user.Post($"/rooms/{room}/invite", new { agents = new[] { agent.Name } })).Ok();
        Assert.Equal("published", (await user.Submit(room, folder)).Ok(201).String("status"));
    }

    [Fact]
    public async Task An_empty_folder_waits_and_is_published_once_it_is_filled()
    {
        var room = await world.NewRoom(world.Atlas);
        var folder = Making.FreshFolder();
        var made = (await world.Atlas.Submit(room, folder)).Ok(201);
        Assert.Equal(("pending_review", "SOURCE_EMPTY"), (made.String("status"), made["publish_error"].Text("code")));
        Assert.NotEmpty(made["publish_error"].Text("error"));
        Assert.Contains($"/creations/{made.Id()}/publish", made["publish_error"].Text("hint"), StringComparison.Ordinal);
        Assert.False(made.Json.TryGetProperty("reasons", out _));

        Assert.Equal("SOURCE_EMPTY", (await world.Atlas.Post($"/creations/{made.Id()}/publish")).Ok(200)["publish_error"].Text("code"));
        await world.Atlas.Fill(room, folder);
        var published = (await world.Atlas.Post($"/creations/{made.Id()}/publish")).Ok(200);
        Assert.Equal("published", published.String("status"));
        Assert.False(published.Json.TryGetProperty("publish_error", out _));
        Assert.Contains("Why the sea", (await world.Visit(made.Id())).Ok().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_its_page_waits_and_is_published_once_it_is_there()
    {
        var room = await world.NewRoom(world.Atlas);
        var folder = Making.FreshFolder();
        (await world.Atlas.Upload(room, $"{folder}/cover.svg", Making.Cover)).Ok();
        (await world.Atlas.Upload(room, $"{folder}/sub/index.html", Making.Page)).Ok();
        var made = (await world.Atlas.Submit(room, folder)).Ok(201);
        Assert.Equal(("pending_review", "ENTRY_POINT_MISSING"), (made.String("status"), made["publish_error"].Text("code")));
        Assert.Equal("ENTRY_POINT_MISSING", (await world.Atlas.Get($"/creations/{made.Id()}/pipeline")).Ok()["publish_error"].Text("code"));

        await world.Atlas.Fill(room, folder);
        Assert.Equal("published", (await world.Atlas.Post($"/creations/{made.Id()}/publish")).Ok(200).String("status"));
        var pipeline = (await world.Atlas.Get($"/creations/{made.Id()}/pipeline")).Ok();
        Assert.Equal(System.Text.Json.JsonValueKind.Null, pipeline["publish_error"].ValueKind);
    }

    [Fact]
    public async Task What_waits_is_verified_again_before_it_is_published()
    {
        var room = await world.NewRoom(world.Atlas);
        var folder = Making.FreshFolder();
        var id = (await world.Atlas.Submit(room, folder)).Ok(201).Id();
        await world.Atlas.Fill(room, folder, "<script>eval('1')</script>");
        Assert.Equal("rejected", (await world.Atlas.Post($"/creations/{id}/publish")).Ok(200).String("status"));
        Assert.Equal(404, (await world.Visit(id)).Status);
    }

    [Fact]
    public async Task More_than_500_files_are_too_many_until_one_is_gone()
    {
        var room = await world.NewRoom(world.Atlas);
        var folder = await world.Atlas.Fill(room);
        await Name(room, [.. Enumerable.Range(0, 499).Select(number => $"{folder}/data/{number:000}.txt")], 5);
        await TooLarge(room, folder, "TOO_MANY_FILES", $"{folder}/data/000.txt");
    }

    [Fact]
    public async Task A_file_of_more_than_10_MB_is_too_large()
    {
        var room = await world.NewRoom(world.Atlas);
        var folder = await world.Atlas.Fill(room);
        (await world.Atlas.Upload(room, $"{folder}/film.mp4", new byte[10 * 1024 * 1024 + 1])).Refused(413, "FILE_TOO_LARGE");
        await Name(room, [$"{folder}/film.mp4"], 10 * 1024 * 1024 + 1);
        await TooLarge(room, folder, "FILE_TOO_LARGE", $"{folder}/film.mp4");
    }

    [Fact]
    public async Task Files_of_more_than_50_MB_in_all_are_too_large()
    {
        var room = await world.NewRoom(world.Atlas);
        var folder = await world.Atlas.Fill(room);
        await Name(room, [.. Enumerable.Range(0, 5).Select(number => $"{folder}/{number}.mp4")], 10 * 1024 * 1024);
        await TooLarge(room, folder, "TOTAL_SIZE_EXCEEDED", $"{folder}/0.mp4");
    }

    private async Task TooLarge(string room, string folder, string code, string culprit)
    {
        var refused = (await world.Atlas.Submit(room, folder)).Refused(413, code);
        var id = refused.Id();
        Assert.Equal($"/creations/{id}/publish", refused["fix"].Text("path"));
        Assert.Equal("pending_review", (await world.Atlas.Get($"/creations/{id}")).Ok().String("status"));
        (await world.Atlas.Post($"/creations/{id}/publish")).Refused(413, code);
        Assert.Equal(code, (await world.Atlas.Post($"/rooms/{room}/creations/check", Making.Wish(folder))).Ok(200)["publish_error"].Text("code"));

        (await world.Alice.Delete($"/rooms/{room}/files/{culprit}")).Ok();
        Assert.Equal("published", (await world.Atlas.Post($"/creations/{id}/publish")).Ok(200).String("status"));
    }

    /// <summary>Files that are there already: sending them all would take long, and one so large cannot be sent.</summary>
    private async Task Name(string room, IReadOnlyCollection<string> paths, int bytes)
    {
        var blob = await world.Services.GetRequiredService<BlobStore>().Put(new byte[bytes], CancellationToken.None);
        var files = world.Services.GetRequiredService<RoomFiles>();
        await Parallel.ForEachAsync(paths, async (path, _) => await files.Name(room, path, blob, "application/octet-stream", "alice/atlas"));
    }
}
