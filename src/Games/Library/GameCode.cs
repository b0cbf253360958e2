using System.Text;
using Remix.Games.Serving;
using Remix.Games.Validation;
using Remix.Platform.Blobs;

namespace Remix.Games.Library;

/// <summary>The code of versions: reading, writing with all that follows from it, and judging.</summary>
internal sealed class GameCode(GameStore games, GameAssets assets, GameRooms rooms, BlobStore blobs)
{
    /// <summary>The code as it was written; null before the first time.</summary>
    public async Task<string?> Read(GameVersion version, CancellationToken cancel) =>
        version.CodeSha256 is { } sha256 ? Encoding.UTF8.GetString(await blobs.Bytes(sha256, cancel)) : null;

    /// <summary>Keeps the code and lays it into the game's room, whose id it returns.</summary>
    public async Task<string> Write(Game game, GameVersion version, string code, string by, CancellationToken cancel)
    {
        GameStore.RequireEditable(game, version);
        var blob = await blobs.Put(Encoding.UTF8.GetBytes(code), cancel);
        var room = await rooms.Write(game, code, by, cancel);
        await games.SetCode(game.Id, version.Id, blob.Sha256);
        return room;
    }

    public async Task<ValidationReport> Judge(Game game, GameVersion version, CancellationToken cancel) =>
        GameValidation.Of(game, version, await Read(version, cancel), await assets.Bytes(game.Id));
}
