using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Remix.Games.Library;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Games.Play;

/// <summary>Two players at one game, taking turns; the second comes by the code of an invitation.</summary>
internal sealed record Match(
    Guid Id, Guid GameId, string Code, string Host, string? Guest, long Round, string? Turn, long CreatedAt, long UpdatedAt, long? FinishedAt,
    string? LeftBy)
{
    public const string Columns = "id, game_id, code, host, guest, round, turn, created_at, updated_at, finished_at, left_by";

    public IEnumerable<string> Players => Guest is null ? [Host] : [Host, Guest];

    public string Channel => $"match:{Id}";

    public static string ChannelOf(string player) => $"player:{player}";

    public static Match Row(DbDataReader row) => new(row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.Text(4), row.GetInt64(5),
        row.Text(6), row.GetInt64(7), row.GetInt64(8), row.Long(9), row.Text(10));
}

/// <summary>
/// Matches: every change is an event in the match's channel, written with it, and a turn one in the channel of the player whose
/// it is. The only writer of their tables.
/// </summary>
internal sealed class Matches(Database database, EventLog events, TimeProvider clock)
{
    public const int OpenMax = 100;
    private const int StatesKept = 200;
    private const int CodeLength = 8;
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    public Task<Match> Create(Guid gameId, string host) => database.Write(async session =>
    {
        if (await session.Scalar<long>("select count(*) from game_matches where host = $1 and finished_at is null", host) >= OpenMax)
        {
            throw Fault.Conflict("TOO_MANY_MATCHES", $"At most {OpenMax} matches may be open at once", "Finish one first.");
        }

        var now = clock.NowMs();
        var match = new Match(Guid.CreateVersion7(), gameId, RandomNumberGenerator.GetString(Letters, CodeLength), host, null, 1, null, now, now,
            null, null);
        await session.Execute("insert into game_matches (id, game_id, code, host, round, created_at, updated_at) values ($1, $2, $3, $4, 1, $5, $6)",
            match.Id, gameId, match.Code, host, now, now);
        await events.Append(session, match.Channel, "match_created", host, new { match_id = match.Id, host });
        return match;
    });

    public Task<Match?> FindByCode(string code) => database.Read(session => session.First(
        $"select {Match.Columns} from game_matches where code = $1", Match.Row, code));

    /// <summary>The match, for one who plays in it; for others there is none.</summary>
    public async Task<Match> Find(Guid id, string player)
    {
        var match = await database.Read(session => session.First($"select {Match.Columns} from game_matches where id = $1", Match.Row, id));
        return match is not null && match.Players.Contains(player, StringComparer.Ordinal) ? match : throw Missing();
    }

    public Task<List<Match>> Of(string player, int limit) => database.Read(session => session.Query(
        $"select {Match.Columns} from game_matches where host = $1 or guest = $2 order by updated_at desc, id limit $3", Match.Row, player,
            player, limit));

    /// <summary>Sits down as the second player. Coming back to a match one plays in is no second time.</summary>
    public Task<Match> Join(string code, string player) => database.Write(async session =>
    {
        var found = await session.First($"select {Match.Columns} from game_matches where code = $1", Match.Row, code)
            ?? throw Fault.NotFound("Match", "The code of an invitation has eight letters and digits.");
        var match = await Held(session, found.Id);
        if (match.Players.Contains(player, StringComparer.Ordinal))
        {
            return match;
        }

        RequireGoing(match);
        if (match.Guest is not null)
        {
            throw Fault.Conflict("MATCH_FULL", "Two people play this match already", "Begin one of your own.");
        }

        await session.Execute("update game_matches set guest = $1, updated_at = $2 where id = $3", player, clock.NowMs(), match.Id);
        await events.Append(session, match.Channel, "player_joined", player, new { match_id = match.Id, player });
        await events.Append(session, Match.ChannelOf(match.Host), "match_joined", player,
            new { match_id = match.Id, game_id = match.GameId, player });
        return match with { Guest = player };
    });

    /// <summary>The last state that nobody refuted.</summary>
    public Task<MatchState?> State(Guid matchId) => database.Read(session => Current(session, matchId));

    /// <summary>
    /// A move: the state after it, and whose turn it is then. Who says from which state the move was made is refused when it is
    /// not the last any more: of two who move at once, the first has moved.
    /// </summary>
    public Task<MatchState> Save(Match match, string player, Move move) => database.Write(async session =>
    {
        var held = await Held(session, match.Id);
        RequireGoing(held);
        var (state, alert) = (move.GameState, move.AlertUserIds);
        if (move.IsFromKnown && (await Current(session, match.Id))?.Id != move.From)
        {
            throw Fault.Conflict("STATE_CHANGED", "The other player moved first", "Read the match and make the move from the state it has now.",
                new Fix("GET", $"/matches/{match.Id}"));
        }

        var number = 1 + await session.Scalar<long>("select coalesce(max(number), 0) from game_match_states where match_id = $1", match.Id);
        var saved = new MatchState(Guid.CreateVersion7(), state, player);
        await session.Execute("insert into game_match_states (match_id, number, state_id, state, by, at) values ($1, $2, $3, $4, $5, $6)",
            match.Id, number, saved.Id, state.GetRawText(), player, clock.NowMs());
        await session.Execute("delete from game_match_states where match_id = $1 and number <= $2", match.Id, number - StatesKept);
        var turn = alert.FirstOrDefault(name => name != player && held.Players.Contains(name, StringComparer.Ordinal));
        await session.Execute("update game_matches set turn = $1, updated_at = $2 where id = $3", turn, clock.NowMs(), match.Id);
        await Push(session, held, player, saved, null);
        if (turn is not null)
        {
            await events.Append(session, Match.ChannelOf(turn), "your_turn", player,
                new { match_id = match.Id, game_id = match.GameId, from = player });
        }

        return saved;
    });

