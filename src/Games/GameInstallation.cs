using System.Text;
using Remix.Games.Library;
using Remix.Games.Review;
using Remix.Identity;
using Remix.Platform.Blobs;

namespace Remix.Games;

/// <summary>Launching games from within, by the same steps as everybody's: written, judged, submitted, approved, launched.</summary>
public sealed class GameInstallation
{
    private readonly GameStore games;
    private readonly GameCode code;
    private readonly Reviews reviews;
    private readonly BlobStore blobs;

    internal GameInstallation(GameStore games, GameCode code, Reviews reviews, BlobStore blobs) =>
        (this.games, this.code, this.reviews, this.blobs) = (games, code, reviews, blobs);

    /// <summary>A game with all that it needs.</summary>
    public sealed record Package(string Name, string[] Categories, string Code, byte[] Icon, byte[] Cover);

    /// <summary>
    /// Launches the game unless its author has launched one of that name; one that was left half-way is begun anew. Returns the
    /// creation's id, or null when there was nothing to do.
    /// </summary>
    public async Task<Guid?> Install(Caller author, Package package, CancellationToken cancel)
    {
        foreach (var known in (await games.OfOwner(author.RequireUserId())).Where(game => game.Name == package.Name))
        {
            if (known.LaunchedAt is not null)
            {
                return null;
            }

            await games.Delete(known.Id);
        }

        var (game, version) = await games.Create(author.RequireUserId(), package.Name, isCapped: false);
        await games.Update(game.Id, null, package.Categories);
        await games.SetIcon(game.Id, (await blobs.Put(package.Icon, cancel)).Sha256, "image/png");
        await games.SetCover(game.Id, (await blobs.Put(package.Cover, cancel)).Sha256, GameCover.Name);
        await code.Write(game, version, package.Code, author.Name, cancel);
        await reviews.Submit(await Again(game), await Again(version), cancel);
        await reviews.Approve(game, version);
        return await reviews.Launch(await Again(game), await Again(version), cancel);
    }

    private async Task<Game> Again(Game game) => await games.Find(game.Id) ?? throw GameFaults.GameNotFound();

    private async Task<GameVersion> Again(GameVersion version) =>
        await games.FindVersion(version.GameId, version.Id) ?? throw GameFaults.VersionNotFound();

    /// <summary>A package's text as it lies in a file.</summary>
    public static string TextOf(byte[] content) => Encoding.UTF8.GetString(content);
}
