using System.Text.Json;
using Remix.Creations;
using Remix.Games.Library;
using Remix.Games.Remixes;
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
    private readonly GameStore games;
    private readonly GameCode code;
    private readonly Reviews reviews;
    private readonly PublishedCreations creations;
    private readonly RoomGames rooms;
    private readonly SdkUses uses;

    internal GamePages(GameStore games, GameCode code, Reviews reviews, PublishedCreations creations, RoomGames rooms, SdkUses uses) =>
        (this.games, this.code, this.reviews, this.creations, this.rooms, this.uses) = (games, code, reviews, creations, rooms, uses);

    /// <summary>The categories that there are: id and name.</summary>
    public static IReadOnlyList<(string Id, string Name)> Categories { get; } = [.. GameCategories.All.Select(category =>
        (category.Id, category.Name))];

    /// <summary>The game that an id of its own, an id of its creation or a readable address names; null when there is none to play.</summary>
    public async Task<PlayedGame?> Play(string key, Caller caller, CancellationToken cancel)
    {
        var isId = Guid.TryParse(key, out var id);
        var creation = isId ? await creations.Find(id) : await creations.FindBySlug(key);
        var game = creation is not null ? await rooms.Of(creation, cancel) : isId ? await games.Find(id) : null;
        if (game is not { CreationId: { } live } || await creations.Find(live) is not { } shown)
        {
            return null;
        }

        return new PlayedGame(game.Id, game.Name, game.Owner, game.Categories, game.IconSha256 is not null,
            (await uses.Of(shown.Id, cancel)).IsMultiplayer,
            caller.IsUser && (caller.UserId == game.Owner || caller.IsPlatformAdmin), shown);
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
        var published = scope.Game.SourceDir is null ? null : scope.Game.CreationId;
        var use = published is { } id ? await uses.Of(id, cancel) : await uses.Of(scope.Version, cancel);
        return new StudioVersion(StudioGameView.Of(scope.Game, await games.Versions(scope.Game.Id)), StudioVersionView.Of(scope.Version),
            published is { } shown ? addresses.Content(shown) : GameHost.Address(scope.Version.PreviewKey, addresses), report, evidence,
            caller.IsPlatformAdmin, use.IsMultiplayer, scope.Version.CodeSha256);
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
}
