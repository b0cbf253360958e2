using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class MemberTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task An_open_room_is_joined_once_and_says_what_it_is_about()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["goals"] = "win", ["rules"] = "be kind", ["topic"] = "now" });
        var joined = (await world.Fox.Post($"/rooms/{room}/join")).Ok();
        Assert.Equal(("win", "be kind", "now"), (joined.String("goals"), joined.String("rules"), joined.String("topic")));
        Assert.Contains("README.md", joined.String("hint"), StringComparison.Ordinal);

        (await world.Fox.Post($"/rooms/{room}/join")).Refused(409, "ALREADY_MEMBER");
        Assert.Equal(2, (await world.Fox.Get($"/rooms/{room}")).Ok().Number("member_count"));
        (await world.Carol.Post($"/rooms/{room}/join")).Refused(403, "AGENT_TOKEN_NEEDED");
    }

    [Fact]
    public async Task Who_joins_many_times_at_once_is_a_member_once()
    {
        var room = await world.NewRoom(world.Atlas);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => world.Fox.Post($"/rooms/{room}/join")));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(2, (await world.Fox.Get($"/rooms/{room}")).Ok().Number("member_count"));
    }

    [Theory]
    [InlineData("listed", "open")]
    [InlineData("open", "invite")]
    [InlineData("open", "none")]
    [InlineData("listed", "none")]
    public async Task A_room_that_is_not_open_to_join_says_so(string visibility, string policy)
    {
        var room = await world.NewRoom(world.Atlas, new() { ["visibility"] = visibility, ["config"] = new { join_policy = policy } });
        (await world.Fox.Post($"/rooms/{room}/join")).Refused(403, "FORBIDDEN");
    }

    [Fact]
    public async Task The_default_role_is_what_joining_gives()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["config"] = new { default_role = "readonly" } });
        (await world.Fox.Post($"/rooms/{room}/join")).Ok();
        (await world.Fox.Post($"/rooms/{room}/send", new { body = "hi" })).Refused(403, "FORBIDDEN");
        (await world.Fox.Get($"/rooms/{room}/messages")).Ok();
    }

    [Fact]
    public async Task Who_leaves_is_no_longer_heard_nor_told()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["visibility"] = "private" }, world.Fox);
        await using var ear = await world.Fox.Listen(room);
        await ear.Any();

        (await world.Fox.Post($"/rooms/{room}/leave")).Ok();

        Assert.Equal(4003, await ear.Closed());
        (await world.Fox.Get($"/rooms/{room}")).Refused(404, "NOT_FOUND");
        (await world.Fox.Post($"/rooms/{room}/leave")).Refused(404, "NOT_FOUND");
        Assert.Equal(1, (await world.Atlas.Get($"/rooms/{room}")).Ok().Number("member_count"));
    }

    [Fact]
    public async Task Inviting_says_who_came_who_was_there_and_who_does_not_exist()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        await using var ear = await world.Atlas.Listen(room);
        var made = (await world.Atlas.Post($"/rooms/{room}/invite", new
        {
            agents = new[] { "carol/fox", "bob/rover", "bob/ghost", "carol/fox" },
            role = "readonly",
            participation = "passive",
            task = "Look around.",
        })).Ok();

        Assert.Equal(("""["carol/fox"]""", """["bob/rover"]""", """["bob/ghost"]"""),
            (made["invited"].GetRawText(), made["already_members"].GetRawText(), made["not_found"].GetRawText()));
        var invitation = await ear.Next("room_invite");
        Assert.Equal(("Look around.", "passive"),
            (invitation.Data.GetProperty("task").GetString(), invitation.Data.GetProperty("participation").GetString()));
        var fox = (await world.Atlas.Get($"/rooms/{room}/members"))
            .Ok().Items.Single(member => member.GetProperty("agent_id").GetString() == "carol/fox");
        Assert.Equal(("readonly", "passive"), (fox.GetProperty("role").GetString(), fox.GetProperty("participation").GetString()));
    }

    [Theory]
    [InlineData("admin", false)]
    [InlineData("member", true)]
    [InlineData("anyone", true)]
    public async Task The_invite_policy_names_who_may_invite(string policy, bool membersMay)
    {
        var room = await world.NewRoom(world.Atlas, new() { ["config"] = new { invite_policy = policy } }, world.Rover);
        (await world.Fox.Post($"/rooms/{room}/invite", new { agents = new[] { "alice/bot" } })).Refused(403, "NOT_A_MEMBER");
        var answer = await world.Rover.Post($"/rooms/{room}/invite", new { agents = new[] { "carol/fox" } });
        if (membersMay)
        {
            answer.Ok();
        }
        else
        {
            answer.Refused(403, "FORBIDDEN");
        }

        (await world.Rover.Post($"/rooms/{room}/invite", new { agents = new[] { "alice/bot" }, role = "moderator" })).Refused(403, "FORBIDDEN");
        (await world.Alice.Post($"/rooms/{room}/invite", new { agents = new[] { "alice/bot" }, role = "moderator" })).Ok();
    }

    [Fact]
    public async Task A_room_without_new_members_takes_none_by_invitation_either()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["config"] = new { join_policy = "none" } });
        (await world.Atlas.Post($"/rooms/{room}/invite", new { agents = new[] { "carol/fox" } })).Refused(403, "FORBIDDEN");
    }

    [Fact]
    public async Task Nonsense_invitations_are_refused()
    {
        var invite = (object body) => world.Atlas.Post($"/rooms/{World.Lab}/invite", body);
        (await invite(new { })).Invalid("agents");
        (await invite(new { agents = Array.Empty<string>() })).Invalid("agents");
        (await invite(new { agents = new[] { "fox" } })).Invalid("agents");
        (await invite(new { agents = Enumerable.Range(0, 101).Select(i => $"a/b{i}") })).Invalid("agents");
        (await invite(new { agents = new[] { "carol/fox" }, role = "admin" })).Invalid("role");
        (await invite(new { agents = new[] { "carol/fox" }, participation = "boss" })).Invalid("participation");
        (await invite(new { agents = new[] { "bob/ghost" } })).Refused(404, "AGENTS_NOT_FOUND");
    }

    [Fact]
    public async Task Members_are_listed_to_members_with_roles_and_presence()
    {
        (await world.Atlas.Get("/agents/me")).Ok();
        var members = (await world.Rover.Get($"/rooms/{World.Den}/members")).Ok();
        Assert.Equal(3, members.Number("total"));
        var atlas = members.Items.Single(member => member.GetProperty("agent_id").GetString() == "alice/atlas");
        Assert.Equal(("admin", true), (atlas.GetProperty("role").GetString(), atlas.GetProperty("online").GetBoolean()));
        (await world.Alice.Get($"/rooms/{World.Den}/members")).Ok();
        (await world.Nobody.Get($"/rooms/{World.Lab}/members")).Refused(401, "TOKEN_MISSING");
    }

    [Fact]
    public async Task Roles_are_changed_by_the_admin_and_count_at_once()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover, world.Fox);
        await using var ear = await world.Fox.Listen(room);
        (await world.Rover.Post($"/rooms/{room}/members/carol/fox/role", new { role = "readonly" })).Refused(403, "FORBIDDEN");
        (await world.Fox.Post($"/rooms/{room}/send", new { body = "still" })).Ok();

        (await world.Atlas.Post($"/rooms/{room}/members/carol/fox/role", new { role = "readonly" })).Ok();
        (await world.Fox.Post($"/rooms/{room}/send", new { body = "no more" })).Refused(403, "FORBIDDEN");
        Assert.Equal("readonly", (await ear.Next("role_updated")).Data.GetProperty("role").GetString());

        (await world.Alice.Post($"/rooms/{room}/members/carol/fox/role", new { role = "moderator" })).Ok();
        (await world.Fox.Post($"/rooms/{room}/members/bob/rover/role", new { role = "readonly" })).Refused(403, "FORBIDDEN");
    }

    [Fact]
    public async Task The_admin_stays_the_admin_and_nobody_becomes_one()
    {
        var role = (string member, object body) => world.Alice.Post($"/rooms/{World.Lab}/members/{member}/role", body);
        (await role("alice/atlas", new { role = "member" })).Refused(403, "FORBIDDEN");
        (await role("bob/rover", new { role = "admin" })).Invalid("role");
        (await role("bob/rover", new { role = "king" })).Invalid("role");
        (await role("bob/rover", new { })).Invalid("role");
        (await role("carol/fox", new { role = "member" })).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Many_who_join_and_leave_at_once_are_counted_right()
    {
        var room = await world.NewRoom(world.Atlas);
        var agents = new List<Actor>();
        for (var i = 0; i < 12; i++)
        {
            agents.Add(await world.NewAgent(world.Carol));
        }

        await Task.WhenAll(agents.Select(async (agent, i) =>
        {
            (await agent.Post($"/rooms/{room}/join")).Ok();
            (await agent.Say(room, "hello")).Ok();
            if (i % 2 == 0)
            {
                (await agent.Post($"/rooms/{room}/leave")).Ok();
            }
        }));

        var members = (await world.Atlas.Get($"/rooms/{room}/members")).Ok();
        Assert.Equal(7, members.Number("total"));
        var facts = (await world.Atlas.Get($"/rooms/{room}")).Ok();
        Assert.Equal((7L, 12L), (facts.Number("member_count"), facts.Number("message_count")));
    }

    [Fact]
    public async Task Whoever_is_taken_out_is_told_and_hears_no_more()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["visibility"] = "private" }, world.Rover, world.Fox, world.Bot);
        (await world.Atlas.Post($"/rooms/{room}/members/bob/rover/role", new { role = "moderator" })).Ok();
        await using var stays = await world.Bot.Listen(room);
        await using var goes = await world.Fox.Listen(room);
        (await world.Bot.Delete($"/rooms/{room}/members/carol/fox")).Refused(403, "FORBIDDEN");
        (await world.Rover.Delete($"/rooms/{room}/members/alice/atlas")).Refused(403, "FORBIDDEN");
        (await world.Rover.Delete($"/rooms/{room}/members/bob/rover")).Refused(400, "LEAVE_INSTEAD");
        (await world.Rover.Delete($"/rooms/{room}/members/bob/ghost")).Refused(404, "NOT_FOUND");

        (await world.Rover.Delete($"/rooms/{room}/members/carol/fox")).Ok();
        var left = (await stays.Next("member_left")).Data;
        Assert.Equal(("carol/fox", "bob/rover"), (left.Text("agent_id"), left.Text("removed_by")));
        Assert.Equal(4003, await goes.Closed());
        (await world.Fox.Get($"/rooms/{room}")).Refused(404, "NOT_FOUND");
        var told = (await world.Fox.Get("/events?timeout=0&type=member_left")).Ok()["events"].EnumerateArray().Single();
        Assert.Equal(room, told.GetProperty("data").Text("room_id"));
        Assert.Equal(3, (await world.Atlas.Get($"/rooms/{room}")).Ok().Number("member_count"));

        (await world.Alice.Delete($"/rooms/{room}/members/alice/atlas")).Ok();
        (await world.Alice.Post($"/rooms/{room}/archive")).Ok();
        (await world.Alice.Delete($"/rooms/{room}/members/alice/bot")).Refused(409, "ROOM_ARCHIVED");
    }
}
