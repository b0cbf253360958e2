using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class MessageHistoryTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task What_a_message_said_before_stays_readable()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        var sent = (await world.Atlas.Post($"/rooms/{room}/send", new { body = "one", metadata = new { n = 1 }, signature = "c2ln" })).Ok();
        var path = $"/rooms/{room}/messages/{sent.String("message_id")}";
        Assert.Equal(0, (await world.Rover.Get($"{path}/history")).Ok().Number("total"));
        var second = (await world.Atlas.Put(path, new { body = "two @room", metadata = new { n = 2 }, mentions = new[] { "bob/rover" } })).Ok();
        Assert.Equal("""["bob/rover","@room"]""", second["mentions"].GetRawText());
        (await world.Atlas.Put(path, Actor.Json("""{"body":"three","metadata":null}"""))).Ok();

        var history = (await world.Rover.Get($"{path}/history")).Ok();
        Assert.Equal((2L, sent.String("message_id")), (history.Number("total"), history.String("message_id")));
        Assert.Equal(["one", "two @room"], history.Items.Select(item => item.GetProperty("body").GetString()));
        Assert.Equal([1, 2], history.Items.Select(item => item.GetProperty("metadata").GetProperty("n").GetInt32()));
        Assert.Equal("c2ln", history.Items[0].GetProperty("signature").GetString());
        Assert.Equal(sent.String("created_at"), history.Items[0].GetProperty("written_at").GetString());
        Assert.Equal(second.String("edited_at"), history.Items[1].GetProperty("written_at").GetString());
        Assert.Equal(JsonValueKind.Null, (await world.Rover.Get(path)).Ok()["metadata"].ValueKind);

        (await world.Rover.Get($"/rooms/{room}/messages/{Guid.NewGuid()}/history")).Refused(404, "NOT_FOUND");
        (await world.Rover.Get($"/rooms/{room}/messages/x/history")).Refused(400, "INVALID_ID");
        (await world.Nobody.Get($"{path}/history")).Refused(401, "TOKEN_MISSING");
    }

    [Fact]
    public async Task What_nobody_approved_is_in_no_history_and_an_edit_is_approved_anew()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["moderated"] = true }, world.Rover, world.Fox);
        await using var ear = await world.Fox.Listen(room);
        var id = (await world.Rover.Say(room, "secret slip")).String("message_id");
        var path = $"/rooms/{room}/messages/{id}";
        (await world.Rover.Put(path, new { body = "fine" })).Ok();
        (await world.Alice.Post($"/rooms/{room}/moderate/{id}", new { action = "approve" })).Ok();
        Assert.Equal("fine", (await ear.Next("message")).Data.GetProperty("body").GetString());
        Assert.Empty((await world.Fox.Get($"{path}/history")).Ok().Items);

        Assert.Equal("pending", (await world.Rover.Put(path, new { body = "buy pills" })).Ok().String("status"));
        (await world.Fox.Get(path)).Refused(404, "NOT_FOUND");
        (await world.Fox.Get($"{path}/history")).Refused(404, "NOT_FOUND");
        (await world.Fox.Post($"/rooms/{room}/send", new { body = "re", reply_to = id })).Invalid("reply_to");
        (await world.Alice.Post($"/rooms/{room}/moderate/{id}", new { action = "approve" })).Ok();
        var edited = await ear.Next("message_edited");
        Assert.Equal((id, "buy pills"), (edited.Data.GetProperty("message_id").GetString(), edited.Data.GetProperty("body").GetString()));
        Assert.Equal(["fine"], (await world.Fox.Get($"{path}/history")).Ok().Items.Select(item => item.GetProperty("body").GetString()));
    }

    [Fact]
    public async Task Mentions_are_at_most_a_hundred()
    {
        var many = Enumerable.Range(0, 101).Select(n => $"user/agent{n}").ToArray();
        (await world.Atlas.Post($"/rooms/{World.Lab}/send", new { body = "x", mentions = many })).Invalid("mentions");
        var body = string.Join(' ', many.Select(name => "@" + name));
        var sent = (await world.Atlas.Post($"/rooms/{World.Lab}/send", new { body, mentions = many[..100] })).Ok();
        Assert.Equal(100, sent["mentions"].GetArrayLength());
    }

    [Fact]
    public async Task A_readers_words_of_presence_reach_the_members()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        await using var atlas = await world.Atlas.Listen(room);
        await using var rover = await world.Rover.Listen(room);
        await using var stranger = await world.Fox.Listen(room);
        await atlas.Say("""{"type":"session","status":"working","detail":"reading files"}""");
        var session = (await rover.Next("session")).Data;
        Assert.Equal(("alice/atlas", "working", "reading files"),
            (session.GetProperty("member").GetString(), session.GetProperty("status").GetString(), session.GetProperty("detail").GetString()));
        await atlas.Say("""{"type":"session","status":5}""");
        Assert.Equal("INVALID_FRAME", (await atlas.Next("error")).Data.GetProperty("code").GetString());

        // Who is no member is heard by nobody.
        await stranger.Say("""{"type":"typing"}""");
        Assert.Equal("NOT_A_MEMBER", (await stranger.Next("error")).Data.GetProperty("code").GetString());
        (await world.Fox.Post($"/rooms/{room}/join")).Ok();
        await rover.Next("member_joined");
        await stranger.Say("""{"type":"typing"}""");
        Assert.Equal("carol/fox", (await rover.Next("typing")).Data.GetProperty("member").GetString());
    }

    [Fact]
    public async Task A_room_that_becomes_encrypted_keeps_each_body_as_what_it_is()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        var id = (await world.Atlas.Say(room, "plain pelargonium")).String("message_id");
        var path = $"/rooms/{room}/messages/{id}";
        (await world.Atlas.Post($"/rooms/{room}/visibility", new { encrypted = true })).Ok();
        var bundle = new { c = Convert.ToBase64String([1, .. new byte[59]]), t = "encrypted" };
        (await world.Atlas.Put(path, new { body = "plain again" })).Refused(400, "ENCRYPTION_NEEDED");
        var closed = (await world.Atlas.Put(path, new { body = bundle, mentions = new[] { "bob/rover" } })).Ok();
        Assert.Equal((true, bundle.c), (closed["encrypted"].GetBoolean(), closed["body"].GetProperty("c").GetString()));
        Assert.Equal("""["bob/rover"]""", closed["mentions"].GetRawText());

        (await world.Atlas.Post($"/rooms/{room}/visibility", new { encrypted = false })).Ok();
        var open = (await world.Atlas.Put(path, new { body = "plain at last" })).Ok();
        Assert.Equal((false, "plain at last"), (open["encrypted"].GetBoolean(), open.String("body")));
        var bodies = (await world.Rover.Get($"{path}/history")).Ok().Items.Select(item => item.GetProperty("body")).ToList();
        Assert.Equal("plain pelargonium", bodies[0].GetString());
        Assert.Equal(bundle.c, bodies[1].GetProperty("c").GetString());
    }
}
