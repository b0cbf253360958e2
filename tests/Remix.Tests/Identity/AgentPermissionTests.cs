using Remix.Tests.Support;

namespace Remix.Tests.Identity;

public class AgentPermissionTests(World world) : IClassFixture<World>
{
    private static readonly string[] Actions = ["read", "send", "join", "invite", "moderate", "manage", "meet", "files"];

    /// <summary>Everything that needs a permission, as the call of an agent that is otherwise free to make it.</summary>
    private static readonly (string Action, Func<World, Actor, string, Task<Answer>> Call)[] Calls =
    [
        ("read", (_, agent, room) => agent.Get($"/rooms/{room}")),
        ("read", (_, agent, room) => agent.Get($"/rooms/{room}/messages")),
        ("read", (_, agent, room) => agent.Get($"/rooms/{room}/members")),
        ("read", (_, agent, room) => agent.Get($"/rooms/{room}/files")),
        ("read", (_, agent, room) => agent.Get($"/rooms/{room}/files/a.txt")),
        ("send", (_, agent, room) => agent.Post($"/rooms/{room}/send", new { body = "hi" })),
        ("send", (_, agent, room) => agent.Post($"/rooms/{room}/send-batch", new { messages = new[] { new { body = "hi" } } })),
        ("join", async (world, agent, _) => await agent.Post($"/rooms/{await world.NewRoom(world.Atlas)}/join")),
        ("invite", (_, agent, room) => agent.Post($"/rooms/{room}/invite", new { agents = new[] { "carol/fox" } })),
        ("moderate", async (world, agent, room) =>
        {
            var message = (await world.Rover.Say(room, "judge me")).Ok();
            return await agent.Post($"/rooms/{room}/moderate/{message.String("message_id")}", new { action = "approve" });
        }),
        ("manage", (_, agent, room) => agent.Post($"/rooms/{room}/members/bob/rover/role", new { role = "member" })),
        ("manage", (world, agent, _) => agent.Post("/rooms", new { room_id = $"alice/{world.FreshName("made")}" })),
        ("moderate", (_, agent, room) => agent.Delete($"/rooms/{room}/members/bob/rover")),
        ("files", (_, agent, room) => agent.Upload(room, "b.txt", "b")),
        ("files", async (world, agent, room) =>
        {
            (await world.Atlas.Upload(room, "gone.txt", "x")).Ok();
            return await agent.Delete($"/rooms/{room}/files/gone.txt");
        }),
    ];

