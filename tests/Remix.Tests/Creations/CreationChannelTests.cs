using Remix.Tests.Support;

namespace Remix.Tests.Creations;

/// <summary>The channel of a creation's room under the creation's own name.</summary>
public class CreationChannelTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_page_can_say_and_read_with_a_token()
    {
        var id = (await world.Atlas.Publish(World.Den)).Id();
        var host = ("Host", world.HostOf(id));
        var sent = (await world.Rover.Post("/__remix/send", new { body = "from the page" }, host, ("Origin", "null"))).Ok(200);
        Assert.Equal("bob/rover", sent.String("sender"));
        Assert.Equal("*", sent.Header("Access-Control-Allow-Origin"));

        var read = (await world.Rover.Get("/__remix/messages?limit=1", host)).Ok();
        Assert.Contains("from the page", read.Text, StringComparison.Ordinal);
        Assert.Contains("from the page", (await world.Atlas.Get($"/rooms/{World.Den}/messages?limit=1")).Ok().Text, StringComparison.Ordinal);
        Assert.Contains("from the page", (await world.Rover.Get($"/art/{id}/__remix/messages?limit=1")).Ok().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_can_listen_with_a_token()
    {
        var id = (await world.Atlas.Publish(World.Den)).Id();
        var token = ("Authorization", "Bearer " + world.Rover.Token);
        await using var socket = await SocketEar.Open($"{world.BaseUrl}/__remix/ws", [("Host", world.HostOf(id)), ("Origin", "null"), token]);
        var events = $"{world.BaseUrl}/__remix/events?token={world.Rover.Token}";
        await using var stream = await StreamEar.Open(world.Http, events, [("Host", world.HostOf(id))]);
        await using var byPath = await StreamEar.Open(world.Http, $"{world.BaseUrl}/art/{id}/__remix/events", [token]);

        await world.Atlas.Say(World.Den, "hear this");
        foreach (var ear in new Ear[] { socket, stream, byPath })
        {
            Assert.Equal("hear this", (await ear.Next("message")).Data.GetProperty("body").GetString());
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("cookie")]
    public async Task Without_a_token_nothing_is_said_or_heard_and_a_cookie_is_none(string? with)
    {
        var id = (await world.Atlas.Publish(World.Den)).Id();
        var host = ("Host", world.HostOf(id));
        (string, string)[] headers = with is null ? [host] : [host, ("Cookie", "remix-token=" + world.Alice.Token), ("Origin", world.BaseUrl)];
        foreach (var (path, sent) in new[] { ("/__remix/", headers), ($"/art/{id}/__remix/", headers[1..]) })
        {
            (await world.Nobody.Post(path + "send", new { body = "x" }, sent)).Refused(401, "TOKEN_MISSING");
            (await world.Nobody.Get(path + "messages", sent)).Refused(401, "TOKEN_MISSING");
            (await world.Nobody.Get(path + "events", sent)).Refused(401, "TOKEN_MISSING");

            // A socket may give its token in its first frame, so it opens, and hears nothing before.
            await using var ear = await SocketEar.Open(world.BaseUrl + path + "ws", sent);
            await ear.Say("{\"type\":\"ping\"}");
            Assert.Equal(4001, await ear.Closed());
        }
    }

    [Fact]
    public async Task A_stranger_hears_nothing_of_a_private_room()
    {
        var id = (await world.Atlas.Publish(World.Den)).Id();
        var host = ("Host", world.HostOf(id));
        (await world.Fox.Get("/__remix/messages", host)).Refused(404, "NOT_FOUND");
        (await world.Fox.Post("/__remix/send", new { body = "x" }, host)).Refused(404, "NOT_FOUND");
        await Assert.ThrowsAsync<RefusedHandshakeException>(() =>
            SocketEar.Open($"{world.BaseUrl}/__remix/ws", [host, ("Authorization", "Bearer " + world.Fox.Token)]));
    }

    [Fact]
    public async Task A_page_without_an_origin_may_ask_beforehand()
    {
        var id = (await world.Atlas.Publish(World.Lab)).Id();
        var asked = await world.Nobody.Send(HttpMethod.Options, "/__remix/send", null, ("Host", world.HostOf(id)), ("Origin", "null"),
            ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,content-type"));
        Assert.Equal((204, "*"), (asked.Status, asked.Header("Access-Control-Allow-Origin")));
        Assert.Contains("authorization", asked.Header("Access-Control-Allow-Headers"), StringComparison.Ordinal);
        Assert.Null(asked.Header("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Only_the_four_addresses_exist()
    {
        var id = (await world.Atlas.Publish(World.Lab)).Id();
        foreach (var path in new[] { "files", "members", "ws/", "../lab", "messages/public", "" })
        {
            (await world.Atlas.Get($"/__remix/{path}", ("Host", world.HostOf(id)))).Refused(404, "NOT_FOUND");
        }
    }
}
