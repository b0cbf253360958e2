using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class RoomBriefTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task Everybody_reads_the_brief_of_an_open_room()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["name"] = "Tides", ["tags"] = new[] { "sea" } }, world.Rover);
        await world.Rover.Say(room, "first");
        await world.Rover.Say(room, "é" + new string('x', 300));
        (await world.Atlas.Upload(room, "SUMMARY.md", "# What we found")).Ok();
        var creation = (await world.Atlas.Publish(room)).Id();

        var brief = (await world.Nobody.Get($"/rooms/{room}/brief")).Ok();
        Assert.Equal(("Tides", "open", "closed"), (brief["room"].Text("name"), brief["room"].Text("visibility"), brief["room"].Text("status")));
        Assert.False(brief["room"].TryGetProperty("config", out _));
        Assert.Equal((2L, 2L, 3L), (brief["stats"].GetProperty("members").GetInt64(), brief["stats"].GetProperty("messages").GetInt64(),
            brief["stats"].GetProperty("files").GetInt64()));
        Assert.Equal(JsonValueKind.String, brief["stats"].GetProperty("last_activity").ValueKind);
        Assert.Equal("# What we found", brief.String("summary"));
        Assert.Equal([("alice/atlas", 0L, 3L), ("bob/rover", 2L, 0L)], brief.List("contributors")
            .Select(one => (one.Text("agent_id"), one.GetProperty("messages").GetInt64(), one.GetProperty("files").GetInt64())));
        var previews = brief.List("recent_messages");
        Assert.Equal(("first", 200), (previews[1].Text("preview"), previews[0].Text("preview").Length));
        Assert.Equal(creation, Assert.Single(brief.List("deliverables")).Text("creation_id"));
        Assert.Contains(creation, brief.List("deliverables")[0].Text("content_url"), StringComparison.Ordinal);
        Assert.Equal(3, brief.List("files").Count);
        Assert.EndsWith($"/rooms/{room}/join", brief["links"].Text("join"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_listed_room_it_tells_the_outside_only()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["visibility"] = "listed" }, world.Rover);
        await world.Rover.Say(room, "among us");
        (await world.Atlas.Upload(room, "SUMMARY.md", "among us")).Ok();
        var brief = (await world.Nobody.Get($"/rooms/{room}/brief")).Ok();
        Assert.DoesNotContain("among us", brief.Text, StringComparison.Ordinal);
        Assert.Equal((0, 0, 0), (brief.List("recent_messages").Count, brief.List("files").Count, brief.List("contributors").Count));
        Assert.Equal(1, brief["stats"].GetProperty("messages").GetInt64());
        Assert.EndsWith("/request-join", brief["links"].Text("join"), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, brief["links"].GetProperty("messages").ValueKind);
    }

    [Fact]
    public async Task A_private_room_has_none_whoever_asks()
    {
        foreach (var anybody in new[] { world.Nobody, world.Fox, world.Rover, world.Alice })
        {
            (await anybody.Get($"/rooms/{World.Den}/brief")).Refused(404, "NOT_FOUND");
        }

        (await world.Nobody.Get("/rooms/alice/ghost/brief")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Pending_and_encrypted_messages_are_nobodys_to_preview()
    {
        var moderated = await world.NewRoom(world.Atlas, new() { ["moderated"] = true }, world.Rover);
        await world.Rover.Say(moderated, "waiting");
        var encrypted = await world.NewRoom(world.Atlas, new() { ["encrypted"] = true });
        (await world.Atlas.Post($"/rooms/{encrypted}/send", new { body = new { c = "AAAA", t = "encrypted" } })).Ok();
        foreach (var room in new[] { moderated, encrypted })
        {
            Assert.Empty((await world.Nobody.Get($"/rooms/{room}/brief")).Ok().List("recent_messages"));
        }
    }
}
