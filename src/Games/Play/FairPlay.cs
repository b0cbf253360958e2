using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Games.Play;

/// <summary>What a game's author does against those who cheat: the highest score there can be, and whom not to record.</summary>
internal sealed class FairPlay(Database database, TimeProvider clock)
{
    private const int BarredMax = 1_000;

    /// <summary>Sets the limit and takes off what is above it; returns how many scores that were.</summary>
    public Task<long> Limit(Guid gameId, double? max) => database.Write(async session =>
    {
        await session.Execute("update games set score_max = $1 where id = $2", max, gameId);
        return max is null ? 0L : await session.Execute(
            "update game_scores set voided_at = $1 where game_id = $2 and score > $3 and voided_at is null", clock.NowMs(), gameId, max);
    });

    public Task Bar(Guid gameId, string player) => database.Write(async session =>
    {
        if (await session.Scalar<long>("select count(*) from game_barred where game_id = $1", gameId) >= BarredMax)
        {
            throw Fault.Conflict("TOO_MANY_BARRED", $"At most {BarredMax} players may be barred from a game");
        }

        await session.Execute("insert into game_barred (game_id, player, at) values ($1, $2, $3) on conflict do nothing", gameId, player,
            clock.NowMs());
        await session.Execute("update game_scores set voided_at = $1 where game_id = $2 and player = $3 and voided_at is null", clock.NowMs(),
            gameId, player);
    });

    public Task Unbar(Guid gameId, string player) => database.Write(async session =>
    {
        if (await session.Execute("delete from game_barred where game_id = $1 and player = $2", gameId, player) == 0)
        {
            throw Fault.NotFound("Barred player");
        }
    });

    /// <summary>Throws unless the game takes this score of this player.</summary>
    public static async ValueTask Require(SqlSession session, Guid gameId, string player, double score)
    {
        if (await session.Scalar<long>("select count(*) from games where id = $1 and score_max < $2", gameId, score) > 0)
        {
            throw Fault.Invalid("score", "No score of this game can be that high");
        }

        if (await session.Scalar<long>("select count(*) from game_barred where game_id = $1 and player = $2", gameId, player) > 0)
        {
            throw Fault.Forbidden("The game's author takes your scores off its leaderboards");
        }
    }
}
