using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class RoomChangeTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task Whoever_made_the_room_changes_everything_of_it()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["config"] = new { keep = 1, join_policy = "invite" } }, world.Rover);
        await using var ear = await world.Rover.Listen(room);
        var changed = (await world.Atlas.Post($"/rooms/{room}/visibility", new
        {
            visibility = "listed",
            description = "d",
            readme = "r",
            goals = "g",
            rules = "u",
            tags = new[] { "a" },
            config = new { invite_policy = "anyone", join_policy = (string?)null },
            moderated = true,
            encrypted = true,
        })).Ok();
        Assert.Equal("""{"keep":1,"invite_policy":"anyone"}""", changed["config"].GetRawText());
        var read = (await world.Rover.Get($"/rooms/{room}")).Ok();
        Assert.Equal(("listed", "d", "r", "g", "u"), (read.String("visibility"), read.String("description"), read.String("readme"),
            read.String("goals"), read.String("rules")));
        Assert.True(read["moderated"].GetBoolean() && read["encrypted"].GetBoolean());

        var heard = (await ear.Next("visibility_changed")).Data;
        Assert.Equal((room, "listed", "g", "alice/atlas"), (heard.Text("room_id"), heard.Text("visibility"), heard.Text("goals"),
            heard.Text("updated_by")));
        (await world.Rover.Post($"/rooms/{room}/send", new { body = "plain" })).Refused(400, "ENCRYPTION_NEEDED");
        (await world.Rover.Post($"/rooms/{room}/invite", new { agents = new[] { "alice/bot" } })).Ok();
    }

    [Fact]
    public async Task What_is_left_out_stays_and_null_clears()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["goals"] = "g", ["rules"] = "u", ["tags"] = new[] { "a" } });
        var changed = (await world.Alice.Post($"/rooms/{room}/visibility", new { goals = (string?)null, tags = (string[]?)null })).Ok();
        Assert.Equal((JsonValueKind.Null, "u", "[]", "open"),
            (changed["goals"].ValueKind, changed.String("rules"), changed["tags"].GetRawText(), changed.String("visibility")));
    }

    [Fact]
    public async Task Only_who_made_the_room_and_its_owner_change_its_visibility()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover, world.Bot);
        (await world.Alice.Post($"/rooms/{room}/members/alice/bot/role", new { role = "moderator" })).Ok();
        foreach (var other in new[] { world.Rover, world.Bot, world.Carol })
        {
            (await other.Post($"/rooms/{room}/visibility", new { goals = "x" })).Refused(403, "FORBIDDEN");
        }

        (await world.Fox.Post($"/rooms/{room}/visibility", new { goals = "x" })).Refused(403, "NOT_A_MEMBER");
        (await world.Fox.Post($"/rooms/{World.Den}/visibility", new { goals = "x" })).Refused(404, "NOT_FOUND");
        (await world.Nobody.Post($"/rooms/{room}/visibility", new { goals = "x" })).Refused(401, "TOKEN_MISSING");
        (await world.Alice.Post($"/rooms/{room}/visibility", new { goals = "x" })).Ok();
        var owned = await world.NewRoom(world.Alice, null, world.Atlas);
        (await world.Atlas.Post($"/rooms/{owned}/visibility", new { goals = "x" })).Refused(403, "FORBIDDEN");
        var limited = await world.NewAgent(world.Alice, new { actions = new[] { "read", "manage" } });
        var its = await world.NewRoom(limited);
        (await limited.Post($"/rooms/{its}/visibility", new { goals = "x" })).Ok();
    }

    [Fact]
    public async Task All_problems_of_a_change_are_told_at_once()
    {
        (await world.Alice.Post($"/rooms/{World.Lab}/visibility", new
        {
            visibility = "secret",
            description = 5,
            readme = new string('x', 20_001),
            tags = "a",
            config = new { invite_policy = "all", default_role = "moderator" },
            moderated = (bool?)null,
            encrypted = "no",
        })).Invalid("visibility", "description", "readme", "tags", "config.invite_policy", "config.default_role", "moderated", "encrypted");
        (await world.Alice.Post($"/rooms/{World.Lab}/visibility", new { })).Refused(400, "NOTHING_TO_CHANGE");
        (await world.Alice.Post($"/rooms/{World.Lab}/visibility", new { name = "x" })).Refused(400, "NOTHING_TO_CHANGE");
    }

    [Fact]
    public async Task When_an_open_room_closes_those_who_only_looked_in_hear_no_more()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        await using var stranger = await world.Fox.Listen(room);
        await using var member = await world.Rover.Listen(room);
        await using var owner = await world.Alice.Listen(room);
        (await world.Atlas.Post($"/rooms/{room}/visibility", new { visibility = "private" })).Ok();
        Assert.Equal(4003, await stranger.Closed());
        (await world.Atlas.Say(room, "among us")).Ok();
        Assert.Equal("among us", (await member.Next("message")).Data.Text("body"));
        Assert.Equal("among us", (await owner.Next("message")).Data.Text("body"));
        (await world.Fox.Get($"/rooms/{room}")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task The_owner_updates_settings_and_config_is_merged()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["config"] = new { a = 1, b = new { c = 2 } } }, world.Rover);
        await using var ear = await world.Rover.Listen(room);
        var updated = (await Patch(world.Alice, room, new
        {
            name = "New",
            description = "d",
            tags = new[] { "x", "y" },
            config = new { b = (string?)null, join_policy = "none" },
        })).Ok();
        Assert.Equal(("New", "d", """{"a":1,"join_policy":"none"}"""),
            (updated.String("name"), updated.String("description"), updated["config"].GetRawText()));
        Assert.Equal("New", (await ear.Next("room_updated")).Data.Text("name"));
        (await Patch(world.Atlas, room, new { name = "x" })).Refused(403, "USER_TOKEN_NEEDED");
        (await Patch(world.Carol, room, new { name = "x" })).Refused(403, "FORBIDDEN");
        (await Patch(world.Carol, World.Den, new { name = "x" })).Refused(404, "NOT_FOUND");
        (await Patch(world.Alice, room, new { name = (string?)null, tags = 5, config = new { join_policy = 1 } }))
            .Invalid("name", "tags", "config.join_policy");
        (await Patch(world.Alice, room, new { readme = "x" })).Refused(400, "NOTHING_TO_CHANGE");
        (await Patch(world.Alice, room, new { config = (object?)null })).Ok();
        Assert.Equal("{}", (await world.Alice.Get($"/rooms/{room}")).Ok()["config"].GetRawText());
    }

    [Fact]
    public async Task A_config_that_grows_too_large_by_merging_is_refused()
    {
        var room = await world.NewRoom(world.Alice, new() { ["config"] = new { a = new string('x', 12_000) } });
        (await Patch(world.Alice, room, new { config = new { b = new string('x', 12_000) } })).Invalid("config");
        (await Patch(world.Alice, room, new { config = new { a = new string('y', 12_000) } })).Ok();
        (await Patch(world.Alice, room, Actor.Json("""{"config":{"a":1,"a":2,"__proto__":3}}"""))).Ok();
        (await Patch(world.Alice, room, new { config = new { b = 1 } })).Ok();
        Assert.Equal("""{"a":2,"__proto__":3,"b":1}""", (await world.Alice.Get($"/rooms/{room}")).Ok()["config"].GetRawText());
    }

    [Fact]
    public async Task Changes_of_one_room_at_once_lose_nothing()
    {
        var room = await world.NewRoom(world.Alice);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async n =>
            (await Patch(world.Alice, room, new { config = new Dictionary<string, int>(StringComparer.Ordinal) { [$"k{n}"] = n } })).Ok()));
        Assert.Equal(16, (await world.Alice.Get($"/rooms/{room}")).Ok()["config"].EnumerateObject().Count());
    }

    [Fact]
    public async Task Moderators_announce_and_everybody_hears()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover, world.Bot);
        (await world.Alice.Post($"/rooms/{room}/members/alice/bot/role", new { role = "moderator" })).Ok();
        await using var ear = await world.Rover.Listen(room);
        var announced = (await world.Bot.Post($"/rooms/{room}/announce", new { announcement = "We begin.", topic = "Tides" })).Ok();
        Assert.Equal(("We begin.", "Tides"), (announced.String("announcement"), announced.String("topic")));
        var heard = (await ear.Next("room_announcement")).Data;
        Assert.Equal((room, "We begin.", "Tides", "alice/bot"),
            (heard.Text("room_id"), heard.Text("announcement"), heard.Text("topic"), heard.Text("updated_by")));

        (await world.Alice.Post($"/rooms/{room}/announce", new { announcement = (string?)null })).Ok();
        var read = (await world.Rover.Get($"/rooms/{room}")).Ok();
        Assert.Equal((JsonValueKind.Null, "Tides"), (read["announcement"].ValueKind, read.String("topic")));
        (await world.Rover.Post($"/rooms/{room}/announce", new { topic = "x" })).Refused(403, "FORBIDDEN");
        (await world.Fox.Post($"/rooms/{room}/announce", new { topic = "x" })).Refused(403, "NOT_A_MEMBER");
        (await world.Bot.Post($"/rooms/{room}/announce")).Refused(400, "NOTHING_TO_CHANGE");
        (await world.Bot.Post($"/rooms/{room}/announce", new { announcement = new string('x', 5001), topic = 7 })).Invalid("announcement", "topic");
    }

    [Fact]
    public async Task Progress_is_merged_with_what_was_said_before()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        await using var ear = await world.Atlas.Listen(room);
        (await world.Rover.Post($"/rooms/{room}/progress", new { phase = "research", percentage = 25, status = "in_progress" })).Ok();
        var second = (await world.Alice.Post($"/rooms/{room}/progress", new { percentage = 100, label = "Done", status = (string?)null })).Ok();
        Assert.Equal("""{"phase":"research","percentage":100,"label":"Done"}""", second["progress"].GetRawText());
        Assert.Equal(second["progress"].GetRawText(), (await world.Nobody.Get($"/rooms/{room}")).Ok()["progress"].GetRawText());
        Assert.Equal("bob/rover", (await ear.Next("room_progress")).Data.Text("updated_by"));
        Assert.Equal(100, (await ear.Next("room_progress")).Data.GetProperty("progress").GetProperty("percentage").GetInt32());

        (await world.Rover.Post($"/rooms/{room}/progress", new { percentage = 101, status = "perhaps", phase = 1, label = new string('x', 501) }))
            .Invalid("percentage", "status", "phase", "label");
        (await world.Rover.Post($"/rooms/{room}/progress", new { })).Refused(400, "NOTHING_TO_CHANGE");
        (await world.Fox.Post($"/rooms/{room}/progress", new { percentage = 1 })).Refused(403, "NOT_A_MEMBER");
        var unable = await world.NewAgent(world.Bob, new { actions = new[] { "read", "send", "join" } });
        (await unable.Post($"/rooms/{room}/join")).Ok();
        (await unable.Post($"/rooms/{room}/progress", new { percentage = 1 })).Refused(403, "PERMISSION_DENIED");
    }

    [Fact]
    public async Task Hints_say_to_its_admins_what_a_room_still_lacks()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["goals"] = "g" }, world.Rover);
        var hints = (await world.Atlas.Get($"/rooms/{room}")).Ok()["_hints"].EnumerateArray().Select(hint => hint.GetString()!).ToList();
        Assert.Equal(["Set rules", "Set readme", "Set description"], hints.Select(hint => string.Join(' ', hint.Split(' ')[..2])));
        Assert.False((await world.Rover.Get($"/rooms/{room}")).Ok().Json.TryGetProperty("_hints", out _));
        (await world.Atlas.Post($"/rooms/{room}/visibility", new { rules = "u", readme = "r", description = "d" })).Ok();
        Assert.False((await world.Atlas.Get($"/rooms/{room}")).Ok().Json.TryGetProperty("_hints", out _));
    }

    private static Task<Answer> Patch(Actor actor, string room, object body) => actor.Send(HttpMethod.Patch, $"/rooms/{room}", Actor.Json(body));
}
