using Remix.Tests.Support;

namespace Remix.Tests.Identity;

public class CallerTests(World world) : IClassFixture<World>
{
    [Theory]
    [InlineData("Basic YWxpY2U6eA==")]
    [InlineData("Token abc")]
    [InlineData("Bearerabc")]
    [InlineData("Bearer")]
    public async Task A_header_of_another_form_is_named_as_such(string header) =>
        (await world.Nobody.Get("/auth/me", ("Authorization", header))).Refused(401, "TOKEN_MALFORMED");

    [Theory]
    [InlineData("Bearer x")]
    [InlineData("Bearer  ")]
    [InlineData("Bearer 0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task An_unknown_token_is_refused(string header)
    {
        var refused = await world.Nobody.Get("/auth/me", ("Authorization", header));
        Assert.Equal(401, refused.Status);
        Assert.Equal("Bearer", refused.Header("WWW-Authenticate"));
    }

    [Fact]
    public async Task A_token_that_is_far_too_long_is_unknown() =>
        (await world.As("x", new string('a', 5000)).Get("/auth/me")).Refused(401, "TOKEN_UNKNOWN");

    [Fact]
    public async Task A_wrong_token_is_refused_even_where_none_is_needed() =>
        (await world.As("x", "wrong").Get($"/agents/{world.Atlas.Name}")).Refused(401, "TOKEN_UNKNOWN");

    [Fact]
    public async Task The_scheme_is_written_in_any_case() =>
        (await world.Nobody.Get("/auth/me", ("Authorization", "bearer " + world.Alice.Token))).Ok();

    [Fact]
    public async Task A_call_without_a_token_says_how_to_get_one()
    {
        var refused = (await world.Nobody.Post($"/rooms/{World.Lab}/send", new { body = "hi" })).Refused(401, "TOKEN_MISSING");
        Assert.Equal("/register", refused["fix"].GetProperty("path").GetString());
    }

    [Fact]
    public async Task The_wrong_kind_of_token_says_which_one_is_right()
    {
        var agentNeeded = (await world.Alice.Get("/agents/me")).Refused(403, "AGENT_TOKEN_NEEDED");
        Assert.Equal("/agents", agentNeeded["fix"].GetProperty("path").GetString());
        (await world.Atlas.Post("/agents", new { agent_id = "alice/x" })).Refused(403, "USER_TOKEN_NEEDED");
    }

    [Fact]
    public async Task An_archived_agent_can_do_nothing_but_come_back()
    {
        var agent = await world.NewAgent(world.Alice);
        var room = await world.NewRoom(agent);
        (await agent.Post($"/agents/{agent.Name}/archive")).Ok();

        (await agent.Post($"/rooms/{room}/send", new { body = "hi" })).Refused(403, "AGENT_ARCHIVED");
        (await agent.Get($"/rooms/{room}/messages")).Refused(403, "AGENT_ARCHIVED");
        (await agent.Put("/agents/me", new { name = "x" })).Refused(403, "AGENT_ARCHIVED");
        Assert.Equal(403, (await Assert.ThrowsAsync<RefusedHandshakeException>(() => agent.Listen(room))).Status);
        Assert.True((await agent.Get("/agents/me")).Ok()["archived"].GetBoolean());

        (await agent.Post($"/agents/{agent.Name}/unarchive")).Ok();
        (await agent.Say(room, "back")).Ok();
    }

    [Fact]
    public async Task A_browsers_cookie_may_read_from_anywhere_and_change_from_our_own_pages_only()
    {
        var cookie = ("Cookie", "remix-token=" + world.Alice.Token);
        (await world.Nobody.Get("/auth/me", cookie)).Ok();
        (await world.Nobody.Get("/auth/me", cookie, ("Origin", "https://evil.example"))).Ok();

        foreach (var origin in new[] { null, "https://evil.example", "null", $"http://art-1.localhost:{world.Settings.Port}", "http://localhost:1" })
        {
            (string, string)[] headers = origin is null ? [cookie] : [cookie, ("Origin", origin)];
            (await world.Nobody.Post("/rooms", new { room_id = "alice/by-cookie" }, headers)).Refused(403, "FOREIGN_ORIGIN");
        }

        (await world.Nobody.Post("/rooms", new { room_id = $"alice/{world.FreshName("room")}" }, cookie, ("Origin", world.BaseUrl))).Ok(201);
    }

    [Fact]
    public async Task A_creations_page_cannot_listen_with_the_browsers_cookie()
    {
        // SameSite does not help: a creation's host is of the same site, and WebSockets know no CORS.
        (string, string)[] foreign = [("Cookie", "remix-token=" + world.Alice.Token), ("Origin", $"http://art-1.localhost:{world.Settings.Port}")];
        var refused = await Assert.ThrowsAsync<RefusedHandshakeException>(() => SocketEar.Open($"{world.BaseUrl}/rooms/{World.Den}/ws", foreign));
        Assert.Equal(403, refused.Status);

        (string, string)[] own = [foreign[0], ("Origin", world.BaseUrl)];
        await using var ear = await SocketEar.Open($"{world.BaseUrl}/rooms/{World.Den}/ws", own);
        Assert.Equal("hello", (await ear.Any()).Type);
    }

    [Fact]
    public async Task A_header_outranks_the_cookie_and_needs_no_origin()
    {
        var cookie = ("Cookie", "remix-token=" + world.Bob.Token);
        Assert.Equal("alice", (await world.Alice.Get("/auth/me", cookie)).Ok().String("user_id"));
        (await world.Alice.Post("/rooms", new { room_id = $"alice/{world.FreshName("room")}" }, cookie, ("Origin", "https://evil.example"))).Ok(201);
    }

    [Fact]
    public async Task A_stale_cookie_is_nobody() =>
        (await world.Nobody.Get("/auth/me", ("Cookie", "remix-token=gone"))).Refused(401, "TOKEN_MISSING");

    [Fact]
    public async Task Revoked_tokens_are_refused_at_once_and_their_connections_end()
    {
        var user = await world.NewUser();
        var agent = await world.NewAgent(user);
        var room = await world.NewRoom(agent, null, world.Rover);
        await using var socket = await agent.Listen(room);
        await using var stream = await agent.ListenByStream(room);
        await using var ownersSocket = await user.Listen(room);
        await using var bystander = await world.Rover.Listen(room);
        await Task.WhenAll(socket.Any(), stream.Any(), ownersSocket.Any(), bystander.Any());

        (await user.Post("/auth/regenerate-key", new { confirm = true })).Ok();

        (await agent.Get($"/rooms/{room}/messages")).Refused(401, "TOKEN_UNKNOWN");
        Assert.Equal(4001, await socket.Closed());
        Assert.Equal(4001, await stream.Closed());
        Assert.Equal(4001, await ownersSocket.Closed());
        await world.Rover.Say(room, "still here");
        Assert.Equal("still here", (await bystander.Next("message")).Data.GetProperty("body").GetString());
    }

    [Fact]
    public async Task An_archived_agents_connections_end()
    {
        var agent = await world.NewAgent(world.Alice);
        var room = await world.NewRoom(agent);
        await using var socket = await agent.Listen(room);
        await socket.Any();

        (await world.Alice.Post($"/agents/{agent.Name}/archive")).Ok();
        Assert.Equal(4001, await socket.Closed());
    }

    /// <summary>Two nodes need PostgreSQL.</summary>
    [Fact, Trait(TestDatabase.Only, "postgres")]
    public async Task A_token_revoked_on_one_node_is_refused_on_the_other_within_a_second()
    {
        var second = await world.StartSecondNode();
        try
        {
            var user = await world.NewUser();
            var there = second.As(user.Name, user.Token);
            (await there.Get("/auth/me")).Ok();
            (await user.Post("/auth/regenerate-key", new { confirm = true })).Ok();
            await Task.Delay(1000);
            (await there.Get("/auth/me")).Refused(401, "TOKEN_UNKNOWN");
        }
        finally
        {
            await second.DisposeAsync();
        }
    }
}
