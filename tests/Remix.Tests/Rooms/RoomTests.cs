using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class RoomTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_room_keeps_everything_it_was_made_with()
    {
        var roomId = $"alice/{world.FreshName("room")}";
        var made = (await world.Atlas.Post("/rooms", new
        {
            room_id = roomId,
            name = "Lab",
            description = "d",
            readme = "r",
            goals = "g",
            rules = "u",
            topic = "t",
            visibility = "listed",
            encrypted = true,
            moderated = true,
            tags = new[] { "a", "b" },
            config = new { join_policy = "invite", anything = new { nested = 1 } },
            invite = new[] { "bob/rover", "bob/rover" },
        })).Ok(201);

        Assert.Equal(("alice", "alice/atlas", "listed", "t"),
            (made.String("owner"), made.String("creator"), made.String("visibility"), made.String("topic")));
        var read = (await world.Atlas.Get($"/rooms/{roomId}")).Ok();
        Assert.Equal(("admin", 2L, 0L), (read.String("your_role"), read.Number("member_count"), read.Number("message_count")));
        Assert.True(read["encrypted"].GetBoolean() && read["moderated"].GetBoolean());
        Assert.Equal("""["a","b"]""", read["tags"].GetRawText());
        Assert.Equal(1, read["config"].GetProperty("anything").GetProperty("nested").GetInt32());
    }

    [Fact]
    public async Task A_room_is_private_unless_it_says_otherwise()
    {
        var made = (await world.Alice.Post("/rooms", new { room_id = $"alice/{world.FreshName("room")}" })).Ok(201);
        Assert.Equal("private", made.String("visibility"));
        Assert.Equal("alice", made.String("creator"));
        Assert.Equal(made.String("room_id").Split('/')[1], made.String("name"));
    }

    [Fact]
    public async Task A_template_fills_what_was_left_out()
    {
        var templates = (await world.Nobody.Get("/templates")).Ok().Json.EnumerateArray().ToList();
        Assert.Equal(["code-review", "data-pipeline", "planning", "research", "support"],
            templates.Select(template => template.GetProperty("id").GetString()).Order());

        var made = (await world.Atlas.Post("/rooms", new { room_id = $"alice/{world.FreshName("room")}", template = "research", goals = "mine" }))
            .Ok(201);
        Assert.Equal("mine", made.String("goals"));
        Assert.StartsWith("# Research", made.String("readme"), StringComparison.Ordinal);
        (await world.Atlas.Post("/rooms", new { room_id = "alice/never", template = "nonsense" })).Invalid("template");
    }

    [Fact]
    public async Task A_rooms_id_is_given_once_and_under_its_owner()
    {
        (await world.Atlas.Post("/rooms", new { room_id = World.Lab })).Refused(409, "ROOM_EXISTS");
        (await world.Atlas.Post("/rooms", new { room_id = "bob/mine" })).Refused(403, "NOT_YOUR_NAMESPACE");
        (await world.Nobody.Post("/rooms", new { room_id = "alice/mine" })).Refused(401, "TOKEN_MISSING");
    }

    [Fact]
    public async Task All_problems_of_a_room_are_told_at_once() => (await world.Atlas.Post("/rooms", new
    {
        room_id = "alice",
        name = "",
        visibility = "secret",
        encrypted = "yes",
        tags = Enumerable.Repeat("t", 21),
        invite = new[] { "rover" },
        config = new { join_policy = "sometimes", default_role = "admin" },
        topic = new string('x', 501),
    })).Invalid("room_id", "name", "visibility", "encrypted", "tags", "invite", "config.join_policy", "config.default_role", "topic");

    [Fact]
    public async Task Who_is_invited_must_exist() =>
        (await world.Atlas.Post("/rooms", new { room_id = $"alice/{world.FreshName("room")}", invite = new[] { "bob/rover", "bob/ghost" } }))
            .Invalid("invite");

    [Fact]
    public async Task The_creator_may_name_itself_among_the_invited()
    {
        var roomId = $"alice/{world.FreshName("room")}";
        var made = (await world.Atlas.Post("/rooms", new { room_id = roomId, invite = new[] { "alice/atlas", "bob/rover" } })).Ok(201);
        Assert.Equal(2, made.Number("member_count"));
        var members = (await world.Atlas.Get($"/rooms/{roomId}/members")).Ok().Items;
        Assert.Equal(["admin", "member"], members.Select(member => member.GetProperty("role").GetString()).Order());
    }

    [Fact]
    public async Task A_private_room_does_not_exist_for_strangers()
    {
        var ghost = (await world.Fox.Get("/rooms/alice/ghost")).Refused(404, "NOT_FOUND");
        foreach (var stranger in new[] { world.Fox, world.Carol, world.Nobody })
        {
            var refused = (await stranger.Get($"/rooms/{World.Den}")).Refused(404, "NOT_FOUND");
            Assert.Equal(ghost.String("error"), refused.String("error"));
            Assert.Equal(ghost.String("hint"), refused.String("hint"));
        }

        (await world.Fox.Post($"/rooms/{World.Den}/join")).Refused(404, "NOT_FOUND");
        (await world.Fox.Post($"/rooms/{World.Den}/send", new { body = "hi" })).Refused(404, "NOT_FOUND");
        (await world.Fox.Get($"/rooms/{World.Den}/files/a")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Members_the_owner_and_platform_admins_see_a_private_room()
    {
        Assert.Equal("member", (await world.Rover.Get($"/rooms/{World.Den}")).Ok().String("your_role"));
        Assert.Equal("admin", (await world.Alice.Get($"/rooms/{World.Den}")).Ok().String("your_role"));
        Assert.Equal("admin", (await world.Dave.Get($"/rooms/{World.Den}")).Ok().String("your_role"));
        (await world.Bob.Get($"/rooms/{World.Den}")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Strangers_read_an_open_room_without_its_config()
    {
        var seen = (await world.Nobody.Get($"/rooms/{World.Lab}")).Ok();
        Assert.Equal(JsonValueKind.Null, seen["config"].ValueKind);
        Assert.False(seen.Json.TryGetProperty("your_role", out _));
        Assert.Equal(JsonValueKind.Object, (await world.Rover.Get($"/rooms/{World.Lab}")).Ok()["config"].ValueKind);
    }

    [Fact]
    public async Task An_agent_lists_the_rooms_it_is_in_newest_membership_first()
    {
        var agent = await world.NewAgent(world.Alice);
        var rooms = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            rooms.Insert(0, await world.NewRoom(agent));
            await Task.Delay(2);
        }

        var all = (await agent.Get("/rooms")).Ok();
        Assert.Equal(rooms, all.Items.Select(room => room.GetProperty("room_id").GetString()));
        var page = (await agent.Get("/rooms?limit=2&offset=2")).Ok();
        Assert.Equal(rooms[2..4], page.Items.Select(room => room.GetProperty("room_id").GetString()));
        Assert.Equal((5L, true), (page.Number("total"), page["has_more"].GetBoolean()));
        Assert.False((await agent.Get("/rooms?limit=3&offset=2")).Ok()["has_more"].GetBoolean());
        (await agent.Get("/rooms?limit=0&offset=-1")).Invalid("limit", "offset");
        (await world.Alice.Get("/rooms")).Refused(403, "AGENT_TOKEN_NEEDED");
    }

    [Fact]
    public async Task Making_a_room_is_the_first_thing_in_its_log()
    {
        var room = await world.NewRoom(world.Atlas);
        await using var ear = await world.Atlas.Listen(room, 0);
        var first = await ear.Next();
        Assert.Equal(("room_created", 1L, room), (first.Type, first.Seq, first.Data.GetProperty("room_id").GetString()));
    }
}
