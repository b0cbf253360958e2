using System.Security.Cryptography;
using System.Text;
using Remix.Platform.Data;
using Remix.Platform.Http;
using Remix.Platform.Text;

namespace Remix.Games.Play;

internal sealed record ReportGameError(string Message, string? Source, long? Line) : IReadFields<ReportGameError>
{
    private const int MessageLengthMax = 1_000;
    private const int SourceLengthMax = 300;

    public static ReportGameError Read(Fields fields) => new(
        fields.RequiredText("message", MessageLengthMax), fields.Text("source", SourceLengthMax), fields.Number("line", 0, int.MaxValue));
}

internal sealed record GameErrorView(string Message, string? Source, long? Line, long Count, DateTime FirstAt, DateTime LastAt);

/// <summary>What broke in a game while people played it, for its author: the same error is one entry that counts.</summary>
internal sealed class GameErrors(Database database, TimeProvider clock)
{
    public const int KeptMax = 100;

    public Task<List<GameErrorView>> Of(Guid gameId) => database.Read(session => session.Query(
        "select message, source, line, count, first_at, last_at from game_errors where game_id = $1 order by last_at desc, digest limit $2",
        row => new GameErrorView(row.GetString(0), row.Text(1), row.Long(2), row.GetInt64(3), row.GetInt64(4).ToTime(), row.GetInt64(5).ToTime()),
        gameId, KeptMax));

    /// <summary>Counts the error. Beyond the first hundred kinds of a game, new ones are not kept: whoever mends those finds the rest.</summary>
    public Task Report(Guid gameId, ReportGameError error) => database.Write(async session =>
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{error.Message}\n{error.Source}\n{error.Line}")))[..32];
        var now = clock.NowMs();
        if (await session.Execute("update game_errors set count = count + 1, last_at = $1 where game_id = $2 and digest = $3", now, gameId,
            digest) == 0
            && await session.Scalar<long>("select count(*) from game_errors where game_id = $1", gameId) < KeptMax)
        {
            await session.Execute("""
                insert into game_errors (game_id, digest, message, source, line, count, first_at, last_at) values ($1, $2, $3, $4, $5, 1, $6, $7)
                on conflict (game_id, digest) do update set count = game_errors.count + 1, last_at = excluded.last_at
                """, gameId, digest, error.Message, error.Source, error.Line, now, now);
        }
    });
}
