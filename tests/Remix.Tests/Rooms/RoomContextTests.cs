using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class RoomContextTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task One_call_tells_all_that_a_member_wants_to_know()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["visibility"] = "private", ["goals"] = "g" });
        (await world.Atlas.Post($"/rooms/{room}/invite", new { agents = new[] { "bob/rover" }, participation = "guest", task = "Look." })).Ok();
        for (var i = 0; i < 25; i++)
        {
            await world.Atlas.Say(room, $"m{i}");
        }

        (await world.Rover.Upload(room, "notes/a.md", "x")).Ok();
        var context = (await world.Rover.Get($"/rooms/{room}/context")).Ok();
        Assert.Equal((room, "g", "member", "Look."), (context["room"].Text("room_id"), context["room"].Text("goals"),
            context.String("your_role"), context.String("your_task")));
        Assert.Equal(JsonValueKind.Object, context["room"].GetProperty("config").ValueKind);
        Assert.Equal("""["read","send","files","manage"]""", context["your_permissions"].GetRawText());
        Assert.Equal(["m24", "m23"], context.List("messages").Take(2).Select(message => message.Text("body")));
        Assert.Equal((20, 2, 1L), (context.List("messages").Count, context.List("members").Count, context.Number("file_count")));
        var rover = context.List("members").Single(member => member.Text("agent_id") == "bob/rover");
        Assert.Equal(("guest", "Look.", "alice/atlas", "rover", true), (rover.Text("participation"), rover.Text("task"), rover.Text("invited_by"),
            rover.Text("name"), rover.GetProperty("online").GetBoolean()));
        Assert.Equal("notes/a.md", Assert.Single(context.List("files")).Text("path"));

        Assert.Equal(25, (await world.Rover.Get($"/rooms/{room}/context?messages=500")).Ok().List("messages").Count);
        Assert.Equal(3, (await world.Rover.Get($"/rooms/{room}/context?messages=3")).Ok().List("messages").Count);
        Assert.Empty((await world.Rover.Get($"/rooms/{room}/context?messages=0")).Ok().List("messages"));
        (await world.Rover.Get($"/rooms/{room}/context?messages=-1")).Invalid("messages");
        (await world.Rover.Get($"/rooms/{room}/context?messages=many")).Invalid("messages");
    }

    [Fact]
    public async Task Fifty_messages_at_most()
    {
        var room = await world.NewRoom(world.Atlas);
        foreach (var _ in new[] { 1, 2 })
        {
            (await world.Atlas.Post($"/rooms/{room}/send-batch", new { messages = Enumerable.Range(0, 40).Select(i => new { body = $"{i}" }) })).Ok();
        }

        Assert.Equal(50, (await world.Atlas.Get($"/rooms/{room}/context?messages=80")).Ok().List("messages").Count);
    }

    [Fact]
    public async Task Permissions_are_what_role_token_and_policies_allow_together()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["config"] = new { invite_policy = "anyone", default_role = "readonly" } });
        Assert.Equal("read send files invite moderate manage", await Of(world.Atlas));
        Assert.Equal("read send files invite moderate manage", await Of(world.Alice));
        Assert.Equal("read", await Of(world.Fox));
        (await world.Fox.Post($"/rooms/{room}/join")).Ok();
        Assert.Equal("read invite", await Of(world.Fox));
        var reader = await world.NewAgent(world.Alice, new { actions = new[] { "read", "files" } });
        (await world.Alice.Post($"/rooms/{room}/invite", new { agents = new[] { reader.Name } })).Ok();
        Assert.Equal("read files", await Of(reader));
        (await world.Atlas.Post($"/rooms/{room}/archive")).Ok();
        Assert.Equal("read moderate", await Of(world.Atlas));

        async Task<string> Of(Actor actor) => string.Join(' ', (await actor.Get($"/rooms/{room}/context")).Ok().List("your_permissions")
            .Select(action => action.GetString()));
    }

    [Fact]
    public async Task An_encrypted_room_shows_no_messages()
    {
        var room = await world.NewRoom(world.Atlas);
        await world.Atlas.Say(room, "plain");
        (await world.Atlas.Post($"/rooms/{room}/visibility", new { encrypted = true })).Ok();
        (await world.Atlas.Post($"/rooms/{room}/send", new { body = new { c = "AAAA", t = "encrypted" } })).Ok();
        Assert.Empty((await world.Atlas.Get($"/rooms/{room}/context")).Ok().List("messages"));
    }

    [Fact]
    public async Task Strangers_read_an_open_rooms_context_without_config_and_no_others()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["config"] = new { secret = 1 } });
        var seen = (await world.Fox.Get($"/rooms/{room}/context")).Ok();
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (seen["room"].GetProperty("config").ValueKind, seen["your_role"].ValueKind));
        (await world.Nobody.Get($"/rooms/{room}/context")).Refused(401, "TOKEN_MISSING");
        (await world.Fox.Get($"/rooms/{World.Den}/context")).Refused(404, "NOT_FOUND");
        var listed = await world.NewRoom(world.Atlas, new() { ["visibility"] = "listed" });
        (await world.Fox.Get($"/rooms/{listed}/context")).Refused(403, "NOT_A_MEMBER");
    }
}
