using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Realtime;
using Remix.Platform.Text;

namespace Remix.Games.Play;

/// <summary>Playing by turns: begin, invite, join, move, refute, finish, again, and hear what the other does.</summary>
internal static class MatchEndpoints
{
    private const int ScoresMax = 8;

    private static readonly RateLimit Starting = RateLimit.PerMinute("matches", RateLimitPer.User, 20);
    private static readonly RateLimit Moves = RateLimit.PerMinute("moves", RateLimitPer.User, 240);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/games/{gameId}/matches", Create).WithTags("games").Needs(TokenKind.UserOrAgent).Limited(Starting)
            .Produces<MatchView>(201).WithSummary("Begin a match; its code invites the other player");
        var matches = routes.MapGroup("/matches").WithTags("games").Needs(TokenKind.UserOrAgent);
        matches.MapGet("", Mine).WithSummary("Your matches, and where it is your turn");
        matches.MapGet("/stream", HearTurns).WithSummary("Hear when it is your turn, as server-sent events").Produces<string>(200,
            "text/event-stream");
        matches.MapPost("/join", Join).Limited(Starting).WithSummary("Join a match by the code of its invitation");
        matches.MapGet("/{matchId}", Read).WithSummary("One match with its state");
        matches.MapGet("/{matchId}/stream", Hear).WithSummary("Hear what happens in a match, as server-sent events").Produces<string>(200,
            "text/event-stream");
        matches.MapPost("/{matchId}/state", Save).Limited(Moves).WithBodyLimit(SavedStates.BytesMax + 4096)
            .WithSummary("Make a move: the state after it");
        matches.MapPost("/{matchId}/refute", Refute).Limited(Moves).WithSummary("Call the other player's last state illegal");
        matches.MapPost("/{matchId}/scores", Finish).Limited(Moves).WithSummary("Report the result of the round");
        matches.MapPost("/{matchId}/again", Again).Limited(Moves).WithSummary("Begin the next round");
        matches.MapPost("/{matchId}/leave", Leave).Limited(Moves).WithSummary("Leave the match for good; the other player hears of it");
    }

    private static async Task<IResult> Create(PlayScope scope, Matches matches)
    {
        var match = await matches.Create(scope.Id, scope.Player);
        return TypedResults.Json(MatchView.Of(match, null, []), RemixJson.Options, statusCode: 201);
    }

    private static async Task<ListView<MatchView>> Mine(Caller caller, Query<ListMatches> query, Matches matches)
    {
        var all = await matches.Of(caller.RequireUserId(), query.Value.Limit);
        return new ListView<MatchView>([.. all.Select(match => MatchView.Of(match, null, []))], all.Count, query.Value.Limit,
            all.Count == query.Value.Limit);
    }

    private static async Task<MatchView> Join(Caller caller, Body<JoinMatch> body, Matches matches) =>
        await View(await matches.Join(body.Value.Code, caller.RequireUserId()), matches);

    private static async Task<MatchView> Read(Caller caller, string matchId, Matches matches) =>
        await View(await Find(caller, matchId, matches), matches);

    private static async Task<GameStateView> Save(Caller caller, string matchId, Body<Move> body, Matches matches)
    {
        var match = await Find(caller, matchId, matches);
        var saved = await matches.Save(match, caller.RequireUserId(), body.Value);
        return new GameStateView(saved.Id, saved.GameState);
    }

    private static async Task<KeptStateView> Refute(Caller caller, string matchId, Body<RefuteState> body, Matches matches)
    {
        var match = await Find(caller, matchId, matches);
        var state = await matches.Refute(match, caller.RequireUserId(), body.Value.StateId);
        return new KeptStateView(state is null ? null : new GameStateView(state.Id, state.GameState));
    }

    private static async Task<MatchView> Finish(Caller caller, string matchId, Body<ReportScores> body, Matches matches)
    {
        var match = await Find(caller, matchId, matches);
        await matches.Finish(match, caller.RequireUserId(), body.Value.Scores);
        return await View(await Find(caller, matchId, matches), matches);
    }

    private static async Task<MatchView> Again(Caller caller, string matchId, Matches matches) =>
        await View(await matches.Again(await Find(caller, matchId, matches), caller.RequireUserId()), matches);

    private static async Task<OkView> Leave(Caller caller, string matchId, Matches matches)
    {
        await matches.Leave(await Find(caller, matchId, matches), caller.RequireUserId());
        return new OkView(true);
    }

    private static async Task Hear(Caller caller, string matchId, Matches matches, LiveStream streams, HttpContext context)
    {
        var match = await Find(caller, matchId, matches);
        await Serve(streams, context, match.Channel, caller.RequireUserId());
    }

    private static Task HearTurns(Caller caller, LiveStream streams, HttpContext context) =>
        Serve(streams, context, Match.ChannelOf(caller.RequireUserId()), caller.RequireUserId());

    private static Task Serve(LiveStream streams, HttpContext context, string channel, string player) => streams.Serve(context,
        new LiveMember(channel, player, player, false, _ => Task.FromResult<object>(new { you = player })), LiveStream.ResumeAfter(context.Request));

    private static async Task<MatchView> View(Match match, Matches matches) =>
        MatchView.Of(match, await matches.State(match.Id), await matches.Scores(match));

    private static Task<Match> Find(Caller caller, string matchId, Matches matches) =>
        matches.Find(PlayEndpoints.IdOf(matchId, "Match"), caller.RequireUserId());

    internal sealed record ListMatches(int Limit) : IReadFields<ListMatches>
    {
        public static ListMatches Read(Fields fields) => new(fields.Limit(20, 100));
    }

    internal sealed record JoinMatch(string Code) : IReadFields<JoinMatch>
    {
        public static JoinMatch Read(Fields fields) => new(fields.RequiredText("code", 32).Trim().ToLowerInvariant());
    }

    internal sealed record RefuteState(Guid StateId) : IReadFields<RefuteState>
    {
        public static RefuteState Read(Fields fields)
        {
            fields.Required("state_id");
            return new RefuteState(fields.Id("state_id") ?? default);
        }
    }

    internal sealed record ReportScores(IReadOnlyDictionary<string, double> Scores) : IReadFields<ReportScores>
    {
        public static ReportScores Read(Fields fields)
        {
            fields.Required("scores");
            var scores = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var entry in fields.Objects("scores", ScoresMax))
            {
                scores[entry.RequiredText("player", Names.LengthMax)] = Play.Scores.Read(entry, "score") ?? 0;
            }

            return new ReportScores(scores);
        }
    }
}

internal sealed record MatchScoreView(string Player, double Score);

internal sealed record MatchView(
    Guid Id, Guid GameId, string Code, IReadOnlyList<string> Players, long Round, string? Turn, bool Finished, string? LeftBy, GameStateView? State,
    IReadOnlyList<MatchScoreView> Scores, DateTime CreatedAt, DateTime UpdatedAt)
{
    public static MatchView Of(Match match, MatchState? state, IReadOnlyList<(string Player, double Score)> scores) => new(
        match.Id, match.GameId, match.Code, [.. match.Players], match.Round, match.Turn, match.FinishedAt is not null, match.LeftBy,
        state is null ? null : new GameStateView(state.Id, state.GameState),
            [.. scores.Select(score => new MatchScoreView(score.Player, score.Score))],
        match.CreatedAt.ToTime(), match.UpdatedAt.ToTime());
}
