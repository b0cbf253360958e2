using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class JoinRequestTests(World world) : IClassFixture<World>
{
    [Theory]
    [InlineData("listed")]
    [InlineData("private")]
    public async Task Who_asks_is_let_in_with_the_default_role_and_both_sides_hear_of_it(string visibility)
    {
        var room = await Room(visibility, new { default_role = "readonly" });
        await using var ear = await world.Atlas.Listen(room);
        var asked = (await world.Fox.Post($"/rooms/{room}/request-join", new { message = "I know tides." })).Ok(201);
        Assert.Equal((room, "pending"), (asked.String("room_id"), asked.String("status")));
        var knock = await ear.Next("join_request");
        Assert.Equal("carol/fox", knock.Data.GetProperty("agent_id").GetString());
        Assert.DoesNotContain("tides", knock.Text, StringComparison.Ordinal);

        var waiting = (await world.Atlas.Get($"/rooms/{room}/requests")).Ok();
        var request = Assert.Single(waiting.Items);
        Assert.Equal(("carol/fox", "I know tides.", 1L), (request.Text("agent_id"), request.Text("message"), waiting.Number("total")));
        var answered = (await world.Alice.Post($"/rooms/{room}/requests/{asked.String("request_id")}", new { action = "approve" })).Ok();
        Assert.Equal(("approved", "alice"), (answered.String("status"), answered.String("resolved_by")));

        Assert.Equal("carol/fox", (await ear.Next("member_joined")).Data.GetProperty("agent_id").GetString());
        Assert.Equal("approved", (await ear.Next("join_request_resolved")).Data.GetProperty("status").GetString());
        Assert.Equal("readonly", (await world.Fox.Get($"/rooms/{room}")).Ok().String("your_role"));
        Assert.Empty((await world.Atlas.Get($"/rooms/{room}/requests")).Ok().Items);
        (await world.Alice.Post($"/rooms/{room}/requests/{asked.String("request_id")}", new { action = "reject" })).Refused(409, "ALREADY_RESOLVED");
        (await world.Fox.Post($"/rooms/{room}/request-join")).Refused(409, "ALREADY_MEMBER");
        (await world.Fox.Post($"/rooms/{room}/join")).Refused(409, "ALREADY_MEMBER");
    }

    [Fact]
    public async Task Asking_again_is_the_same_request_and_after_a_refusal_another()
    {
        var room = await Room("listed");
        await using var ear = await world.Atlas.Listen(room);
        var first = (await world.Fox.Post($"/rooms/{room}/request-join")).Ok(201);
        var second = (await world.Fox.Post($"/rooms/{room}/request-join", new { message = "Please." })).Ok(200);
        (await world.Fox.Post($"/rooms/{room}/request-join")).Ok(200);
        Assert.Equal(first.String("request_id"), second.String("request_id"));
        Assert.Equal("Please.", Assert.Single((await world.Atlas.Get($"/rooms/{room}/requests")).Ok().Items).Text("message"));

        (await world.Atlas.Post($"/rooms/{room}/requests/{first.String("request_id")}", new { action = "reject" })).Ok();
        (await ear.Next("join_request")).Data.GetProperty("agent_id");
        Assert.Equal("rejected", (await ear.Next()).Data.GetProperty("status").GetString());
        (await world.Fox.Get($"/rooms/{room}/messages")).Refused(403, "NOT_A_MEMBER");
        (await world.Fox.Post($"/rooms/{room}/request-join")).Ok(201);
    }

    [Fact]
    public async Task Many_requests_of_one_agent_at_once_are_one()
    {
        var room = await Room("listed");
        var all = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => world.Fox.Post($"/rooms/{room}/request-join")));
        Assert.Single(all, answer => answer.Status == 201);
        Assert.Single(all.Select(answer => answer.Ok().String("request_id")).Distinct());
    }

    [Fact]
    public async Task Admins_moderators_and_the_owner_answer_and_nobody_else()
    {
        var room = await Room("listed", null, world.Rover, world.Bot);
        (await world.Alice.Post($"/rooms/{room}/members/alice/bot/role", new { role = "moderator" })).Ok();
        var id = (await world.Fox.Post($"/rooms/{room}/request-join")).Ok(201).String("request_id");
        foreach (var outsider in new[] { world.Rover, world.Fox, world.Carol })
        {
            Assert.Equal(403, (await outsider.Get($"/rooms/{room}/requests")).Status);
            Assert.Equal(403, (await outsider.Post($"/rooms/{room}/requests/{id}", new { action = "approve" })).Status);
        }

        (await world.Nobody.Get($"/rooms/{room}/requests")).Refused(401, "TOKEN_MISSING");
        (await world.Atlas.Get($"/rooms/{room}/requests")).Ok();
        (await world.Alice.Get($"/rooms/{room}/requests")).Ok();
        (await world.Bot.Post($"/rooms/{room}/requests/{id}", new { action = "approve" })).Ok();
    }

    [Fact]
    public async Task Nonsense_is_refused()
    {
        var room = await Room("listed");
        (await world.Fox.Post($"/rooms/{room}/request-join", new { message = new string('x', 501) })).Invalid("message");
        var id = (await world.Fox.Post($"/rooms/{room}/request-join", new { message = new string('x', 500) })).Ok(201).String("request_id");
        (await world.Atlas.Post($"/rooms/{room}/requests/{id}", new { action = "maybe" })).Invalid("action");
        (await world.Atlas.Post($"/rooms/{room}/requests/{id}")).Invalid("action");
        (await world.Atlas.Post($"/rooms/{room}/requests/nonsense", new { action = "approve" })).Refused(404, "NOT_FOUND");
        (await world.Atlas.Post($"/rooms/{World.Lab}/requests/{id}", new { action = "approve" })).Refused(404, "NOT_FOUND");
        (await world.Atlas.Get($"/rooms/{room}/requests?limit=x&offset=-1")).Invalid("limit", "offset");
        (await world.Carol.Post($"/rooms/{room}/request-join")).Refused(403, "AGENT_TOKEN_NEEDED");
    }

    [Theory]
    [InlineData("open", null, 409, "ROOM_IS_OPEN")]
    [InlineData("open", "invite", 403, "FORBIDDEN")]
    [InlineData("open", "none", 403, "FORBIDDEN")]
    [InlineData("listed", "invite", 403, "FORBIDDEN")]
    [InlineData("listed", "none", 403, "FORBIDDEN")]
    [InlineData("private", "invite", 404, "NOT_FOUND")]
    [InlineData("private", "none", 404, "NOT_FOUND")]
    public async Task Where_asking_opens_no_door_it_says_so_and_of_private_rooms_it_says_nothing(
        string visibility, string? policy, int status, string code)
    {
        var room = await Room(visibility, policy is null ? null : new { join_policy = policy });
        (await world.Fox.Post($"/rooms/{room}/request-join")).Refused(status, code);
        (await world.Fox.Post($"/rooms/{room}-ghost/request-join")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task A_scoped_agent_may_not_ask_beyond_its_scope()
    {
        var (listed, secret) = (await Room("listed"), await Room("private"));
        var elsewhere = await world.NewAgent(world.Carol, new { rooms = new[] { "carol/*" } });
        (await elsewhere.Post($"/rooms/{listed}/request-join")).Refused(403, "PERMISSION_DENIED");
        (await elsewhere.Post($"/rooms/{secret}/request-join")).Refused(404, "NOT_FOUND");
        var silent = await world.NewAgent(world.Carol, new { actions = new[] { "read" } });
        (await silent.Post($"/rooms/{listed}/request-join")).Refused(403, "PERMISSION_DENIED");
    }

    [Fact]
    public async Task Who_is_invited_meanwhile_no_longer_waits()
    {
        var room = await Room("listed");
        var id = (await world.Fox.Post($"/rooms/{room}/request-join")).Ok(201).String("request_id");
        (await world.Atlas.Post($"/rooms/{room}/invite", new { agents = new[] { "carol/fox" } })).Ok();
        Assert.Empty((await world.Atlas.Get($"/rooms/{room}/requests")).Ok().Items);
        (await world.Atlas.Post($"/rooms/{room}/requests/{id}", new { action = "approve" })).Refused(409, "ALREADY_RESOLVED");
    }

    [Fact]
    public async Task A_room_that_takes_nobody_or_an_agent_that_is_gone_cannot_be_approved()
    {
        var room = await Room("listed");
        var agent = await world.NewAgent(world.Carol);
        var id = (await agent.Post($"/rooms/{room}/request-join")).Ok(201).String("request_id");
        (await world.Alice.Post($"/rooms/{room}/visibility", new { config = new { join_policy = "none" } })).Ok();
        (await world.Alice.Post($"/rooms/{room}/requests/{id}", new { action = "approve" })).Refused(403, "FORBIDDEN");
        (await world.Alice.Post($"/rooms/{room}/visibility", new { config = new { join_policy = (string?)null } })).Ok();
        (await world.Carol.Post($"/agents/{agent.Name}/archive")).Ok();
        var refused = (await world.Alice.Post($"/rooms/{room}/requests/{id}", new { action = "approve" })).Refused(409, "AGENT_GONE");
        Assert.Equal("reject", refused["fix"].GetProperty("body").GetProperty("action").GetString());
        (await world.Alice.Post($"/rooms/{room}/requests/{id}", new { action = "reject" })).Ok();
    }

    [Fact]
    public async Task Whoever_is_refused_is_told_in_a_channel_of_its_own()
    {
        var room = await Room("private");
        var agent = await world.NewAgent(world.Carol);
        var id = (await agent.Post($"/rooms/{room}/request-join")).Ok(201).String("request_id");
        (await world.Alice.Post($"/rooms/{room}/requests/{id}", new { action = "reject" })).Ok();
        var told = await world.Database.Read(session => session.Query("select kind, payload from events where channel = $1",
            row => (Kind: row.GetString(0), Payload: row.GetString(1)), "@" + agent.Name));
        var (kind, payload) = Assert.Single(told);
        Assert.Equal("join_request_resolved", kind);
        Assert.Equal("rejected", JsonSerializer.Deserialize<JsonElement>(payload).Text("status"));
    }

    private Task<string> Room(string visibility, object? config = null, params Actor[] members) =>
        world.NewRoom(world.Atlas, new() { ["visibility"] = visibility, ["config"] = config }, members);
}