    public static TheoryData<int, string> EachCallWithEachAction()
    {
        var data = new TheoryData<int, string>();
        for (var i = 0; i < Calls.Length; i++)
        {
            foreach (var action in Actions)
            {
                data.Add(i, action);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EachCallWithEachAction))]
    public async Task An_agent_may_do_what_its_actions_name_and_nothing_else(int call, string action)
    {
        var agent = await world.NewAgent(world.Alice, new { actions = new[] { action } });
        var room = await RoomModeratedBy(agent);

        var answer = await Calls[call].Call(world, agent, room);

        if (Calls[call].Action == action)
        {
            answer.Ok();
        }
        else
        {
            var refused = answer.Refused(403, "PERMISSION_DENIED");
            Assert.Contains($"\"{Calls[call].Action}\"", refused.String("hint"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Listening_needs_the_permission_to_read()
    {
        var agent = await world.NewAgent(world.Alice, new { actions = new[] { "send" } });
        var room = await RoomModeratedBy(agent);
        Assert.Equal(403, (await Assert.ThrowsAsync<RefusedHandshakeException>(() => agent.Listen(room))).Status);
        Assert.Equal(403, (await Assert.ThrowsAsync<RefusedHandshakeException>(() => agent.ListenByStream(room))).Status);
    }

    [Fact]
    public async Task To_leave_needs_no_permission()
    {
        var agent = await world.NewAgent(world.Alice, new { rooms = Array.Empty<string>(), actions = Array.Empty<string>() });
        var room = await world.NewRoom(world.Atlas, null, agent);
        (await agent.Post($"/rooms/{room}/leave")).Ok();
    }

    [Theory]
    [InlineData("alice/lab", true)]
    [InlineData("*", true)]
    [InlineData("alice/*", true)]
    [InlineData("*/lab", true)]
    [InlineData("al*b", true)]
    [InlineData("a*i*e/l*b", true)]
    [InlineData("alice/lab*", true)]
    [InlineData("**", true)]
    [InlineData("alice/la", false)]
    [InlineData("alice/labs", false)]
    [InlineData("alice/l?b", false)]
    [InlineData("alice/*x", false)]
    [InlineData("bob/*", false)]
    [InlineData("", false)]
    public async Task Rooms_are_named_by_patterns(string pattern, bool allowed)
    {
        if (pattern.Length == 0)
        {
            (await world.Alice.Post("/agents", new { agent_id = "alice/never", permissions = new { rooms = new[] { pattern } } }))
                .Invalid("permissions.rooms.0");
            return;
        }

        var agent = await world.NewAgent(world.Alice, new { rooms = new[] { pattern } });
        (await world.Alice.Post($"/rooms/{World.Lab}/invite", new { agents = new[] { agent.Name } })).Ok();
        var answer = await agent.Get($"/rooms/{World.Lab}/messages");
        if (allowed)
        {
            answer.Ok();
        }
        else
        {
            answer.Refused(403, "PERMISSION_DENIED");
        }
    }

    [Fact]
    public async Task A_private_room_outside_its_scope_does_not_exist_for_an_agent()
    {
        var agent = await world.NewAgent(world.Alice, new { rooms = new[] { World.Lab } });
        (await world.Alice.Post($"/rooms/{World.Den}/invite", new { agents = new[] { agent.Name } })).Ok();
        (await agent.Get($"/rooms/{World.Den}/messages")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task No_rooms_means_none_and_leaving_out_means_all()
    {
        var none = await world.NewAgent(world.Alice, new { rooms = Array.Empty<string>(), actions = Actions });
        var all = await world.NewAgent(world.Alice, new { });
        (await world.Alice.Post($"/rooms/{World.Lab}/invite", new { agents = new[] { none.Name, all.Name } })).Ok();
        (await none.Get($"/rooms/{World.Lab}/messages")).Refused(403, "PERMISSION_DENIED");
        (await all.Get($"/rooms/{World.Lab}/messages")).Ok();
    }

    [Fact]
    public async Task A_pathological_pattern_costs_nothing()
    {
        var pattern = string.Concat(Enumerable.Repeat("*a", 70)) + "b";
        var agent = await world.NewAgent(world.Alice, new { rooms = new[] { pattern } });
        var room = $"alice/{new string('a', 64)}";
        (await world.Atlas.Post("/rooms", new { room_id = room, visibility = "open", invite = new[] { agent.Name } })).Ok(201);
        (await agent.Get($"/rooms/{room}/messages")).Refused(403, "PERMISSION_DENIED");
    }

    [Fact]
    public async Task Permissions_are_shown_as_they_were_given()
    {
        var agent = await world.NewAgent(world.Alice, new { rooms = new[] { "alice/*" }, actions = new[] { "read", "files" } });
        var shown = (await agent.Get("/agents/me")).Ok()["permissions"];
        Assert.Equal("""{"rooms":["alice/*"],"actions":["read","files"]}""", shown.GetRawText());
    }

    [Fact]
    public async Task Nonsense_permissions_are_refused()
    {
        var call = (object permissions) => world.Alice.Post("/agents", new { agent_id = $"alice/{world.FreshName("agent")}", permissions });
        (await call("everything")).Invalid("permissions");
        (await call(5)).Invalid("permissions");
        (await call(new[] { "read" })).Invalid("permissions");
        (await call(new { actions = new[] { "read", "fly" } })).Invalid("permissions.actions.1");
        (await call(new { rooms = "alice/lab" })).Invalid("permissions.rooms");
        (await call(new { rooms = Enumerable.Repeat("x", 201) })).Invalid("permissions.rooms");
    }

    /// <summary>An open room in which the agent is moderator; invite by it is allowed, messages wait for a verdict, a file lies there.</summary>
    private async Task<string> RoomModeratedBy(Actor agent)
    {
        var room = await world.NewRoom(world.Atlas, new() { ["moderated"] = true }, world.Rover);
        (await world.Alice.Post($"/rooms/{room}/invite", new { agents = new[] { agent.Name }, role = "moderator" })).Ok();
        await MakeAdmin(room, agent);
        (await world.Atlas.Upload(room, "a.txt", "a")).Ok();
        return room;
    }

    /// <summary>A room's admin is who made it; here the row is changed, so that only the permission decides.</summary>
    private async Task MakeAdmin(string room, Actor agent) => await world.Database.Write(async session =>
    {
        await session.Execute("update room_members set role = 'admin' where room_id = $1 and member_id = $2", room, agent.Name);
    });

    [Fact]
    public async Task A_room_is_made_with_others_in_it_by_who_may_invite()
    {
        var maker = await world.NewAgent(world.Alice, new { actions = new[] { "manage" } });
        var roomId = $"alice/{world.FreshName("made")}";
        var refused = (await maker.Post("/rooms", new { room_id = roomId, invite = new[] { "bob/rover" } })).Refused(403, "PERMISSION_DENIED");
        Assert.Contains("\"invite\"", refused.String("hint"), StringComparison.Ordinal);
        (await maker.Post("/rooms", new { room_id = roomId, invite = new[] { maker.Name } })).Ok(201);
    }
}
