using Remix.Platform.Data;
using Remix.Platform.Text;
using Remix.Rooms;

namespace Remix.Games.Play;

/// <summary>Over which time a leaderboard looks back.</summary>
internal enum LeaderboardPeriod
{
    Today,
    Week,
    Ever,
}

/// <summary>A player's best score within a period.</summary>
internal sealed record LeaderboardEntry(long Rank, string Player, double Score, Guid ScoreId, DateTime At);

/// <summary>The best of each player, read from the scores that were not voided.</summary>
internal sealed class Leaderboards(Database database, RoomDirectory rooms, TimeProvider clock)
{
    public const long DayMs = 24 * 60 * 60 * 1000L;
    public const int EntriesMax = 100;

    /// <summary>The best; with <paramref name="among"/> those of that player and of their friends alone.</summary>
    public async Task<List<LeaderboardEntry>> Of(Guid gameId, LeaderboardPeriod period, int limit, string? among = null) =>
        await Best(gameId, period, limit, among is null ? null : [among, .. await FriendsOf(among)]);

    /// <summary>Friends are whom one has played a match with, and whom one meets in a room.</summary>
    private async Task<List<string>> FriendsOf(string player)
    {
        const int opponentsMax = 500;
        var opponents = await database.Read(session => session.Query("""
            select distinct case when host = $1 then guest else host end from game_matches
            where (host = $2 or guest = $3) and guest is not null limit $4
            """, row => row.GetString(0), player, player, player, opponentsMax));
        return [.. opponents.Union(await rooms.Companions(player), StringComparer.Ordinal).Where(name => name != player)];
    }

    private Task<List<LeaderboardEntry>> Best(
        Guid gameId, LeaderboardPeriod period, int limit, List<string>? players) => database.Read(async session =>
    {
        const int firstPlayer = 4;
        var only = players is null ? ""
            : $"and player in ({string.Join(", ", Enumerable.Range(firstPlayer, players.Count).Select(place => $"${place}"))})";
        var since = period switch { LeaderboardPeriod.Today => clock.NowMs() - DayMs, LeaderboardPeriod.Week => clock.NowMs() - 7 * DayMs, _ => 0 };

        // Of equal scores the one that came first stands first, and stands for its player.
        var rows = await session.Query($"""
            select player, score, id, at from (
                select player, score, id, at, row_number() over (partition by player order by score desc, at, id) as place
                from game_scores where game_id = $1 and voided_at is null and at >= $2 {only}) best
            where place = 1 order by score desc, at, id limit $3
            """, row => (Player: row.GetString(0), Score: row.GetDouble(1), Id: row.GetGuid(2), At: row.GetInt64(3)),
            [gameId, since, limit, .. players ?? []]);
        var entries = new List<LeaderboardEntry>();
        foreach (var row in rows)
        {
            var rank = entries.Count > 0 && entries[^1].Score.Equals(row.Score) ? entries[^1].Rank : entries.Count + 1;
            entries.Add(new LeaderboardEntry(rank, row.Player, row.Score, row.Id, row.At.ToTime()));
        }

        return entries;
    });
}
