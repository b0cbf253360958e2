using System.Text.Json;
using Remix.Tests.Support;
using static Remix.Tests.Games.GameMaking;

namespace Remix.Tests.Games;

public class AgentGameTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task The_four_calls_of_the_reference_answer_as_written()
    {
        var key = await world.NewKey();
        var made = (await key.Post($"{Api}/games", new { name = "  Neon Dash " })).Ok(201).Data().GetProperty("game");
        Assert.Equal(["id", "name", "createdAt", "version"], Names(made));
        Assert.Equal("Neon Dash", made.Text("name"));
        Assert.Equal(["id", "createdAt"], Names(made.GetProperty("version")));
        var game = new GameIds(made.Text("id"), made.GetProperty("version").Text("id"));

        var written = (await key.Write(game)).Ok(200).Data();
        Assert.Equal(["success", "gameId", "versionId", "threadId"], Names(written));
        Assert.True(written.GetProperty("success").GetBoolean());
        Assert.Equal(game.Id, written.Text("gameId"));

        var judged = (await key.Get($"{game.Path}/validate")).Ok(200).Data();
        Assert.False(judged.GetProperty("valid").GetBoolean());
        Assert.Equal(["MISSING_ICON", "MISSING_CATEGORY"], judged.Blockers());
        Assert.All(judged.GetProperty("blockers").EnumerateArray(), blocker => Assert.NotEmpty(blocker.Text("fix")));

        var status = (await key.Get($"{game.Path}/status")).Ok(200).Data();
        Assert.Equal(["gameId", "versionId", "status", "submittedAt", "approvedAt", "launchedAt", "feedback"], Names(status));
        Assert.Equal("draft", status.Text("status"));
        Assert.Equal(JsonValueKind.Null, status.GetProperty("feedback").ValueKind);
    }

    [Fact]
    public async Task The_thread_is_a_room_in_which_the_code_lies()
    {
        var user = await world.NewUser();
        var key = await world.KeyOf(user);
        var game = await key.NewGame();
        var thread = (await key.Write(game)).Ok(200).Data().Text("threadId");
        Assert.Equal(Code, (await user.Get($"/rooms/{thread}/files/game/index.html")).Ok().Text);
        Assert.Equal(thread, (await key.Write(game, Code + "\n")).Ok(200).Data().Text("threadId"));
        Assert.Equal(Code + "\n", (await user.Get($"/rooms/{thread}/files/game/index.html")).Ok().Text);
        (await world.Carol.Get($"/rooms/{thread}/files/game/index.html")).Refused(404, "NOT_FOUND");
    }

    [Theory]
    [InlineData("/versions/x/submit", "studio")]
    [InlineData("/versions", "/code")]
    public async Task What_a_person_does_an_agent_is_told_so(string path, string hint)
    {
        var key = await world.NewKey();
        var game = await key.NewGame();
        var answer = await key.Post($"{Api}/games/{game.Id}{path}");
        Assert.Contains(hint, answer.Json.GetProperty("error").Text("hint"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/agents")]
    [InlineData(Api)]
    public async Task Both_addresses_and_both_methods_serve(string prefix)
    {
        var key = await world.NewKey();
        var game = (await key.Post($"{prefix}/games")).Ok(201).Data().GetProperty("game");
        var path = $"{prefix}/games/{game.Text("id")}/versions/{game.GetProperty("version").Text("id")}";
        (await key.Post($"{path}/code", new { code = Code })).Ok(200).Data();
        (await key.Put($"{path}/code", new { code = Code })).Ok(200).Data();
        foreach (var read in new[] { $"{path}/validate", $"{path}/status", $"{path}/code", path, $"{prefix}/games", $"{prefix}/metadata/categories",
            $"{prefix}/games/{game.Text("id")}", $"{prefix}/games/{game.Text("id")}/versions", $"{prefix}/games/{game.Text("id")}/assets",
            $"{prefix}/games/{game.Text("id")}/launch-readiness" })
        {
            (await key.Get(read)).Ok(200).Data();
        }

        (await key.Delete($"{prefix}/games/{game.Text("id")}")).Denied(405, "METHOD_NOT_ALLOWED");
        (await key.Post($"{path}/submit")).Denied(404, "NO_SUCH_ROUTE");
        (await world.Nobody.Get($"{prefix}/games")).Denied(401, "UNAUTHORIZED");
        (await key.Get($"{prefix}/nothing")).Denied(404, "NO_SUCH_ROUTE");
    }

    [Fact]
    public async Task A_name_is_optional_trimmed_and_at_most_80_characters()
    {
        var key = await world.NewKey();
        foreach (var body in new object?[] { null, new { }, new { name = "   " } })
        {
            var name = (await key.Post($"{Api}/games", body)).Ok(201).Data().GetProperty("game").Text("name");
            Assert.Matches(@"^New Game \d{4}-\d\d-\d\d$", name);
        }

        (await key.Post($"{Api}/games", new { name = "  " + new string('x', 80) + "  " })).Ok(201);
        foreach (var body in new object[] { new { name = new string('x', 81) }, new { name = 5 }, new { name = new[] { "x" } } })
        {
            var error = (await key.Post($"{Api}/games", body)).Denied(400, "VALIDATION_ERROR");
            Assert.Equal("name", error.GetProperty("details")[0].GetProperty("path")[0].GetString());
        }
    }

    [Fact]
    public async Task Code_has_between_10_and_a_million_characters()
    {
        var key = await world.NewKey();
        var game = await key.NewGame();
        foreach (var body in new object?[] { null, new { }, new { code = "<p>short" }, new { code = 12345678901 },
            new { code = new string('x', 1_000_001) } })
        {
            (await key.Put($"{game.Path}/code", body)).Denied(400, "VALIDATION_ERROR");
        }

        (await key.Put($"{game.Path}/code", new { code = "<p>0123456" })).Ok(200);
        (await key.Put($"{game.Path}/code", new { code = new string('é', 1_000_000) })).Ok(200);
        (await key.Put($"{game.Path}/code", Actor.Json("{\"code\": \"" + string.Concat(Enumerable.Repeat("\\u00e9", 1_000_000)) + "\"}"))).Ok(200);
        (await key.Put($"{game.Path}/code", new { code = new string('x', 7_000_000) })).Denied(400, "VALIDATION_ERROR");
        Assert.Equal("MISSING_SDK_GAME_OVER", (await key.Get($"{game.Path}/validate")).Data().Blockers().First(code =>
            code.Contains("SDK", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("{\"name\": ")]
    [InlineData("not json")]
    [InlineData("{\"name\": \"a\",}")]
    public async Task What_is_no_JSON_is_called_so(string body)
    {
        var key = await world.NewKey();
        (await key.Post($"{Api}/games", Actor.Json(body))).Denied(400, "INVALID_JSON");
        var game = await key.NewGame();
        (await key.Put($"{game.Path}/code", Actor.Json(body))).Denied(400, "INVALID_JSON");
    }

    [Fact]
    public async Task Without_a_known_key_nothing_is_answered()
    {
        var user = await world.NewUser();
        var key = await world.KeyOf(user);
        var game = await key.NewGame();
        foreach (var stranger in new[] { world.Nobody, user, world.Atlas, world.As("x", "sk_live_" + new string('a', 40)),
            world.As("x", "nonsense") })
        {
            (await stranger.Post($"{Api}/games", new { name = "x" })).Denied(401, "UNAUTHORIZED");
            (await stranger.Get($"{game.Path}/status")).Denied(401, "UNAUTHORIZED");
        }

        (await world.Nobody.Get($"{game.Path}/status", ("Authorization", "Basic abc"))).Denied(401, "UNAUTHORIZED");
        (await world.Nobody.Get($"{game.Path}/status", ("Cookie", $"remix-token={user.Token}"))).Denied(401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task Others_games_are_forbidden_and_missing_ones_are_not_found()
    {
        var (mine, theirs, admin) = (await world.NewKey(), await world.NewKey(), await world.KeyOf(world.Dave));
        var (game, other) = (await mine.NewGame(), await mine.NewGame());
        (await theirs.Write(game)).Denied(403, "FORBIDDEN");
        (await theirs.Get($"{game.Path}/validate")).Denied(403, "FORBIDDEN");
        (await theirs.Get($"{Api}/games/{game.Id}")).Denied(403, "FORBIDDEN");
        (await admin.Write(game)).Ok(200).Data();
        foreach (var path in new[] { $"{Api}/games/{game.Id}/versions/{other.Version}", $"{Api}/games/{Guid.NewGuid()}/versions/{game.Version}",
            $"{Api}/games/{game.Id}/versions/{Guid.NewGuid()}", $"{Api}/games/x/versions/y" })
        {
            (await mine.Get($"{path}/status")).Denied(404, "VERSION_NOT_FOUND");
            (await mine.Get($"{path}/validate")).Denied(404, "VERSION_NOT_FOUND");
            (await mine.Put($"{path}/code", new { code = Code })).Denied(404, "VERSION_NOT_FOUND");
        }

        (await mine.Get($"{Api}/games/{Guid.NewGuid()}")).Denied(404, "GAME_NOT_FOUND");
        (await mine.Get($"{Api}/games/x/versions")).Denied(404, "GAME_NOT_FOUND");
        (await mine.Get($"{Api}/games/{game.Id}/launch-readiness?versionId={other.Version}")).Denied(404, "VERSION_NOT_FOUND");
    }

    [Fact]
    public async Task Twenty_games_may_be_in_development_unless_one_is_an_admin()
    {
        var (key, admin) = (await world.NewKey(), await world.KeyOf(world.Dave));
        for (var i = 0; i < 15; i++)
        {
            await key.NewGame();
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => key.Post($"{Api}/games", new { name = "One more" })));
        Assert.Equal(5, answers.Count(answer => answer.Status == 201));
        Assert.All(answers.Where(answer => answer.Status != 201), answer => answer.Denied(409, "MAX_IN_DEV_GAMES_EXCEEDED"));
        for (var i = 0; i < 21; i++)
        {
            await admin.NewGame();
        }
    }

    [Fact]
    public async Task A_banned_or_deleted_account_hears_that_it_is_ineligible()
    {
        var (banned, deleted) = (await world.NewUser(), await world.NewUser());
        var (first, second) = (await world.KeyOf(banned), await world.KeyOf(deleted));
        (await world.Bob.Put($"/users/{banned.Name}/ban")).Refused(403, "FORBIDDEN");
        (await world.Dave.Put($"/users/{banned.Name}/ban")).Ok(200);
        (await deleted.Delete($"/users/{deleted.Name}")).Ok(200);
        foreach (var key in new[] { first, second })
        {
            (await key.Post($"{Api}/games", new { name = "x" })).Denied(403, "ACCOUNT_INELIGIBLE");
            (await key.Get($"{Api}/games")).Denied(403, "ACCOUNT_INELIGIBLE");
        }

        (await world.Dave.Delete($"/users/{banned.Name}/ban")).Ok(200);
        (await first.Post($"{Api}/games", new { name = "x" })).Ok(201);
    }

    [Fact]
    public async Task A_key_that_calls_too_often_waits_and_its_neighbour_does_not()
    {
        await using var strict = await World.Start(settings => settings with { RateLimitFactor = 1 });
        var user = await strict.NewUser();
        var (key, neighbour) = (await strict.KeyOf(user), await strict.KeyOf(user));
        for (var i = 0; i < 120; i++)
        {
            (await key.Get($"{Api}/games")).Ok(200);
        }

        var refused = await key.Get($"{Api}/games");
        refused.Denied(429, "RATE_LIMITED");
        Assert.NotNull(refused.Header("Retry-After"));
        (await neighbour.Get($"{Api}/games")).Ok(200);
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
