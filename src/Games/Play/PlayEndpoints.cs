using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;

namespace Remix.Games.Play;

/// <summary>What the page around a running game asks for: rounds and scores, leaderboards, saved states, errors, purchases.</summary>
internal static class PlayEndpoints
{
    private const long StateBodyBytesMax = SavedStates.BytesMax + 1024;

    private static readonly RateLimit Sessions = RateLimit.PerMinute("play sessions", RateLimitPer.User, 30);
    private static readonly RateLimit Rounds = RateLimit.PerMinute("rounds", RateLimitPer.User, 60);
    private static readonly RateLimit States = RateLimit.PerMinute("saved states", RateLimitPer.User, 120);
    private static readonly RateLimit Errors = RateLimit.PerMinute("game errors", RateLimitPer.Address, 30);
    private static readonly RateLimit Buying = RateLimit.PerMinute("purchases", RateLimitPer.User, 20);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var game = routes.MapGroup("/games/{gameId}").WithTags("games");
        game.MapPost("/sessions", Open).Needs(TokenKind.UserOrAgent).Limited(Sessions).Produces<SessionView>(201)
            .WithSummary("Sit down to play: the first round begins");
        game.MapPost("/sessions/{sessionId}/rounds", NextRound).Needs(TokenKind.UserOrAgent).Limited(Rounds).WithSummary("Begin the next round");
        game.MapPost("/sessions/{sessionId}/score", Score).Needs(TokenKind.UserOrAgent).Limited(Rounds)
            .WithSummary("Record the score of the round, once");
        game.MapGet("/leaderboard", Leaderboard)
            .WithSummary("Each player's best: today, this week, or ever; of everybody or, with friends=true, of yours");
        game.MapDelete("/scores/{scoreId}", VoidScore).Needs(TokenKind.User).WithSummary("Take a score off the leaderboards; for the game's author");
        game.MapPut("/score-limit", LimitScores).Needs(TokenKind.User)
            .WithSummary("Say which score is the highest possible: what is above leaves the leaderboards; for the game's author");
        game.MapPut("/barred/{player}", Bar).Needs(TokenKind.User)
            .WithSummary("Take all scores of a player off the leaderboards and record no more; for the game's author");
        game.MapDelete("/barred/{player}", Unbar).Needs(TokenKind.User).WithSummary("Record the scores of a player again; for the game's author");
        game.MapGet("/state", ReadState).Needs(TokenKind.UserOrAgent).WithSummary("What the game keeps for you");
        game.MapPut("/state", WriteState).Needs(TokenKind.UserOrAgent).Limited(States).WithBodyLimit(StateBodyBytesMax)
            .WithSummary("Keep a state for you");
        game.MapPost("/errors", Report).Limited(Errors).WithSummary("Tell the author what broke");
        game.MapGet("/items", Items).WithSummary("What the game sells");
        game.MapPost("/purchases", Buy).Needs(TokenKind.User).Limited(Buying).WithSummary("Buy an item of the game");
    }

    private static async Task<IResult> Open(PlayScope scope, PlaySessions sessions)
    {
        var opened = await sessions.Open(scope.Id, scope.Player);
        return TypedResults.Json(new SessionView(opened.Id, opened.Round), RemixJson.Options, statusCode: 201);
    }

    private static async Task<SessionView> NextRound(PlayScope scope, string sessionId, PlaySessions sessions)
    {
        var opened = await sessions.NextRound(scope.Id, IdOf(sessionId, "Play session"), scope.Player);
        return new SessionView(opened.Id, opened.Round);
    }

    private static Task<PlaySessions.Recorded> Score(PlayScope scope, string sessionId, Body<RecordScore> body, PlaySessions sessions) =>
        sessions.Score(scope.Id, IdOf(sessionId, "Play session"), scope.Player, body.Value.Round, body.Value.Score);

    private static async Task<LeaderboardView> Leaderboard(PlayScope scope, Query<ReadLeaderboard> query, Leaderboards leaderboards)
    {
        var wish = query.Value;
        return new LeaderboardView(wish.Period, await leaderboards.Of(scope.Id, wish.Period, wish.Limit, wish.Friends ? scope.Player : null));
    }

    private static async Task<OkView> VoidScore(PlayScope scope, string scoreId, PlaySessions sessions)
    {
        scope.RequireAuthor();
        await sessions.Void(scope.Id, IdOf(scoreId, "Score"));
        return new OkView(true);
    }

    private static async Task<ScoreLimitView> LimitScores(PlayScope scope, Body<LimitScore> body, FairPlay fairness)
    {
        scope.RequireAuthor();
        return new ScoreLimitView(body.Value.Max, await fairness.Limit(scope.Id, body.Value.Max));
    }

    private static async Task<OkView> Bar(PlayScope scope, string player, FairPlay fairness)
    {
        scope.RequireAuthor();
        await fairness.Bar(scope.Id, player.ToLowerInvariant());
        return new OkView(true);
    }

    private static async Task<OkView> Unbar(PlayScope scope, string player, FairPlay fairness)
    {
        scope.RequireAuthor();
        await fairness.Unbar(scope.Id, player.ToLowerInvariant());
        return new OkView(true);
    }

    private static async Task<KeptStateView> ReadState(PlayScope scope, SavedStates states) => new(await states.Of(scope.Id, scope.Player));

    private static Task<GameStateView> WriteState(PlayScope scope, Body<SaveState> body, SavedStates states) =>
        states.Save(scope.Id, scope.Player, body.Value.GameState);

    private static async Task<OkView> Report(PlayScope scope, Body<ReportGameError> body, GameErrors errors)
    {
        await errors.Report(scope.Id, body.Value);
        return new OkView(true);
    }

    private static async Task<ListView<ItemView>> Items(PlayScope scope, GameItems items)
    {
        var all = await items.Of(scope.Id);
        return new ListView<ItemView>(all, all.Count, GameItems.ItemsMax, false);
    }

    private static Task<PurchaseOutcome> Buy(PlayScope scope, Body<BuyItem> body, GameItems items) =>
        items.Buy(scope.Id, scope.Player, body.Value.Item);

    internal static Guid IdOf(string text, string what) => Guid.TryParse(text, out var id) ? id : throw Fault.NotFound(what);
}

