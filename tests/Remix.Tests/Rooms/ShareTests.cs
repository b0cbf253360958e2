using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class ShareTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task Who_holds_the_link_reads_the_conversation_and_nothing_else()
    {
        var room = await PrivateRoom();
        var first = (await world.Atlas.Say(room, "What is a tide?")).String("message_id");
        (await world.Rover.Post($"/rooms/{room}/send", new { body = "The sea, answering the Moon.", reply_to = first })).Ok();
        await using var ear = await world.Rover.Listen(room);
        var share = (await world.Rover.Post($"/rooms/{room}/share", new { title = "On tides", expires_in = 3600 })).Ok(201);
        Assert.Equal(("On tides", "bob/rover"), (share.String("title"), share.String("created_by")));
        var told = (await ear.Next("share_created")).Data.ToString();
        Assert.DoesNotContain(share.String("share_token"), told, StringComparison.Ordinal);

        var read = (await Read(share)).Ok(200);
        Assert.Equal(["What is a tide?", "The sea, answering the Moon."], read.Items.Select(message => message.Text("body")));
        Assert.Equal(first, read.Items[1].Text("reply_to"));
        Assert.Equal((room, "On tides", 2L, false),
            (read.String("room_id"), read.String("title"), read.Number("total"), read["has_more"].GetBoolean()));
        Assert.Equal(("no-referrer", "noindex, nofollow"), (read.Header("Referrer-Policy"), read.Header("X-Robots-Tag")));
        (await world.Nobody.Get($"/rooms/{room}/messages")).Refused(401, "TOKEN_MISSING");
        (await world.Nobody.Get($"/rooms/{room}/messages", ("Authorization", $"Bearer {share.String("share_token")}"))).Refused(401, "TOKEN_UNKNOWN");
    }

    [Fact]
    public async Task A_link_is_void_when_it_is_revoked_or_has_ended_or_is_of_another_room()
    {
        var clock = new FakeClock();
        await using var own = await World.Start(configure: services => services.Replace(clock));
        var share = (await own.Atlas.Post($"/rooms/{World.Den}/share", new { expires_in = 60 })).Ok(201);
        var token = share.String("share_token");
        (await own.Nobody.Get($"/rooms/{World.Den}/view/json?token={token}")).Ok();
        (await own.Nobody.Get($"/rooms/{World.Lab}/view/json?token={token}")).Refused(404, "NOT_FOUND");
        (await own.Nobody.Get($"/rooms/{World.Den}/view/json?token={token}x")).Refused(404, "NOT_FOUND");
        (await own.Nobody.Get($"/rooms/{World.Den}/view/json")).Refused(404, "NOT_FOUND");
        clock.Advance(TimeSpan.FromSeconds(60));
        (await own.Nobody.Get($"/rooms/{World.Den}/view/json?token={token}")).Refused(410, "SHARE_EXPIRED");
        Assert.True((await own.Alice.Get($"/rooms/{World.Den}/share")).Ok().Items[0].GetProperty("expired").GetBoolean());

        var lasting = (await own.Atlas.Post($"/rooms/{World.Den}/share")).Ok(201);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, lasting["expires_at"].ValueKind);
        clock.Advance(TimeSpan.FromDays(400));
        var path = $"/rooms/{World.Den}/view/json?token={lasting.String("share_token")}";
        (await own.Nobody.Get(path)).Ok();
        (await own.Rover.Delete($"/rooms/{World.Den}/share/{lasting.String("share_token")}")).Refused(403, "FORBIDDEN");
        (await own.Alice.Delete($"/rooms/{World.Den}/share/{lasting.String("share_token")}")).Ok();
        (await own.Nobody.Get(path)).Refused(404, "NOT_FOUND");
        (await own.Alice.Delete($"/rooms/{World.Den}/share/{lasting.String("share_token")}")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Members_make_links_and_moderators_list_them()
    {
        var room = await PrivateRoom();
        (await world.Fox.Post($"/rooms/{room}/share")).Refused(404, "NOT_FOUND");
        (await world.Fox.Post($"/rooms/{World.Lab}/share")).Refused(403, "NOT_A_MEMBER");
        (await world.Rover.Post($"/rooms/{room}/share")).Ok(201);
        (await world.Alice.Post($"/rooms/{room}/share")).Ok(201);
        (await world.Rover.Get($"/rooms/{room}/share")).Refused(403, "FORBIDDEN");
        Assert.Equal(["alice", "bob/rover"], (await world.Atlas.Get($"/rooms/{room}/share")).Ok().Items.Select(share => share.Text("created_by")));
        (await world.Alice.Post($"/rooms/{room}/members/bob/rover/role", new { role = "readonly" })).Ok();
        (await world.Rover.Post($"/rooms/{room}/share")).Refused(403, "FORBIDDEN");
        (await world.Atlas.Post($"/rooms/{room}/share", new { title = "", expires_in = 5 })).Invalid("title", "expires_in");
    }

    [Fact]
    public async Task What_waits_for_a_moderator_is_not_shown()
    {
        var room = await world.NewRoom(world.Atlas, new(StringComparer.Ordinal) { ["moderated"] = true }, world.Rover);
        (await world.Rover.Say(room, "waits")).Ok();
        (await world.Atlas.Say(room, "said")).Ok();
        var share = (await world.Atlas.Post($"/rooms/{room}/share")).Ok(201);
        Assert.Equal(["said"], (await Read(share)).Ok().Items.Select(message => message.Text("body")));
    }

    [Fact]
    public async Task Ciphertext_is_not_dumped()
    {
        var room = await world.NewRoom(world.Atlas, new(StringComparer.Ordinal) { ["encrypted"] = true });
        (await world.Atlas.Post($"/rooms/{room}/send", new { body = new { c = "c2VjcmV0c2VjcmV0", t = "encrypted" } })).Ok();
        var share = (await world.Atlas.Post($"/rooms/{room}/share")).Ok(201);
        var read = (await Read(share)).Ok();
        Assert.True(read["encrypted"].GetBoolean());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, read.Items[0].GetProperty("body").ValueKind);
        Assert.DoesNotContain("c2VjcmV0", read.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", (await View(share)).Ok().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_conversation_is_read_in_pages_both_ways()
    {
        var room = await PrivateRoom();
        for (var n = 1; n <= 7; n++)
        {
            await world.Atlas.Say(room, $"m{n}");
        }

        var share = (await world.Atlas.Post($"/rooms/{room}/share")).Ok(201);
        var newest = (await Read(share, "&limit=3")).Ok();
        Assert.Equal(["m5", "m6", "m7"], Bodies(newest));
        Assert.True(newest["has_more"].GetBoolean());
        var older = (await Read(share, $"&limit=3&before={newest.Items[0].Text("created_at")}")).Ok();
        Assert.Equal(["m2", "m3", "m4"], Bodies(older));
        var first = (await Read(share, $"&limit=3&before={older.Items[0].Text("created_at")}")).Ok();
        Assert.Equal(["m1"], Bodies(first));
        Assert.False(first["has_more"].GetBoolean());
        Assert.Equal(["m2", "m3", "m4"], Bodies((await Read(share, $"&limit=3&after={first.Items[0].Text("created_at")}")).Ok()));
    }

    private static IEnumerable<string> Bodies(Answer answer) => answer.Items.Select(message => message.Text("body"));

    private Task<string> PrivateRoom() =>
        world.NewRoom(world.Atlas, new(StringComparer.Ordinal) { ["visibility"] = "private" }, world.Rover);

    private Task<Answer> Read(Answer share, string more = "") => world.Nobody.Get(new Uri(share.String("json_url")).PathAndQuery + more);

    private Task<Answer> View(Answer share) => world.Nobody.Get(new Uri(share.String("url")).PathAndQuery, ("Accept", "text/html"));
}
