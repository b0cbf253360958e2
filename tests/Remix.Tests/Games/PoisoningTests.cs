using Remix.Tests.Support;
using static Remix.Tests.Games.GameMaking;

namespace Remix.Tests.Games;

/// <summary>What stands between a program that makes scores up and the leaderboard.</summary>
public class PoisoningTests(World world) : IClassFixture<World>
{
    private const int Tries = 1_000;

    [Fact]
    public async Task A_score_belongs_to_a_session_of_this_player_at_this_game()
    {
        var (game, other) = (await Launched(world), await Launched(world));
        var session = await Opened(world.Bob, game);
        await Task.Delay(1050);
        var score = new { round = 1, score = 10 };
        (await world.Bob.Post($"/games/{game}/score", score)).Refused(404, "NO_SUCH_ROUTE");
        (await world.Bob.Post($"/games/{game}/sessions/{Guid.NewGuid()}/score", score)).Refused(404, "NOT_FOUND");
        (await world.Bob.Post($"/games/{game}/sessions/mine/score", score)).Refused(404, "NOT_FOUND");
        (await world.Carol.Post($"/games/{game}/sessions/{session}/score", score)).Refused(404, "NOT_FOUND");
        (await world.Carol.Post($"/games/{game}/sessions/{session}/rounds")).Refused(404, "NOT_FOUND");
        (await world.Bob.Post($"/games/{other}/sessions/{session}/score", score)).Refused(404, "NOT_FOUND");
        (await world.Nobody.Post($"/games/{game}/sessions/{session}/score", score)).Refused(401, "TOKEN_MISSING");
        Assert.Empty(await Entries(world, game));
        (await world.Bob.Post($"/games/{game}/sessions/{session}/score", score)).Ok(200);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    public async Task What_is_no_number_in_JSON_is_not_read(string score)
    {
        var game = await Launched(world);
        var path = $"/games/{game}/sessions/{await Opened(world.Bob, game)}/score";
        (await world.Bob.Post(path, Actor.Json($"{{\"round\": 1, \"score\": {score}}}"))).Refused(400, "MALFORMED_JSON");
        (await world.Bob.Post(path, Actor.Json($"{{\"round\": 1, \"score\": \"{score}\"}}"))).Invalid("score");
    }

    [Theory]
    [InlineData("9007199254740992")]
    [InlineData("-9007199254740992")]
    [InlineData("1e16")]
    public async Task A_score_beyond_what_is_exact_is_refused(string score)
    {
        var game = await Launched(world);
        var path = $"/games/{game}/sessions/{await Opened(world.Bob, game)}/score";
        (await world.Bob.Post(path, Actor.Json($"{{\"round\": 1, \"score\": {score}}}"))).Invalid("score");
    }

    [Fact]
    public async Task Of_many_scores_for_one_round_one_counts()
    {
        var game = await Launched(world);
        var path = $"/games/{game}/sessions/{await Opened(world.Bob, game)}/score";
        await Task.Delay(1050);
        var answers = await Task.WhenAll(Enumerable.Range(1, 20).Select(score => world.Bob.Post(path, new { round = 1, score })));
        var counted = Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer != counted), answer => answer.Refused(409, "ROUND_OVER"));
        Assert.Equal(counted["score"].GetDouble(), Assert.Single(await Entries(world, game)).GetProperty("score").GetDouble());
    }

    [Fact]
    public async Task A_loop_comes_to_an_end_before_it_has_a_place()
    {
        await using var strict = await World.Start(settings => settings with { RateLimitFactor = 1 });
        var game = await Launched(strict);
        var path = $"/games/{game}/sessions/{await Opened(strict.Bob, game)}";
        var refusals = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Tries; i++)
        {
            // Each time as one who hurries would: the next round, and at once its score.
            var answer = i % 2 == 0 ? await strict.Bob.Post($"{path}/rounds")
                : await strict.Bob.Post($"{path}/score", new { round = (i / 2) + 2, score = 1_000_000 + i });
            var code = answer.Status == 200 ? "" : answer.String("code");
            refusals[code] = refusals.GetValueOrDefault(code) + 1;
        }

        // On a machine so slow that a call takes a second, a round is long enough: then the limit alone holds.
        Assert.Superset(refusals.Keys.ToHashSet(), new HashSet<string> { "", "RATE_LIMITED", "ROUND_TOO_SHORT", "ROUND_OVER" });
        Assert.InRange(refusals["RATE_LIMITED"], 1, Tries);
    }

    private static async Task<string> Opened(Actor actor, string game) =>
        (await actor.Post($"/games/{game}/sessions")).Ok(201).String("session_id");

    private static async Task<IReadOnlyList<System.Text.Json.JsonElement>> Entries(World world, string game) =>
        (await world.Nobody.Get($"/games/{game}/leaderboard")).Ok().List("entries");

    private static async Task<string> Launched(World world)
    {
        var game = await (await world.KeyOf(world.Alice)).ReadyGame();
        (await world.Alice.Post($"/games/{game.Id}/versions/{game.Version}/submit")).Ok(200);
        (await world.Dave.Post($"/games/{game.Id}/versions/{game.Version}/approve")).Ok(200);
        (await world.Dave.Post($"/games/{game.Id}/versions/{game.Version}/launch")).Ok(200);
        return game.Id;
    }
}
