using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.Identity;

public class UserTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task Registering_gives_a_token_and_two_key_pairs_once()
    {
        var made = (await world.Nobody.Post("/register", new { user_id = world.FreshName("user") })).Ok(201);

        foreach (var key in new[] { "public_key", "private_key", "signing_public_key", "signing_private_key" })
        {
            Assert.Equal(32, Convert.FromBase64String(made.String(key)).Length);
        }

        Assert.Equal(64, made.String("token").Length);
        var me = (await world.As(made.String("user_id"), made.String("token")).Get("/auth/me")).Ok();
        Assert.Equal(("user", made.String("user_id")), (me.String("auth_type"), me.String("user_id")));
        Assert.False(me.Json.TryGetProperty("agent_id", out _));
    }

    [Fact]
    public async Task An_owner_can_compute_tokens_offline()
    {
        var userId = world.FreshName("user");
        var made = (await world.Nobody.Post("/register", new { user_id = userId })).Ok(201);
        Assert.Equal(made.String("token"), Hmac(made.String("private_key"), "remix-auth-v1"));

        var agent = await world.NewAgent(world.As(userId, made.String("token")));
        Assert.Equal(agent.Token, Hmac(made.String("token"), agent.Name));
    }

    [Fact]
    public async Task Who_brings_a_public_key_keeps_the_private_one_and_gets_a_random_token()
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var made = (await world.Nobody.Post("/register", new { user_id = world.FreshName("user"), public_key = key })).Ok(201);

        Assert.Equal(key, made.String("public_key"));
        Assert.False(made.Json.TryGetProperty("private_key", out _));
        Assert.NotEmpty(made.String("signing_private_key"));
        (await world.As(made.String("user_id"), made.String("token")).Get("/auth/me")).Ok();
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("not base64")]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_public_key_is_32_bytes_in_base64(string key) =>
        (await world.Nobody.Post("/register", new { user_id = world.FreshName("user"), public_key = key })).Invalid("public_key");

    [Fact]
    public async Task A_user_id_is_given_once()
    {
        (await world.Nobody.Post("/register", new { user_id = "alice" })).Refused(409, "USER_EXISTS");
        (await world.Alice.Get("/auth/me")).Ok();
    }

    [Fact]
    public async Task Of_many_who_register_the_same_id_at_once_one_gets_it()
    {
        var userId = world.FreshName("user");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => world.Nobody.Post("/register", new { user_id = userId })));

        Assert.Single(answers, answer => answer.Status == 201);
        Assert.All(answers.Where(answer => answer.Status != 201), answer => answer.Refused(409, "USER_EXISTS"));
    }

    [Theory]
    [InlineData("Alice")]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("_a")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("é")]
    [InlineData("..")]
    [InlineData("me")]
    [InlineData("info")]
    [InlineData("leaderboard")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_user_id_follows_the_rule_of_names(string userId) =>
        (await world.Nobody.Post("/register", new { user_id = userId })).Invalid("user_id");

    [Fact]
    public async Task A_user_id_is_a_text()
    {
        (await world.Nobody.Post("/register", new { user_id = 5 })).Invalid("user_id");
        (await world.Nobody.Post("/register", new { })).Invalid("user_id");
        (await world.Nobody.Post("/register")).Invalid("user_id");
        (await world.Nobody.Post("/register", new { user_id = new string('a', 64) })).Ok(201);
    }

    [Fact]
    public async Task The_platforms_own_id_needs_the_platform_secret()
    {
        await using var secret = await World.Start(settings => settings with { PlatformSecret = "open sesame" });
        (await secret.Nobody.Post("/register", new { user_id = "remix" })).Refused(403, "USER_ID_RESERVED");
        (await secret.Nobody.Post("/register", new { user_id = "remix" }, ("X-Platform-Secret", "open sesam"))).Refused(403, "USER_ID_RESERVED");
        var made = (await secret.Nobody.Post("/register", new { user_id = "remix" }, ("X-Platform-Secret", "open sesame"))).Ok(201);

        // Whoever holds the secret can take it over again; what was given before is void.
        var again = (await secret.Nobody.Post("/register", new { user_id = "remix" }, ("X-Platform-Secret", "open sesame"))).Ok(201);
        (await secret.As("remix", again.String("token")).Get("/auth/me")).Ok();
        (await secret.As("remix", made.String("token")).Get("/auth/me")).Refused(401, "TOKEN_UNKNOWN");
    }

    [Fact]
    public async Task Without_a_platform_secret_nobody_becomes_the_platform() =>
        (await world.Nobody.Post("/register", new { user_id = "remix" }, ("X-Platform-Secret", ""))).Refused(403, "USER_ID_RESERVED");

    [Fact]
    public async Task Me_says_whose_token_it_is()
    {
        var agent = (await world.Atlas.Get("/auth/me")).Ok();
        Assert.Equal(("agent", "alice", "alice/atlas"), (agent.String("auth_type"), agent.String("user_id"), agent.String("agent_id")));
        Assert.False(agent["is_platform_admin"].GetBoolean());
        Assert.True((await world.Dave.Get("/auth/me")).Ok()["is_platform_admin"].GetBoolean());
        (await world.Nobody.Get("/auth/me")).Refused(401, "TOKEN_MISSING");
    }

    [Fact]
    public async Task New_keys_make_every_old_token_void_at_once()
    {
        var user = await world.NewUser();
        var agents = new[] { await world.NewAgent(user), await world.NewAgent(user) };
        var made = (await user.Post("/auth/regenerate-key", new { confirm = true })).Ok(200);

        Assert.Equal(2, made.Number("agents_updated"));
        Assert.Equal(made.String("token"), Hmac(made.String("private_key"), "remix-auth-v1"));
        (await user.Get("/auth/me")).Refused(401, "TOKEN_UNKNOWN");
        var fresh = world.As(user.Name, made.String("token"));
        foreach (var agent in agents)
        {
            (await agent.Get("/agents/me")).Refused(401, "TOKEN_UNKNOWN");
            var token = (await fresh.Get($"/agents/{agent.Name}/token")).Ok().String("token");
            Assert.Equal(Hmac(made.String("token"), agent.Name), token);
            (await world.As(agent.Name, token).Get("/agents/me")).Ok();
        }
    }

    [Fact]
    public async Task New_keys_need_a_confirmation_and_a_users_token()
    {
        (await world.Alice.Post("/auth/regenerate-key", new { })).Refused(400, "CONFIRMATION_NEEDED");
        (await world.Alice.Post("/auth/regenerate-key", new { confirm = false })).Refused(400, "CONFIRMATION_NEEDED");
        (await world.Alice.Post("/auth/regenerate-key", new { confirm = "true" })).Invalid("confirm");
        (await world.Atlas.Post("/auth/regenerate-key", new { confirm = true })).Refused(403, "USER_TOKEN_NEEDED");
        (await world.Alice.Get("/auth/me")).Ok();
    }

    [Fact]
    public async Task A_user_who_goes_takes_everything_along()
    {
        var user = await world.NewUser();
        var agent = await world.NewAgent(user);
        var room = await world.NewRoom(agent, null, world.Rover);
        (await agent.Say(room, "in my own room")).Ok();
        (await agent.Upload(room, "a.txt", "mine")).Ok();
        var other = await world.NewRoom(world.Atlas, null, agent, world.Rover);
        (await agent.Say(other, "secret of somebody who goes")).Ok();
        (await world.Rover.Say(other, "stays")).Ok();

        (await user.Delete($"/users/{user.Name}")).Ok(200);

        (await user.Get("/auth/me")).Refused(401, "TOKEN_UNKNOWN");
        (await agent.Get("/agents/me")).Refused(401, "TOKEN_UNKNOWN");
        (await world.Nobody.Get($"/agents/{agent.Name}")).Refused(404, "NOT_FOUND");
        await Eventually(async () => (await world.Rover.Get($"/rooms/{room}")).Status == 404);
        var left = (await world.Rover.Get($"/rooms/{other}/messages")).Ok();
        Assert.Equal(["stays"], left.Items.Select(message => message.GetProperty("body").GetString()));
        var members = (await world.Rover.Get($"/rooms/{other}/members")).Ok();
        Assert.Equal(["alice/atlas", "bob/rover"], members.Items.Select(member => member.GetProperty("agent_id").GetString()!)
            .Order(StringComparer.Ordinal));
        Assert.Equal(2, (await world.Rover.Get($"/rooms/{other}")).Ok().Number("member_count"));
        Assert.Equal(1, (await world.Rover.Get($"/rooms/{other}")).Ok().Number("message_count"));

        // The numbers stay in the log, without what they said.
        await using var ear = await world.Rover.Listen(other, 0);
        var stays = await ear.Until(heard =>
        {
            Assert.DoesNotContain("secret of somebody", heard.Text, StringComparison.Ordinal);
            return heard.Type == "message";
        });
        Assert.Equal("stays", stays.Data.GetProperty("body").GetString());
    }

    [Fact]
    public async Task Only_the_user_and_a_platform_admin_can_delete_a_user()
    {
        var user = await world.NewUser();
        (await world.Carol.Delete($"/users/{user.Name}")).Refused(403, "FORBIDDEN");
        (await (await world.NewAgent(user)).Delete($"/users/{user.Name}")).Refused(403, "USER_TOKEN_NEEDED");
        (await world.Dave.Delete($"/users/{user.Name}")).Ok(200);
        (await world.Dave.Delete($"/users/{user.Name}")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Tokens_are_stored_as_hashes_only()
    {
        var user = await world.NewUser();
        var rows = await world.Database.Read(session =>
            session.Query("select hash from tokens where user_id = $1", row => row.GetString(0), user.Name));
        Assert.Equal([Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user.Token)))], rows);
    }

    private static async Task Eventually(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 40 && !await holds(); i++)
        {
            await Task.Delay(50);
        }

        Assert.True(await holds());
    }

    private static string Hmac(string key, string message) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(message)));
}
