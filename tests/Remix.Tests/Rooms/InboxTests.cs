using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class InboxTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task What_happens_while_one_waits_is_answered_at_once()
    {
        var (me, room) = await Member();
        var cursor = (await Poll(me)).String("cursor");
        var waiting = me.Get($"/events?timeout=20&cursor={cursor}");
        await Task.Delay(200);
        Assert.False(waiting.IsCompleted);
        var sent = (await world.Atlas.Say(room, "hello")).Ok();
        var heard = (await waiting).Ok();

        var only = Assert.Single(Events(heard));
        Assert.Equal("message", only.GetProperty("type").GetString());
        Assert.StartsWith("evt_", only.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal(room, only.GetProperty("room_id").GetString());
        Assert.True(JsonElement.DeepEquals(sent.Json, only.GetProperty("data")));
        Assert.Equal(only.GetProperty("id").GetString(), heard.String("cursor"));
        Assert.False(heard.Json.TryGetProperty("filtered", out _));
        Assert.True((await world.Nobody.Get($"/agents/{me.Name}")).Ok()["online"].GetBoolean());
    }

    [Fact]
    public async Task Nothing_is_answered_when_the_time_is_up()
    {
        var (me, _) = await Member();
        var cursor = (await Poll(me)).String("cursor");
        var empty = (await me.Get($"/events?timeout=1&cursor={cursor}")).Ok();
        Assert.Empty(Events(empty));
        Assert.False(empty.Json.TryGetProperty("cursor_expired", out _));
    }

    [Fact]
    public async Task Who_follows_the_cursor_hears_everything_of_others_once_and_in_order()
    {
        var (me, room) = await Member();
        var other = await world.NewRoom(world.Atlas, null, me);
        var expected = new List<string>();
        for (var i = 0; i < 150; i++)
        {
            expected.Add((await world.Atlas.Say(i % 2 == 0 ? room : other, $"{i}")).String("message_id"));
            if (i % 50 == 0)
            {
                (await me.Say(room, "my own")).Ok();
            }
        }

        (await world.Atlas.Say(World.Lab, "not for me")).Ok();
        Assert.Equal(expected, await Follow(me, 7));
        Assert.Equal(expected, await Follow(me, 500));
    }

    [Fact]
    public async Task After_a_long_absence_each_room_is_read_from_where_one_left()
    {
        var (me, room) = await Member();
        var expected = new List<string> { (await world.Atlas.Say(room, "before")).String("message_id") };
        var busy = await world.NewRoom(world.Atlas);
        for (var i = 0; i < 45; i++)
        {
            var messages = Enumerable.Range(0, 50).Select(n => new { body = $"{n}" });
            (await world.Atlas.Post($"/rooms/{busy}/send-batch", new { messages })).Ok();
        }

        (await world.Alice.Post($"/rooms/{busy}/invite", new { agents = new[] { me.Name } })).Ok();
        expected.Add((await world.Atlas.Say(busy, "since I came")).String("message_id"));
        Assert.Equal(expected, await Follow(me, 100));
    }

    [Fact]
    public async Task An_invitation_reaches_who_waits_and_only_who_is_meant()
    {
        var me = await world.NewAgent(world.Carol);
        var room = await world.NewRoom(world.Atlas, new() { ["topic"] = "tides", ["visibility"] = "private" }, world.Fox);
        var waiting = me.Get("/events?timeout=20&type=room_invite");
        await Task.Delay(200);
        (await world.Alice.Post($"/rooms/{room}/invite", new { agents = new[] { me.Name }, task = "look" })).Ok();
        var invited = Assert.Single(Events((await waiting).Ok()));
        var told = invited.GetProperty("data");
        Assert.Equal(("tides", "look"), (told.GetProperty("topic").GetString(), told.GetProperty("task").GetString()));
        Assert.Contains("README.md", told.GetProperty("hint").GetString(), StringComparison.Ordinal);

        var founding = Assert.Single(Events((await world.Fox.Get($"/events?timeout=0&limit=500&type=room_invite&room={room}")).Ok()));
        Assert.Equal("carol/fox", founding.GetProperty("data").GetProperty("agents")[0].GetString());
    }

    [Fact]
    public async Task Filters_are_joined()
    {
        var (me, room) = await Member();
        var first = await Send(world.Atlas, new { body = $"hello @{me.Name}", metadata = new { type = "note" } });
        var reply = await Send(world.Rover, new { body = "hi @room", reply_to = first });
        var plain = await Send(world.Rover, new { body = "plain", metadata = new { type = "note" } });

        await Hears("type=message", first, reply, plain);
        await Hears("type=&metadata_type=note", first, plain);
        await Hears("type=message,member_left", first, reply, plain);
        await Hears($"type=message&room={room}", first, reply, plain);
        await Hears("type=message&room=alice/lab");
        await Hears("sender=bob/rover&type=message", reply, plain);
        await Hears("mention=true", first, reply);
        await Hears($"reply_to={first}", reply);
        await Hears("metadata_type=note", first, plain);
        await Hears("metadata_type=note&sender=bob/rover", plain);
        await Hears("metadata_type=note&mention=true&sender=bob/rover");
        (await me.Get("/events?timeout=x&reply_to=1&mention=perhaps&limit=0")).Invalid("timeout", "reply_to", "mention", "limit");
        return;

        async Task<string> Send(Actor actor, object body) => (await actor.Post($"/rooms/{room}/send", body)).Ok().String("message_id");

        async Task Hears(string filters, params string[] expected)
        {
            var heard = (await me.Get($"/events?timeout=0&{filters}")).Ok();
            Assert.True(heard["filtered"].GetBoolean());
            Assert.Equal(expected, Messages(heard));

            // The cursor has passed what did not fit.
            Assert.Empty(Events((await me.Get($"/events?timeout=0&type=message&cursor={heard.String("cursor")}")).Ok()));
        }
    }

    [Fact]
    public async Task What_is_acknowledged_does_not_come_again()
    {
        var (me, room) = await Member();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            (await world.Atlas.Say(room, $"{i}")).Ok();
        }

        var all = Events(await Poll(me)).Select(Id).ToList();
        ids.AddRange(all);
        var two = new[] { ids[1], ids[3], ids[3], "evt_ffffffff", "junk" };
        Assert.Equal(2, (await me.Post("/events/ack", new { ids = two })).Ok().Number("deleted"));
        Assert.Equal(0, (await me.Post("/events/ack", new { ids = new[] { ids[1] } })).Ok().Number("deleted"));
        Assert.Equal([.. all.Where((_, i) => i is not (1 or 3))], Events(await Poll(me)).Select(Id));
        Assert.Equal(all.Count - 2, (await me.Post("/events/ack", new { ids })).Ok().Number("deleted"));
        Assert.Empty(Events(await Poll(me)));
        (await world.Atlas.Say(room, "new")).Ok();
        Assert.Single(Events(await Poll(me)));

        // Nobody is done with what is another's.
        var (stranger, _) = await Member();
        Assert.Equal(0, (await stranger.Post("/events/ack", new { ids })).Ok().Number("deleted"));
        (await me.Post("/events/ack", new { ids = Enumerable.Range(0, 1001).Select(n => $"evt_{n}") })).Invalid("ids");
        (await me.Post("/events/ack", new { })).Invalid("ids");
    }

    [Theory]
    [InlineData("evt_ffffffffff")]
    [InlineData("evt_abc123...")]
    [InlineData("junk")]
    public async Task A_cursor_that_is_none_of_ours_begins_anew(string cursor)
    {
        var (me, room) = await Member();
        var id = (await world.Atlas.Say(room, "there")).String("message_id");
        var heard = (await me.Get($"/events?timeout=0&cursor={Uri.EscapeDataString(cursor)}")).Ok();
        Assert.True(heard["cursor_expired"].GetBoolean());
        Assert.Contains(id, Messages(heard));
        Assert.False((await me.Get($"/events?timeout=0&cursor={heard.String("cursor")}")).Ok().Json.TryGetProperty("cursor_expired", out _));
    }

    [Fact]
    public async Task Only_agents_have_events_and_only_of_rooms_they_may_read()
    {
        (await world.Nobody.Get("/events?timeout=0")).Refused(401, "TOKEN_MISSING");
        (await world.Alice.Get("/events?timeout=0")).Refused(403, "AGENT_TOKEN_NEEDED");
        (await world.Nobody.Post("/events/ack", new { ids = Array.Empty<string>() })).Refused(401, "TOKEN_MISSING");
        var deaf = await world.NewAgent(world.Carol, new { actions = new[] { "send", "join" } });
        var room = await world.NewRoom(world.Atlas, null, deaf);
        (await world.Atlas.Say(room, "secret")).Ok();
        Assert.Empty(Messages((await deaf.Get("/events?timeout=0")).Ok()));
    }

    [Fact]
    public async Task Who_has_left_hears_no_more_and_an_archived_agent_waits_no_longer()
    {
        var (me, room) = await Member();
        var cursor = (await Poll(me)).String("cursor");
        (await me.Post($"/rooms/{room}/leave")).Ok();
        (await world.Atlas.Say(room, "gone")).Ok();
        Assert.Empty(Events((await me.Get($"/events?timeout=0&cursor={cursor}")).Ok()));

        var waiting = me.Get("/events?timeout=20&type=none");
        await Task.Delay(200);
        (await world.Carol.Post($"/agents/{me.Name}/archive")).Ok();
        Assert.Empty(Events((await waiting).Ok()));
        (await me.Get("/events")).Refused(403, "AGENT_ARCHIVED");
    }

    [Fact]
    public async Task A_pending_message_is_told_to_moderators_and_the_verdict_to_all()
    {
        var me = await world.NewAgent(world.Carol);
        var room = await world.NewRoom(world.Atlas, new() { ["moderated"] = true }, me, world.Rover);
        var id = (await world.Rover.Say(room, "wait")).String("message_id");
        Assert.Empty(Events((await me.Get($"/events?timeout=0&type=message,message_pending")).Ok()));
        Assert.Single(Events((await world.Atlas.Get($"/events?timeout=0&limit=500&type=message_pending&room={room}")).Ok()));
        (await world.Alice.Post($"/rooms/{room}/moderate/{id}", new { action = "approve" })).Ok();
        var verdict = await Patience.Until(
            () => me.Get("/events?timeout=0&type=message,moderation_result"), answer => Events(answer.Ok()).Count == 2);
        Assert.Equal(["message", "moderation_result"], Events(verdict).Select(one => one.GetProperty("type").GetString()));
        Assert.Single(Events((await world.Rover.Get($"/events?timeout=0&limit=500&type=moderation_result&room={room}")).Ok()));
    }

    [Fact]
    public async Task That_an_agent_is_archived_is_told_in_its_rooms_and_to_itself_when_it_is_back()
    {
        var (me, _) = await Member();
        var peer = await world.NewAgent(world.Carol);
        await world.NewRoom(world.Atlas, null, me, peer);
        (await world.Carol.Post($"/agents/{peer.Name}/archive")).Ok();
        (await world.Carol.Post($"/agents/{peer.Name}/archive")).Ok();
        (await world.Carol.Post($"/agents/{peer.Name}/unarchive")).Ok();
        foreach (var actor in new[] { me, peer })
        {
            var heard = Events((await actor.Get("/events?timeout=0&type=agent_archived,agent_unarchived")).Ok());
            Assert.Equal(["agent_archived", "agent_unarchived"], heard.Select(one => one.GetProperty("type").GetString()));
            Assert.All(heard, one => Assert.Equal(peer.Name, one.GetProperty("data").GetProperty("agent_id").GetString()));
        }
    }

    /// <summary>On SQLite there is one node, and all writing is one after the other.</summary>
    [Fact, Trait(TestDatabase.Only, "postgres")]
    public async Task What_happens_on_one_node_is_answered_by_the_other()
    {
        await using var second = await world.StartSecondNode();
        var cursor = (await Poll(second.Bot)).String("cursor");
        var waiting = second.Bot.Get($"/events?timeout=20&cursor={cursor}");
        await Task.Delay(300);
        var id = (await world.Atlas.Say(World.Lab, "from afar")).String("message_id");
        Assert.Contains(id, Messages((await waiting).Ok()));
    }

    private async Task<(Actor Me, string Room)> Member()
    {
        var me = await world.NewAgent(world.Carol);
        var room = await world.NewRoom(world.Atlas, null, me, world.Rover);

        // On PostgreSQL a transaction of anybody's, even in another database, can keep what is new from being told for a while.
        await Patience.Until(() => me.Get("/events?timeout=0&type=room_invite"), answer => Events(answer.Ok()).Count == 1);
        return (me, room);
    }

    private static async Task<Answer> Poll(Actor actor) => (await actor.Get("/events?timeout=0&limit=500")).Ok();

    private static async Task<List<string>> Follow(Actor actor, int limit)
    {
        var heard = new List<string>();
        var cursor = "";
        while (true)
        {
            var page = (await actor.Get($"/events?timeout=0&limit={limit}{cursor}")).Ok();
            heard.AddRange(Messages(page));
            if (Events(page).Count == 0)
            {
                return heard;
            }

            cursor = $"&cursor={page.String("cursor")}";
        }
    }

    private static IReadOnlyList<JsonElement> Events(Answer answer) => [.. answer["events"].EnumerateArray()];

    private static string Id(JsonElement one) => one.GetProperty("id").GetString()!;

    private static IReadOnlyList<string> Messages(Answer answer) => [.. Events(answer)
        .Where(one => one.GetProperty("type").GetString() == "message")
        .Select(one => one.GetProperty("data").GetProperty("message_id").GetString()!)];
}
