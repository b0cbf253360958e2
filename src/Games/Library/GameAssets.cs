using System.Data.Common;
using Microsoft.AspNetCore.Http;
using Remix.Platform.Blobs;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Games.Library;

/// <summary>A picture, sound or model that a game loads from <c>assets/{name}</c>.</summary>
internal sealed record GameAsset(string Name, string Sha256, long Size, string ContentType, long CreatedAt);

/// <summary>The assets of games. The only writer of their table.</summary>
internal sealed class GameAssets(Database database, BlobStore blobs, TimeProvider clock)
{
    public const string Folder = "assets/";
    public const int FilesMax = 200;

    public Task<List<GameAsset>> Of(Guid gameId) => database.Read(session => session.Query(
        "select name, sha256, size, content_type, created_at from game_assets where game_id = $1 order by name", Row, gameId));

    public Task<GameAsset?> Find(Guid gameId, string name) => database.Read(session => session.First(
        "select name, sha256, size, content_type, created_at from game_assets where game_id = $1 and name = $2", Row, gameId, name));

    public Task<long> Bytes(Guid gameId) => database.Read(session => session.Scalar<long>(
        "select cast(coalesce(sum(size), 0) as bigint) from game_assets where game_id = $1", gameId));

    /// <summary>Keeps a file under a name, in place of what had it before.</summary>
    public async Task<GameAsset> Put(Guid gameId, string name, byte[] content, string contentType, CancellationToken cancel)
    {
        var blob = await blobs.Put(content, cancel);
        var asset = new GameAsset(name, blob.Sha256, blob.Size, contentType, clock.NowMs());
        await database.Write(async session =>
        {
            await session.Execute("update games set updated_at = $1 where id = $2", asset.CreatedAt, gameId);
            if (await session.Scalar<long>("select count(*) from game_assets where game_id = $1 and name <> $2", gameId, name) >= FilesMax)
            {
                throw Fault.Invalid("file", $"A game has at most {FilesMax} assets");
            }

            await session.Execute("""
                insert into game_assets (game_id, name, sha256, size, content_type, created_at) values ($1, $2, $3, $4, $5, $6)
                on conflict (game_id, name) do update set sha256 = excluded.sha256, size = excluded.size, content_type = excluded.content_type,
                    created_at = excluded.created_at
                """, gameId, name, asset.Sha256, asset.Size, asset.ContentType, asset.CreatedAt);
        });
        return asset;
    }

    private static GameAsset Row(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetInt64(4));
}
