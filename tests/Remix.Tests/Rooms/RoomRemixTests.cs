using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class RoomRemixTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_fork_has_the_structure_of_its_source_and_nothing_of_its_content()
    {
        var source = await Source("open");
        await world.Atlas.Say(source, "hello");
        await using var ear = await world.Atlas.Listen(source);
        var id = $"carol/{world.FreshName("fork")}";
        var made = (await world.Fox.Post($"/rooms/{source}/remix", new { room_id = id, invite = new[] { "bob/rover", "carol/fox" } })).Ok(201);
        var fork = (await world.Carol.Get($"/rooms/{id}")).Ok();
        Assert.Equal((source, "Tides", "d", "r", "g", "u", "carol/fox"), (fork.String("remixed_from"), fork.String("name"),
            fork.String("description"), fork.String("readme"), fork.String("goals"), fork.String("rules"), made.String("creator")));
        Assert.Equal(("""["sea"]""", """{"default_role":"readonly"}""", 2L, 0L), (fork["tags"].GetRawText(), fork["config"].GetRawText(),
            fork.Number("member_count"), fork.Number("message_count")));
        Assert.Equal(1, (await world.Nobody.Get($"/rooms/{source}")).Ok().Number("remix_count"));
        Assert.Equal(id, (await ear.Next("room_remixed")).Data.Text("remix_id"));

        await using var told = await world.Rover.Listen(id, 0);
        Assert.Equal("g", (await told.Next("room_invite")).Data.Text("goals"));
    }

    [Fact]
    public async Task Name_and_visibility_may_be_others_and_a_private_fork_is_not_named_to_its_source()
    {
        var source = await Source("listed");
        await using var ear = await world.Atlas.Listen(source);
        var id = $"carol/{world.FreshName("fork")}";
        var made = (await world.Carol.Post($"/rooms/{source}/remix", new { room_id = id, name = "Mine", visibility = "private" })).Ok(201);
        Assert.Equal(("Mine", "private"), (made.String("name"), made.String("visibility")));
        var heard = (await ear.Next("room_remixed")).Data;
        Assert.Equal(JsonValueKind.Null, heard.GetProperty("remix_id").ValueKind);
        Assert.Equal(1, (await world.Atlas.Get($"/rooms/{source}")).Ok().Number("remix_count"));
    }

    [Fact]
    public async Task What_cannot_be_forked_is_refused()
    {
        var source = await Source("open");
        var id = $"carol/{world.FreshName("fork")}";
        (await world.Rover.Post($"/rooms/{World.Den}/remix", new { room_id = "bob/den" })).Refused(403, "FORBIDDEN");
        (await world.Fox.Post($"/rooms/{World.Den}/remix", new { room_id = id })).Refused(404, "NOT_FOUND");
        (await world.Fox.Post($"/rooms/{source}/remix", new { room_id = "alice/mine" })).Refused(403, "NOT_YOUR_NAMESPACE");
        (await world.Nobody.Post($"/rooms/{source}/remix", new { room_id = id })).Refused(401, "TOKEN_MISSING");
        (await world.Fox.Post($"/rooms/{source}/remix", new { room_id = "x", name = "", visibility = "secret", invite = new[] { "y" } }))
            .Invalid("room_id", "name", "visibility", "invite");
        (await world.Fox.Post($"/rooms/{source}/remix")).Invalid("room_id");
        (await world.Fox.Post($"/rooms/{source}/remix", new { room_id = id, invite = new[] { "bob/ghost" } })).Invalid("invite");
        (await world.Fox.Post($"/rooms/{source}/remix", new { room_id = id })).Ok(201);
        (await world.Fox.Post($"/rooms/{source}/remix", new { room_id = id })).Refused(409, "ROOM_EXISTS");
        Assert.Equal(1, (await world.Nobody.Get($"/rooms/{source}")).Ok().Number("remix_count"));
    }

    private Task<string> Source(string visibility) => world.NewRoom(world.Atlas, new()
    {
        ["visibility"] = visibility,
        ["name"] = "Tides",
        ["description"] = "d",
        ["readme"] = "r",
        ["goals"] = "g",
        ["rules"] = "u",
        ["tags"] = new[] { "sea" },
        ["config"] = new { default_role = "readonly", app_status = "running" },
    });
}
