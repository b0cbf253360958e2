using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.Identity;

public class AgentTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_new_agent_gets_its_token_and_hints_for_what_is_missing()
    {
        var bare = (await world.Alice.Post("/agents", new { agent_id = $"alice/{world.FreshName("agent")}", name = "Bare" })).Ok(201);
        Assert.Equal("*", bare.String("permissions"));
        Assert.Equal(3, bare["_hints"].GetArrayLength());
        (await world.As("bare", bare.String("token")).Get("/agents/me")).Ok();

        var whole = (await world.Alice.Post("/agents", new
        {
            agent_id = $"alice/{world.FreshName("agent")}",
            capabilities = new[] { "data.analysis" },
            config = new { system_prompt = "You count.", model = "m", runtime = "node", skills = new[] { "x" } },
        })).Ok(201);
        Assert.False(whole.Json.TryGetProperty("_hints", out _));
        Assert.Equal("data.analysis", whole["capabilities"][0].GetString());
    }

    [Fact]
    public async Task An_agent_lives_under_its_own_user()
    {
        var refused = (await world.Alice.Post("/agents", new { agent_id = "bob/spy" })).Refused(403, "NOT_YOUR_NAMESPACE");
        Assert.Equal("alice/spy", refused["fix"].GetProperty("body").GetProperty("agent_id").GetString());
        (await world.Alice.Post("/agents", new { agent_id = "remix/spy" })).Refused(403, "NOT_YOUR_NAMESPACE");
    }

    [Fact]
    public async Task An_agents_id_is_given_once_and_the_answer_says_where_its_token_is()
    {
        var refused = (await world.Alice.Post("/agents", new { agent_id = "alice/atlas" })).Refused(409, "AGENT_EXISTS");
        Assert.Equal("/agents/alice/atlas/token", refused["fix"].GetProperty("path").GetString());
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("alice/")]
    [InlineData("/x")]
    [InlineData("alice/x/y")]
    [InlineData("alice/X")]
    [InlineData("alice/ x")]
    [InlineData("alice/x\n")]
    [InlineData("alice/..")]
    public async Task An_agents_id_is_a_pair_of_names(string agentId) => (await world.Alice.Post("/agents", new { agent_id = agentId }))
        .Invalid("agent_id");

    [Fact]
    public async Task All_problems_of_a_body_are_told_at_once() => (await world.Alice.Post("/agents", new
    {
        agent_id = 1,
        name = "",
        readme = new string('x', 10_241),
        status = new string('x', 281),
        capabilities = new object[] { "ok", 2 },
        config = "no object",
        card = new { big = new string('x', 9_000) },
    })).Invalid("agent_id", "name", "readme", "status", "capabilities.1", "config", "card");

    [Fact]
    public async Task An_agent_changes_what_it_says_of_itself_and_null_clears()
    {
        var agent = await world.NewAgent(world.Alice);
        var changed = (await agent.Put("/agents/me",
            new { name = "New", readme = "I read.", status = "busy", card = new { a = 1 }, config = new { model = "m" } })).Ok();
        Assert.Equal(("New", "I read.", "busy"), (changed.String("name"), changed.String("readme"), changed.String("status")));

        (await agent.Put("/agents/me", new { readme = (string?)null, card = (object?)null, capabilities = (object?)null })).Ok();
        var me = (await agent.Get("/agents/me")).Ok();
        Assert.Equal(JsonValueKind.Null, me["readme"].ValueKind);
        Assert.Equal(JsonValueKind.Null, me["card"].ValueKind);
        Assert.Equal(0, me["capabilities"].GetArrayLength());
        Assert.Equal(("New", "busy", "m"), (me.String("name"), me.String("status"), me["config"].GetProperty("model").GetString()));
    }

    [Fact]
    public async Task A_change_names_something_and_keeps_a_name()
    {
        (await world.Bot.Put("/agents/me", new { })).Refused(400, "NOTHING_TO_CHANGE");
        (await world.Bot.Put("/agents/me", new { unknown = 1 })).Refused(400, "NOTHING_TO_CHANGE");
        (await world.Bot.Put("/agents/me", new { name = (string?)null })).Invalid("name");
        (await world.Bot.Put("/agents/me", new { name = "nul\0" })).Invalid("name");
        (await world.Bot.Put("/agents/me", Actor.Json("{\"name\":\"\\ud800\"}"))).Invalid("name");
    }

    [Fact]
    public async Task The_public_profile_shows_nothing_private()
    {
        var agent = await world.NewAgent(world.Alice);
        (await agent.Put("/agents/me", new { config = new { system_prompt = "secret", runtime = "node" } })).Ok();
        var profile = (await world.Nobody.Get($"/agents/{agent.Name}")).Ok();

        Assert.Equal("node", profile.String("runtime"));
        Assert.NotEmpty(profile.String("signing_public_key"));
        foreach (var hidden in new[] { "config", "permissions", "token", "webhook_url" })
        {
            Assert.False(profile.Json.TryGetProperty(hidden, out _), hidden);
        }

        Assert.DoesNotContain("secret", profile.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_not_there_is_not_found()
    {
        (await world.Nobody.Get("/agents/alice/nobody")).Refused(404, "NOT_FOUND");
        (await world.Nobody.Get("/agents/ALICE/atlas")).Refused(404, "NOT_FOUND");
        (await world.Nobody.Get("/agents/alice/nobody/keys")).Refused(404, "NOT_FOUND");
        (await world.Alice.Get("/agents/alice/nobody/token")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Keys_are_those_of_the_user()
    {
        var (one, other) = ((await world.Nobody.Get("/agents/alice/atlas/keys")).Ok(), (await world.Nobody.Get("/agents/alice/bot/keys")).Ok());
        Assert.Equal(one.String("public_key"), other.String("public_key"));
        Assert.NotEqual(one.String("public_key"), (await world.Nobody.Get("/agents/bob/rover/keys")).Ok().String("public_key"));
    }

    [Fact]
    public async Task A_token_is_given_to_its_owner_only()
    {
        Assert.Equal(world.Atlas.Token, (await world.Alice.Get("/agents/alice/atlas/token")).Ok().String("token"));
        (await world.Bob.Get("/agents/alice/atlas/token")).Refused(403, "FORBIDDEN");
        (await world.Dave.Get("/agents/alice/atlas/token")).Refused(403, "FORBIDDEN");
        (await world.Atlas.Get("/agents/alice/atlas/token")).Refused(403, "USER_TOKEN_NEEDED");
    }

    [Fact]
    public async Task The_owner_and_the_agent_itself_can_archive_it()
    {
        var agent = await world.NewAgent(world.Alice);
        (await world.Bob.Post($"/agents/{agent.Name}/archive")).Refused(403, "FORBIDDEN");
        (await world.Atlas.Post($"/agents/{agent.Name}/archive")).Refused(403, "FORBIDDEN");
        (await agent.Post($"/agents/{agent.Name}/archive")).Ok();
        Assert.True((await world.Nobody.Get($"/agents/{agent.Name}")).Ok()["archived"].GetBoolean());
        (await world.Alice.Post($"/agents/{agent.Name}/unarchive")).Ok();
        Assert.False((await agent.Get("/agents/me")).Ok()["archived"].GetBoolean());
    }

    [Fact]
    public async Task A_user_lists_their_own_agents_with_tokens()
    {
        var user = await world.NewUser();
        var (first, second) = (await world.NewAgent(user), await world.NewAgent(user));
        (await second.Post($"/agents/{second.Name}/archive")).Ok();

        var shown = (await user.Get($"/users/{user.Name}/agents")).Ok().Json.EnumerateArray().ToList();
        Assert.Equal([first.Name], shown.Select(agent => agent.GetProperty("agent_id").GetString()));
        Assert.Equal(first.Token, shown[0].GetProperty("token").GetString());
        Assert.Equal(2, (await user.Get($"/users/{user.Name}/agents?include_archived=true")).Ok().Json.GetArrayLength());
        (await user.Get("/users/alice/agents")).Refused(403, "FORBIDDEN");
        (await user.Get($"/users/{user.Name}/agents?include_archived=perhaps")).Invalid("include_archived");
    }

    [Fact]
    public async Task An_agent_is_online_for_a_minute_after_it_was_heard()
    {
        var clock = new FakeClock();
        await using var still = await World.Start(configure: services => services.Replace(clock));
        (await still.Atlas.Get("/agents/me")).Ok();

        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.True((await still.Nobody.Get("/agents/alice/atlas")).Ok()["online"].GetBoolean());
        clock.Advance(TimeSpan.FromSeconds(1));
        var profile = (await still.Nobody.Get("/agents/alice/atlas")).Ok();
        Assert.False(profile["online"].GetBoolean());
        Assert.Equal("2030-01-01T12:00:00", profile.String("last_seen")[..19]);
    }

    [Fact]
    public async Task Counters_follow_what_the_agent_does()
    {
        var agent = await world.NewAgent(world.Alice);
        var room = await world.NewRoom(agent);
        (await agent.Say(room, "one")).Ok();
        (await agent.Post($"/rooms/{room}/send-batch", new { messages = new[] { new { body = "two" }, new { body = "three" } } })).Ok();
        var me = (await agent.Get("/agents/me")).Ok();
        Assert.Equal((3, 1), (me.Number("messages_sent"), me.Number("rooms_joined")));
    }
}
