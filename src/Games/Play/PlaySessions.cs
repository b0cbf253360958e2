using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Games.Play;

/// <summary>A player at a game: rounds that the server began, each of which takes one score. The only writer of sessions and scores.</summary>
internal sealed class PlaySessions(Database database, TimeProvider clock)
{
    /// <summary>No round worth a place on a leaderboard is over sooner.</summary>
    public const long RoundMsMin = 1_000;

    private const long SessionMsMax = 24 * 60 * 60 * 1000L;

    public sealed record Session(Guid Id, long Round);

    public sealed record Recorded(Guid ScoreId, double Score, double Best, bool IsBest, long RankToday, long RankEver);

    public Task<Session> Open(Guid gameId, string player) => database.Write(async session =>
    {
        var (id, now) = (Guid.CreateVersion7(), clock.NowMs());
        await session.Execute("delete from game_sessions where player = $1 and opened_at < $2", player, now - SessionMsMax);
        await session.Execute("""
            insert into game_sessions (id, game_id, player, round, round_at, scored, opened_at) values ($1, $2, $3, 1, $4, $5, $6)
            """, id, gameId, player, now, false, now);
        return new Session(id, 1);
    });

    /// <summary>The next round begins now.</summary>
    public Task<Session> NextRound(Guid gameId, Guid sessionId, string player) => database.Write(async session =>
    {
        var known = await Held(session, gameId, sessionId, player);
        await session.Execute("update game_sessions set round = round + 1, round_at = $1, scored = $2 where id = $3", clock.NowMs(), false,
            sessionId);
        return new Session(sessionId, known.Round + 1);
    });

    /// <summary>Takes the score of the round that is going on, once, and not before a round can be over.</summary>
    public Task<Recorded> Score(Guid gameId, Guid sessionId, string player, long round, double score) => database.Write(async session =>
    {
        var (known, now) = (await Held(session, gameId, sessionId, player), clock.NowMs());
        if (round != known.Round || known.Scored)
        {
            throw Fault.Conflict("ROUND_OVER", round > known.Round ? $"Round {round} has not begun" : $"Round {round} has its score already",
                "Begin the next one: POST /games/{game}/sessions/{session}/rounds.");
        }

        if (now - known.RoundAt < RoundMsMin)
        {
            throw Fault.Conflict("ROUND_TOO_SHORT", "A round lasts at least a second",
                "Play a little longer; nothing was recorded.");
        }

        await FairPlay.Require(session, gameId, player, score);
        var id = Guid.CreateVersion7();
        await session.Execute("update game_sessions set scored = $1 where id = $2", true, sessionId);
        await session.Execute("insert into game_scores (id, game_id, player, session_id, round, score, at) values ($1, $2, $3, $4, $5, $6, $7)",
            id, gameId, player, sessionId, round, score, now);
        var before = await session.Query("""
            select score from game_scores where game_id = $1 and player = $2 and voided_at is null and id <> $3 order by score desc limit 1
            """,
            row => row.GetDouble(0), gameId, player, id);
        var best = before.Count > 0 ? Math.Max(before[0], score) : score;
        return new Recorded(id, score, best, before.Count == 0 || score > before[0],
            await Rank(session, gameId, player, best, now - Leaderboards.DayMs), await Rank(session, gameId, player, best, 0));
    });

    /// <summary>Takes a score off every leaderboard.</summary>
    public async Task Void(Guid gameId, Guid scoreId)
    {
        var voided = await database.Write(session => session.Execute(
            "update game_scores set voided_at = $1 where id = $2 and game_id = $3 and voided_at is null", clock.NowMs(), scoreId, gameId));
        if (voided == 0)
        {
            throw Fault.NotFound("Score");
        }
    }

    private static async ValueTask<long> Rank(SqlSession session, Guid gameId, string player, double best, long since) =>
        1 + await session.Scalar<long>("""
            select count(distinct player) from game_scores where game_id = $1 and voided_at is null and at >= $2 and score > $3 and player <> $4
            """, gameId, since, best, player);

    private async ValueTask<Known> Held(SqlSession session, Guid gameId, Guid sessionId, string player)
    {
        await session.Execute("update game_sessions set round = round where id = $1", sessionId);
        var known = await session.First("select round, round_at, scored, opened_at from game_sessions where id = $1 and game_id = $2 and player = $3",
            row => new Known(row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2), row.GetInt64(3)), sessionId, gameId, player) ?? throw Missing();
        return clock.NowMs() - known.OpenedAt <= SessionMsMax ? known : throw Missing();
    }

    private static Fault Missing() => Fault.NotFound("Play session", "Open one: POST /games/{game}/sessions. It lasts a day.");

    private sealed record Known(long Round, long RoundAt, bool Scored, long OpenedAt);
}
