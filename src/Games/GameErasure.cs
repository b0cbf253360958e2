using Remix.Identity.Users;
using Remix.Platform.Data;

namespace Remix.Games;

/// <summary>When a user goes: their games with all that is kept of them, and what they did in others'.</summary>
internal sealed class GameErasure : UserErasure
{
    private static readonly string[] TablesOfGames =
        ["game_versions", "game_assets", "game_items", "game_purchases", "game_errors", "game_states", "game_sessions", "game_scores",
            "game_barred"];

    public override async ValueTask Erase(SqlSession session, string userId)
    {
        foreach (var gameId in await session.Query("select id from games where owner = $1", row => row.GetGuid(0), userId))
        {
            await Game(session, gameId);
        }

        foreach (var table in new[] { "game_purchases", "game_states", "game_sessions", "game_scores", "game_match_scores",
            "game_barred" })
        {
            await session.Execute($"delete from {table} where player = $1", userId);
        }

        foreach (var matchId in await session.Query("select id from game_matches where host = $1 or guest = $2", row => row.GetGuid(0), userId,
            userId))
        {
            await Match(session, matchId);
        }
    }

    /// <summary>A game with everything that names it.</summary>
    public static async ValueTask Game(SqlSession session, Guid gameId)
    {
        foreach (var matchId in await session.Query("select id from game_matches where game_id = $1", row => row.GetGuid(0), gameId))
        {
            await Match(session, matchId);
        }

        foreach (var table in TablesOfGames)
        {
            await session.Execute($"delete from {table} where game_id = $1", gameId);
        }

        await session.Execute("delete from games where id = $1", gameId);
    }

    private static async ValueTask Match(SqlSession session, Guid matchId)
    {
        await session.Execute("delete from game_match_states where match_id = $1", matchId);
        await session.Execute("delete from game_match_scores where match_id = $1", matchId);
        await session.Execute("delete from game_matches where id = $1", matchId);
    }
}