    /// <summary>Back to the state before one that the other player's game calls illegal; nobody refutes what is not the last.</summary>
    public Task<MatchState?> Refute(Match match, string player, Guid stateId) => database.Write(async session =>
    {
        var held = await Held(session, match.Id);
        var current = await Current(session, match.Id);
        if (current?.Id != stateId)
        {
            return current;
        }

        if (current.By == player)
        {
            throw Fault.Conflict("OWN_STATE", "Only the other player's state can be refuted");
        }

        await session.Execute("update game_match_states set refuted_by = $1 where match_id = $2 and state_id = $3", player, match.Id, stateId);
        var before = await Current(session, match.Id);
        await session.Execute("update game_matches set turn = $1, updated_at = $2 where id = $3", current.By, clock.NowMs(), match.Id);

        // A game never hears the same id twice, so the old state comes under a new one.
        var again = before is null ? null : before with { Id = Guid.CreateVersion7() };
        if (again is not null)
        {
            await session.Execute("update game_match_states set state_id = $1 where match_id = $2 and state_id = $3", again.Id, match.Id, before!.Id);
        }

        await Push(session, held, player, again, stateId);
        return again;
    });

    /// <summary>The result of a round, which the first report decides: both players' games say the same.</summary>
    public Task<bool> Finish(Match match, string player, IReadOnlyDictionary<string, double> scores) => database.Write(async session =>
    {
        var held = await Held(session, match.Id);
        if (held.FinishedAt is not null)
        {
            return false;
        }

        var now = clock.NowMs();
        foreach (var (name, score) in scores.Where(score => held.Players.Contains(score.Key, StringComparer.Ordinal)))
        {
            await session.Execute("""
                insert into game_match_scores (match_id, round, player, score, at) values ($1, $2, $3, $4, $5) on conflict do nothing
                """, held.Id, held.Round, name, score, now);
        }

        await session.Execute("update game_matches set finished_at = $1, updated_at = $2, turn = null where id = $3", now, now, held.Id);
        await events.Append(session, held.Channel, "match_finished", player, new { match_id = held.Id, round = held.Round, scores });
        return true;
    });

    /// <summary>The next round of the same two: with no state.</summary>
    public Task<Match> Again(Match match, string player) => database.Write(async session =>
    {
        var held = await Held(session, match.Id);
        RequireGoing(held);
        if (held.FinishedAt is null)
        {
            return held;
        }

        await session.Execute("update game_matches set round = round + 1, finished_at = null, turn = null, updated_at = $1 where id = $2",
            clock.NowMs(), held.Id);
        await session.Execute("delete from game_match_states where match_id = $1", held.Id);
        await events.Append(session, held.Channel, "play_again", player, new { match_id = held.Id, round = held.Round + 1 });
        return held with { Round = held.Round + 1, FinishedAt = null, Turn = null };
    });

    /// <summary>Gets up for good. A match that nobody has joined is no more; one of two is over, and the other hears why.</summary>
    public Task Leave(Match match, string player) => database.Write(async session =>
    {
        var held = await Held(session, match.Id);
        if (held.LeftBy is not null)
        {
            return;
        }

        var now = clock.NowMs();
        await session.Execute("""
            update game_matches set left_by = $1, finished_at = coalesce(finished_at, $2), turn = null, updated_at = $3 where id = $4
            """, player, now, now, held.Id);
        await events.Append(session, held.Channel, "player_left", player, new { match_id = held.Id, player });
        foreach (var other in held.Players.Where(name => name != player))
        {
            await events.Append(session, Match.ChannelOf(other), "match_left", player, new { match_id = held.Id, game_id = held.GameId, player });
        }
    });

    private static void RequireGoing(Match match)
    {
        if (match.LeftBy is { } gone)
        {
            throw Fault.Conflict("MATCH_LEFT", $"{gone} has left this match", "Begin another one.");
        }
    }

    public Task<List<(string Player, double Score)>> Scores(Match match) => database.Read(session => session.Query(
        "select player, score from game_match_scores where match_id = $1 and round = $2 order by score desc, player",
        row => (row.GetString(0), row.GetDouble(1)), match.Id, match.Round));

    private async ValueTask Push(SqlSession session, Match match, string actor, MatchState? state, Guid? refuted) =>
        await events.Append(session, match.Channel, "game_state_updated", actor, new
        {
            match_id = match.Id,
            state = state is null ? null : new { id = state.Id, game_state = state.GameState },
            by = state?.By,
            refuted,
        });

    private static ValueTask<MatchState?> Current(SqlSession session, Guid matchId) => session.First("""
        select state_id, state, by from game_match_states where match_id = $1 and refuted_by is null order by number desc limit 1
        """, row => new MatchState(row.GetGuid(0), SavedStates.Parse(row.GetString(1)), row.GetString(2)), matchId);

    private static async ValueTask<Match> Held(SqlSession session, Guid id)
    {
        await session.Execute("update game_matches set round = round where id = $1", id);
        return await session.First($"select {Match.Columns} from game_matches where id = $1", Match.Row, id) ?? throw Missing();
    }

    private static Fault Missing() => Fault.NotFound("Match", "A match is seen by its two players; join it with the code of an invitation.");
}

/// <summary>A state of a match, and whose move made it.</summary>
internal sealed record MatchState(Guid Id, JsonElement GameState, string By);
