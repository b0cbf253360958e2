using System.Collections.Concurrent;
using System.Text.Json;
using Remix.Creations;
using Remix.Games.Library;
using Remix.Games.Review;
using Remix.Games.Serving;
using Remix.Games.Validation;
using Remix.Identity;
using Remix.Platform.Http;

namespace Remix.Games;

/// <summary>A launched game as its play page shows it.</summary>
public sealed record PlayedGame(
    Guid Id, string Name, string Owner, IReadOnlyList<string> Categories, bool HasIcon, bool IsMultiplayer, bool IsAuthor, CreationSummary Creation);

/// <summary>What the preview saw a version do.</summary>
public sealed record SeenEvidence(bool Ready, bool GameOver, bool PlayAgain, bool ToggleMute, double? Score, long Errors, DateTime? At);

/// <summary>A version on its studio page.</summary>
public sealed record StudioVersion(
    StudioGameView Game, StudioVersionView Version, string PreviewUrl, ValidationReport Report, SeenEvidence? Evidence, bool IsAdmin,
    bool IsMultiplayer, string? CodeSha256);

/// <summary>Games for the pages that people see.</summary>
public sealed class GamePages
{
    private const int KnownMax = 10_000;

    private static readonly ConcurrentDictionary<string, bool> Multiplayer = new(StringComparer.Ordinal);

    private readonly GameStore games;
    private readonly GameCode code;
    private readonly Reviews reviews;
    private readonly PublishedCreations creations;

    internal GamePages(GameStore games, GameCode code, Reviews reviews, PublishedCreations creations) =>
        (this.games, this.code, this.reviews, this.creations) = (games, code, reviews, creations);

    /// <summary>The categories that there are: id and name.</summary>
    public static IReadOnlyList<(string Id, string Name)> Categories { get; } = [.. GameCategories.All.Select(category =>
        (category.Id, category.Name))];

    /// <summary>The launched game that an id of its own, an id of its creation or a readable address names; null when there is none.</summary>
    public async Task<PlayedGame?> Play(string key, Caller caller, CancellationToken cancel)
    {
        var isId = Guid.TryParse(key, out var id);
        var creation = isId ? await creations.Find(id) : await creations.FindBySlug(key);
        var game = creation is not null ? await OfCreation(creation) : isId ? await games.Find(id) : null;
        if (game is not { CreationId: { } live, LiveVersionId: { } versionId } || await creations.Find(live) is not { } shown)
        {
            return null;
        }

        var version = await games.FindVersion(game.Id, versionId);
        return new PlayedGame(game.Id, game.Name, game.Owner, game.Categories, game.IconSha256 is not null,
            version is not null && await IsMultiplayer(version, cancel), caller.IsUser
                && (caller.UserId == game.Owner || caller.IsPlatformAdmin), shown);
    }

    /// <summary>A version as its author or an admin sees it; null for everybody else.</summary>
    public async Task<StudioVersion?> Studio(string gameId, string versionId, Caller caller, CreationAddresses addresses, CancellationToken cancel)
    {
        if (await StudioScope.Find(games, gameId, versionId, caller) is not { } scope)
        {
            return null;
        }

        var report = await code.Judge(scope.Game, scope.Version, cancel);
        var evidence = scope.Version.Evidence is { } json ? JsonSerializer.Deserialize<SeenEvidence>(json, RemixJson.Options) : null;
        return new StudioVersion(StudioGameView.Of(scope.Game, await games.Versions(scope.Game.Id)), StudioVersionView.Of(scope.Version),
            GameHost.Address(scope.Version.PreviewKey, addresses), report, evidence, caller.IsPlatformAdmin,
            await IsMultiplayer(scope.Version, cancel), scope.Version.CodeSha256);
    }

    public async Task<IReadOnlyList<StudioGameView>> Mine(string userId)
    {
        var views = new List<StudioGameView>();
        foreach (var game in await games.OfOwner(userId))
        {
            views.Add(StudioGameView.Of(game, await games.Versions(game.Id)));
        }

        return views;
    }

    /// <summary>What waits for an admin, each game with the one version that waits.</summary>
    public async Task<IReadOnlyList<StudioGameView>> Queue() =>
        [.. (await reviews.Queue()).Select(entry => StudioGameView.Of(entry.Game, [entry.Version]))];

    /// <summary>Launched games, the newest first.</summary>
    public async Task<IReadOnlyList<PlayedGame>> Launched(int limit)
    {
        var launched = new List<PlayedGame>();
        foreach (var game in await games.Launched(limit))
        {
            if (game.CreationId is { } id && await creations.Find(id) is { } creation)
            {
                launched.Add(new PlayedGame(game.Id, game.Name, game.Owner, game.Categories, game.IconSha256 is not null, false, false, creation));
            }
        }

        return launched;
    }

    private async Task<Game?> OfCreation(CreationSummary creation) =>
        creation.SourceDir == GameRooms.Folder ? await games.FindByRoom(creation.RoomId) : null;

    private async Task<bool> IsMultiplayer(GameVersion version, CancellationToken cancel)
    {
        if (version.CodeSha256 is not { } sha256)
        {
            return false;
        }

        if (!Multiplayer.TryGetValue(sha256, out var known))
        {
            // What the SDK calls inside itself, where a page brings it along, has shorter names.
            known = SdkHooks.Of(await code.Read(version, cancel) ?? "").Calls.Any(call =>
                call.Callee.Path is { IsSdk: true, Names: ["multiplayer", "actions", _, ..] });
            if (Multiplayer.Count >= KnownMax)
            {
                Multiplayer.Clear();
            }

            Multiplayer[sha256] = known;
        }

        return known;
    }
}
