using System.Text.Json;
using Remix.Tests.Support;
using static Remix.Tests.Games.GameMaking;

namespace Remix.Tests.Games;

public class PlayTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_round_takes_one_score_and_no_sooner_than_a_round_can_be_over()
    {
        var (game, _) = await Launched();
        var session = (await world.Bob.Post($"/games/{game}/sessions")).Ok(201);
        var path = $"/games/{game}/sessions/{session.String("session_id")}";
        (await world.Bob.Post($"{path}/score", new { round = 1, score = 10 })).Refused(409, "ROUND_TOO_SHORT");
        await Task.Delay(1050);
        var recorded = (await world.Bob.Post($"{path}/score", new { round = 1, score = 10.5 })).Ok(200);
        Assert.True(recorded["is_best"].GetBoolean());
        Assert.Equal((1, 1), (recorded.Number("rank_today"), recorded.Number("rank_ever")));
        (await world.Bob.Post($"{path}/score", new { round = 1, score = 99 })).Refused(409, "ROUND_OVER");
        (await world.Bob.Post($"{path}/score", new { round = 2, score = 99 })).Refused(409, "ROUND_OVER");
        Assert.Equal(2, (await world.Bob.Post($"{path}/rounds")).Ok(200).Number("round"));
        (await world.Bob.Post($"{path}/score", new { round = 2, score = 99 })).Refused(409, "ROUND_TOO_SHORT");
        (await world.Carol.Post($"{path}/score", new { round = 2, score = 99 })).Refused(404, "NOT_FOUND");
        (await world.Nobody.Post($"/games/{game}/sessions")).Refused(401, "TOKEN_MISSING");
    }

    [Theory]
    [InlineData("\"10\"")]
    [InlineData("1e999")]
    [InlineData("1e300")]
    [InlineData("null")]
    [InlineData("[1]")]
    public async Task A_score_is_a_finite_number_within_bounds(string score)
    {
        var (game, _) = await Launched();
        var session = (await world.Bob.Post($"/games/{game}/sessions")).Ok(201).String("session_id");
        (await world.Bob.Post($"/games/{game}/sessions/{session}/score", Actor.Json($"{{\"round\": 1, \"score\": {score}}}"))).Invalid("score");
    }

    [Fact]
    public async Task A_leaderboard_shows_each_players_best_and_its_author_can_void_it()
    {
        var (game, author) = await Launched();
        foreach (var (actor, scores) in new[] { (world.Bob, new[] { 5, 9, 7 }), (world.Carol, [9]), (world.Alice, [3]) })
        {
            var session = (await actor.Post($"/games/{game}/sessions")).Ok(201).String("session_id");
            for (var round = 1; round <= scores.Length; round++)
            {
                await Task.Delay(1050);
                (await actor.Post($"/games/{game}/sessions/{session}/score", new { round, score = scores[round - 1] })).Ok(200);
                (await actor.Post($"/games/{game}/sessions/{session}/rounds")).Ok(200);
            }
        }

        var entries = (await world.Nobody.Get($"/games/{game}/leaderboard?period=today")).Ok().List("entries");
        Assert.Equal([("bob", 1, 9d), ("carol", 1, 9d), ("alice", 3, 3d)],
            entries.Select(entry => (entry.Text("player"), entry.GetProperty("rank").GetInt32(), entry.GetProperty("score").GetDouble())));
        var voided = $"/games/{game}/scores/{entries[0].Text("score_id")}";
        (await world.Carol.Delete(voided)).Refused(403, "FORBIDDEN");
        (await author.Delete(voided)).Ok(200);
        (await author.Delete(voided)).Refused(404, "NOT_FOUND");
        entries = (await world.Nobody.Get($"/games/{game}/leaderboard")).Ok().List("entries");
        Assert.Equal([("carol", 9d), ("bob", 7d), ("alice", 3d)],
            entries.Select(entry => (entry.Text("player"), entry.GetProperty("score").GetDouble())));
        (await world.Nobody.Get($"/games/{game}/leaderboard?period=never")).Invalid("period");
    }

    [Fact]
    public async Task A_state_is_kept_for_each_player()
    {
        var (game, _) = await Launched();
        Assert.Equal(JsonValueKind.Null, (await world.Bob.Get($"/games/{game}/state")).Ok()["state"].ValueKind);
        var first = (await world.Bob.Put($"/games/{game}/state", new { game_state = new { level = 2 } })).Ok(200).Id();
        Assert.NotEqual(first, (await world.Bob.Put($"/games/{game}/state", new { game_state = new { level = 3 } })).Ok(200).Id());
        Assert.Equal(3, (await world.Bob.Get($"/games/{game}/state")).Ok()["state"].GetProperty("game_state").GetProperty("level").GetInt32());
        Assert.Equal(JsonValueKind.Null, (await world.Carol.Get($"/games/{game}/state")).Ok()["state"].ValueKind);
        (await world.Bob.Put($"/games/{game}/state", new { game_state = 5 })).Invalid("game_state");
        (await world.Bob.Put($"/games/{game}/state", new { })).Invalid("game_state");
        (await world.Bob.Put($"/games/{game}/state", new { game_state = new { text = new string('x', 262_200) } })).Refused(400, "VALIDATION_FAILED");
    }

    [Fact]
    public async Task Errors_are_counted_for_the_author_and_nothing_is_sold_without_credits()
    {
        var (game, author) = await Launched();
        for (var i = 0; i < 3; i++)
        {
            (await world.Nobody.Post($"/games/{game}/errors", new { message = "x is not defined", line = 7 })).Ok(200);
        }

        var error = Assert.Single((await author.Get($"/games/{game}/errors")).Ok().Items);
        Assert.Equal(3, error.GetProperty("count").GetInt32());
        (await world.Carol.Get($"/games/{game}/errors")).Refused(404, "NOT_FOUND");

        (await author.Put($"/games/{game}/items", new { items = new[] { new { item = "hat", name = "A hat", price = 5 } } })).Ok(200);
        (await author.Put($"/games/{game}/items", new { items = new[] { new { item = "hat", name = "A hat", price = 0 } } })).Refused(400,
            "VALIDATION_FAILED");
        Assert.Single((await world.Nobody.Get($"/games/{game}/items")).Ok().Items);
        var bought = (await world.Bob.Post($"/games/{game}/purchases", new { item = "hat" })).Ok(200);
        Assert.False(bought["success"].GetBoolean());
        Assert.Contains("no credits", bought.String("reason"), StringComparison.Ordinal);
        (await world.Bob.Post($"/games/{game}/purchases", new { item = "boat" })).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task A_draft_is_played_by_its_author_alone()
    {
        var user = await world.NewUser();
        var game = await (await world.KeyOf(user)).NewGame();
        (await user.Post($"/games/{game.Id}/sessions")).Ok(201);
        (await world.Bob.Post($"/games/{game.Id}/sessions")).Refused(404, "NOT_FOUND");
        (await world.Nobody.Get($"/games/{game.Id}/leaderboard")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Two_play_by_turns_and_a_state_can_be_refuted_by_the_other()
    {
        var (game, _) = await Launched();
        var match = (await world.Alice.Post($"/games/{game}/matches")).Ok(201);
        var path = $"/matches/{match.Id()}";
        (await world.Bob.Get(path)).Refused(404, "NOT_FOUND");
        Assert.Equal(["alice", "bob"], (await world.Bob.Post("/matches/join",
            new { code = match.String("code") })).Ok(200).List("players").Select(name => name.GetString()));
        (await world.Bob.Post("/matches/join", new { code = match.String("code") })).Ok(200);
        (await world.Carol.Post("/matches/join", new { code = match.String("code") })).Refused(409, "MATCH_FULL");
        (await world.Carol.Post("/matches/join", new { code = "nonsense" })).Refused(404, "NOT_FOUND");

        var ear = await StreamEar.Open(world.Http, $"{world.BaseUrl}{path}/stream", [("Authorization", $"Bearer {world.Bob.Token}")]);
        await ear.Begin();
        var first = (await world.Alice.Post($"{path}/state", new { game_state = new { n = 1 }, alert_user_ids = new[] { "bob" } })).Ok(200).Id();
        Assert.Equal("bob", (await world.Bob.Get(path)).Ok().String("turn"));
        Assert.Equal("bob", (await world.Bob.Get("/matches")).Ok().Items.Single(item => item.Text("id") == match.Id()).Text("turn"));
        var second = (await world.Bob.Post($"{path}/state", new { game_state = new { n = 2 } })).Ok(200).Id();
        (await world.Bob.Post($"{path}/refute", new { state_id = second })).Refused(409, "OWN_STATE");
        var back = (await world.Alice.Post($"{path}/refute", new { state_id = second })).Ok(200)["state"];
        Assert.Equal(1, back.GetProperty("game_state").GetProperty("n").GetInt32());
        Assert.NotEqual(first, back.Text("id"));
        Assert.Equal(1, (await world.Alice.Post($"{path}/refute",
            new { state_id = second })).Ok(200)["state"].GetProperty("game_state").GetProperty("n").GetInt32());

        var scores = new { scores = new[] { new { player = "alice", score = 3 }, new { player = "bob", score = 1 } } };
        Assert.True((await world.Alice.Post($"{path}/scores", scores)).Ok(200)["finished"].GetBoolean());
        (await world.Bob.Post($"{path}/scores", scores)).Ok(200);
        Assert.Equal(2, (await world.Bob.Post($"{path}/again")).Ok(200).Number("round"));
        Assert.Equal(JsonValueKind.Null, (await world.Bob.Get(path)).Ok()["state"].ValueKind);
        await ear.DisposeAsync();
    }

    [Fact]
    public async Task Of_two_who_move_at_once_one_has_moved()
    {
        var (path, _) = await Match();
        object Opening(int n) => new { game_state = new { n }, from_state_id = (string?)null };
        var answers = await Task.WhenAll(world.Alice.Post($"{path}/state", Opening(1)), world.Bob.Post($"{path}/state", Opening(2)));
        Assert.Single(answers, answer => answer.Status == 200);
        answers.Single(answer => answer.Status != 200).Refused(409, "STATE_CHANGED");
        var first = answers.Single(answer => answer.Status == 200);
        (await world.Bob.Post($"{path}/state", new { game_state = new { n = 3 }, from_state_id = Guid.NewGuid() })).Refused(409, "STATE_CHANGED");
        (await world.Bob.Post($"{path}/state", new { game_state = new { n = 3 }, from_state_id = first.Id() })).Ok(200);
        (await world.Bob.Post($"{path}/state", new { game_state = new { n = 4 } })).Ok(200);
        (await world.Bob.Post($"{path}/state", new { game_state = new { n = 4 }, from_state_id = "x" })).Invalid("from_state_id");
    }

    [Fact]
    public async Task Who_leaves_a_match_ends_it_for_both()
    {
        var (path, game) = await Match();
        (await world.Carol.Post($"{path}/leave")).Refused(404, "NOT_FOUND");
        (await world.Bob.Post($"{path}/leave")).Ok(200);
        (await world.Bob.Post($"{path}/leave")).Ok(200);
        var match = (await world.Alice.Get(path)).Ok();
        Assert.Equal("bob", match.String("left_by"));
        Assert.True(match["finished"].GetBoolean());
        (await world.Alice.Post($"{path}/state", new { game_state = new { n = 1 } })).Refused(409, "MATCH_LEFT");
        (await world.Alice.Post($"{path}/again")).Refused(409, "MATCH_LEFT");

        var open = (await world.Alice.Post($"/games/{game}/matches")).Ok(201);
        (await world.Alice.Post($"/matches/{open.Id()}/leave")).Ok(200);
        (await world.Bob.Post("/matches/join", new { code = open.String("code") })).Refused(409, "MATCH_LEFT");
    }

    [Fact]
    public async Task A_leaderboard_of_friends_shows_whom_one_has_played_with()
    {
        var (game, _) = await Launched();
        var (me, friend, stranger) = (await world.NewUser(), await world.NewUser(), await world.NewUser());
        var match = (await me.Post($"/games/{game}/matches")).Ok(201);
        (await friend.Post("/matches/join", new { code = match.String("code") })).Ok(200);
        await Task.WhenAll(new[] { (me, 1), (friend, 2), (stranger, 3) }.Select(entry => Scored(entry.Item1, game, entry.Item2)));
        async Task<List<string>> Board(Actor actor, string query) => [.. (await actor.Get($"/games/{game}/leaderboard?{query}")).Ok()
            .List("entries").Select(entry => entry.Text("player"))];
        Assert.Equal([stranger.Name, friend.Name, me.Name], await Board(me, "period=ever"));
        Assert.Equal([friend.Name, me.Name], await Board(me, "friends=true"));
        Assert.Equal([stranger.Name], await Board(stranger, "friends=true"));
        (await world.Nobody.Get($"/games/{game}/leaderboard?friends=true")).Refused(401, "TOKEN_MISSING");
    }

    [Fact]
    public async Task An_author_says_what_is_possible_and_whose_scores_do_not_count()
    {
        var (game, author) = await Launched();
        var cheat = await world.NewUser();
        var path = await Scored(cheat, game, 9_000_000);
        await Scored(world.Bob, game, 40);
        (await world.Carol.Put($"/games/{game}/score-limit", new { max = 1 })).Refused(403, "FORBIDDEN");
        Assert.Equal(1, (await author.Put($"/games/{game}/score-limit", new { max = 100 })).Ok(200).Number("voided"));
        (await cheat.Post($"{path}/rounds")).Ok(200);
        await Task.Delay(1050);
        (await cheat.Post($"{path}/score", new { round = 2, score = 101 })).Invalid("score");
        (await cheat.Post($"{path}/score", new { round = 2, score = 99 })).Ok(200);
        (await world.Carol.Put($"/games/{game}/barred/{cheat.Name}")).Refused(403, "FORBIDDEN");
        (await author.Put($"/games/{game}/barred/{cheat.Name}")).Ok(200);
        Assert.Equal("bob", Assert.Single((await world.Nobody.Get($"/games/{game}/leaderboard")).Ok().List("entries")).Text("player"));
        (await cheat.Post($"{path}/rounds")).Ok(200);
        await Task.Delay(1050);
        (await cheat.Post($"{path}/score", new { round = 3, score = 50 })).Refused(403, "FORBIDDEN");
        (await author.Delete($"/games/{game}/barred/{cheat.Name}")).Ok(200);
        (await cheat.Post($"{path}/score", new { round = 3, score = 50 })).Ok(200);
        Assert.Equal(0, (await author.Put($"/games/{game}/score-limit", new { max = (double?)null })).Ok(200).Number("voided"));
    }

    /// <summary>Plays a round to its end; returns the path of the session.</summary>
    private static async Task<string> Scored(Actor actor, string game, double score)
    {
        var path = $"/games/{game}/sessions/{(await actor.Post($"/games/{game}/sessions")).Ok(201).String("session_id")}";
        await Task.Delay(1050);
        (await actor.Post($"{path}/score", new { round = 1, score })).Ok(200);
        return path;
    }

    /// <summary>Alice and Bob at a game.</summary>
    private async Task<(string Path, string Game)> Match()
    {
        var (game, _) = await Launched();
        var match = (await world.Alice.Post($"/games/{game}/matches")).Ok(201);
        (await world.Bob.Post("/matches/join", new { code = match.String("code") })).Ok(200);
        return ($"/matches/{match.Id()}", game);
    }

    private async Task<(string Game, Actor Author)> Launched()
    {
        var user = await world.NewUser();
        var game = await (await world.KeyOf(user)).ReadyGame();
        (await user.Post($"/games/{game.Id}/versions/{game.Version}/submit")).Ok(200);
        (await world.Dave.Post($"/games/{game.Id}/versions/{game.Version}/approve")).Ok(200);
        (await world.Dave.Post($"/games/{game.Id}/versions/{game.Version}/launch")).Ok(200);
        return (game.Id, user);
    }
}
