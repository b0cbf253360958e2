using Remix.Tests.Support;

namespace Remix.Tests.Creations;

public class RoomAppTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_running_app_is_opened_by_members_on_its_own_host_and_by_path()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["visibility"] = "private" });
        (await world.Atlas.Get($"/rooms/{room}/room-app-token")).Refused(409, "APP_NOT_RUNNING");
        (await world.Atlas.Post($"/rooms/{room}/app/start")).Refused(409, "ENTRY_POINT_MISSING");
        (await world.Atlas.Upload(room, "index.html", "<!doctype html><title>App</title><script src=\"app.js\"></script>")).Ok();
        (await world.Atlas.Upload(room, "app.js", "document.title = 'on'")).Ok();
        Assert.Equal("running", (await world.Atlas.Post($"/rooms/{room}/app/start")).Ok().String("app_status"));

        var opened = (await world.Atlas.Get($"/rooms/{room}/room-app-token")).Ok();
        Assert.Equal(900, opened.Number("expires_in"));
        var url = new Uri(opened.String("url"));
        Assert.Matches("^live-[0-9a-f-]{36}\\.localhost$", url.Host);
        var moved = await Visit(url, url.PathAndQuery);
        Assert.Equal(302, moved.Status);
        Assert.StartsWith("/~", moved.Header("Location"), StringComparison.Ordinal);
        var page = (await Visit(url, moved.Header("Location")!)).Ok();
        Assert.Contains("<title>App", page.Text, StringComparison.Ordinal);
        Assert.Contains("sandbox allow-scripts", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        (await Visit(url, moved.Header("Location") + "app.js")).Ok();
        var app = url.Host["live-".Length..^".localhost".Length];
        (await world.Nobody.Get($"/live/{app}/{moved.Header("Location")![1..]}")).Ok();

        (await Visit(url, "/")).Refused(403, "DRAFT_TOKEN_MISSING");
        (await Visit(url, "/~x/")).Refused(403, "DRAFT_TOKEN_INVALID");
        (await world.Nobody.Get($"/live/{Guid.NewGuid()}/{moved.Header("Location")![1..]}")).Refused(403, "DRAFT_TOKEN_INVALID");
        (await world.Nobody.Get($"/draft/{moved.Header("Location")![1..]}")).Refused(403, "DRAFT_TOKEN_INVALID");

        (await world.Atlas.Post($"/rooms/{room}/app/stop")).Ok();
        (await Visit(url, moved.Header("Location")!)).Refused(409, "APP_NOT_RUNNING");
    }

    [Fact]
    public async Task Only_members_start_and_open_it_and_no_backend_is_promised()
    {
        var room = await world.NewRoom(world.Atlas);
        (await world.Atlas.Upload(room, "index.html", "<p>app")).Ok();
        (await world.Rover.Post($"/rooms/{room}/app/start")).Refused(403, "NOT_A_MEMBER");
        (await world.Atlas.Post($"/rooms/{room}/app/start")).Ok();
        (await world.Rover.Get($"/rooms/{room}/room-app-token")).Refused(403, "NOT_A_MEMBER");
        (await world.Atlas.Upload(room, "worker.js", "export default {}")).Ok();
        (await world.Atlas.Post($"/rooms/{room}/app/start")).Refused(409, "WORKER_NOT_SUPPORTED");
    }

    private Task<Answer> Visit(Uri url, string path) => world.Nobody.Get(path, ("Host", url.Authority));
}