internal sealed record RecordScore(long Round, double Score) : IReadFields<RecordScore>
{
    public static RecordScore Read(Fields fields)
    {
        fields.Required("round");
        return new RecordScore(fields.Number("round", 1, int.MaxValue) ?? 0, Scores.Read(fields, "score") ?? 0);
    }
}

/// <summary>The highest score that is possible; null takes the limit away.</summary>
internal sealed record LimitScore(double? Max) : IReadFields<LimitScore>
{
    public static LimitScore Read(Fields fields) => new(Scores.Read(fields, "max", isRequired: false));
}

internal sealed record ScoreLimitView(double? Max, long Voided);

internal sealed record ReadLeaderboard(LeaderboardPeriod Period, int Limit, bool Friends) : IReadFields<ReadLeaderboard>
{
    private const int EntriesShown = 20;

    public static ReadLeaderboard Read(Fields fields) =>
        new(fields.Choice<LeaderboardPeriod>("period") ?? LeaderboardPeriod.Ever, fields.Limit(EntriesShown, Leaderboards.EntriesMax),
            fields.Truth("friends") ?? false);
}

internal sealed record SaveState(JsonElement GameState) : IReadFields<SaveState>
{
    public static SaveState Read(Fields fields)
    {
        fields.Required("game_state");
        return new SaveState(fields.Json("game_state", JsonValueKind.Object, SavedStates.BytesMax) ?? default);
    }
}

internal sealed record BuyItem(string Item) : IReadFields<BuyItem>
{
    public static BuyItem Read(Fields fields) => new(fields.RequiredText("item", GameItems.IdLengthMax));
}

internal sealed record KeptStateView(GameStateView? State);

internal sealed record SessionView(Guid SessionId, long Round);

internal sealed record LeaderboardView(LeaderboardPeriod Period, IReadOnlyList<LeaderboardEntry> Entries);
