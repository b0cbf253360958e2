using System.Text.Json.Serialization;
using Remix.Games.Library;
using Remix.Games.Validation;
using Remix.Platform.Data;
using Remix.Platform.Text;

namespace Remix.Games.Agents;

/// <summary>How every success of this API is wrapped.</summary>
internal sealed record Envelope<T>(bool Success, T Data);

internal sealed record CreatedGameView(CreatedGameView.GameView Game)
{
    public sealed record GameView(Guid Id, string Name, [property: JsonPropertyName("createdAt")] DateTime CreatedAt, VersionView Version);

    public sealed record VersionView(Guid Id, [property: JsonPropertyName("createdAt")] DateTime CreatedAt);

    public static CreatedGameView Of(Game game, GameVersion version) =>
        new(new GameView(game.Id, game.Name, game.CreatedAt.ToTime(), new VersionView(version.Id, version.CreatedAt.ToTime())));
}

internal sealed record CodeUpdatedView(
    bool Success,
    [property: JsonPropertyName("gameId")] Guid GameId,
    [property: JsonPropertyName("versionId")] Guid VersionId,
    [property: JsonPropertyName("threadId")] string ThreadId);

internal sealed record ValidationView(
    [property: JsonPropertyName("gameId")] Guid GameId,
    [property: JsonPropertyName("versionId")] Guid VersionId,
    bool Valid,
    IReadOnlyList<Blocker> Blockers,
    IReadOnlyList<ValidationWarning> Warnings)
{
    public static ValidationView Of(GameVersion version, ValidationReport report) =>
        new(version.GameId, version.Id, report.Valid, report.Blockers, report.Warnings);
}

internal sealed record StatusView(
    [property: JsonPropertyName("gameId")] Guid GameId,
    [property: JsonPropertyName("versionId")] Guid VersionId,
    string Status,
    [property: JsonPropertyName("submittedAt")] DateTime? SubmittedAt,
    [property: JsonPropertyName("approvedAt")] DateTime? ApprovedAt,
    [property: JsonPropertyName("launchedAt")] DateTime? LaunchedAt,
    string? Feedback)
{
    public static StatusView Of(GameVersion version) => new(version.GameId, version.Id, EnumText.Of(version.Status), version.SubmittedAt.ToTime(),
        version.ApprovedAt.ToTime(), version.LaunchedAt.ToTime(), version.Feedback);
}

internal sealed record CategoriesView(IReadOnlyList<GameCategories.Category> Categories);

internal sealed record GameView(
    Guid Id, string Name, string Owner, IReadOnlyList<string> Categories,
    [property: JsonPropertyName("iconUrl")] string? IconUrl,
    [property: JsonPropertyName("threadId")] string? ThreadId,
    [property: JsonPropertyName("liveVersionId")] Guid? LiveVersionId,
    [property: JsonPropertyName("studioUrl")] string StudioUrl,
    [property: JsonPropertyName("playUrl")] string? PlayUrl,
    [property: JsonPropertyName("launchedAt")] DateTime? LaunchedAt,
    [property: JsonPropertyName("createdAt")] DateTime CreatedAt,
    [property: JsonPropertyName("updatedAt")] DateTime UpdatedAt,
    IReadOnlyList<VersionSummaryView> Versions)
{
    public static GameView Of(Game game, IReadOnlyList<GameVersion> versions, string origin) => new(
        game.Id, game.Name, game.Owner, game.Categories, game.IconSha256 is null ? null : $"{origin}/games/{game.Id}/icon", game.RoomId,
        game.LiveVersionId, $"{origin}/games/{game.Id}/v/{versions[0].Id}", game.CreationId is null ? null : $"{origin}/play/{game.Id}",
        game.LaunchedAt.ToTime(), game.CreatedAt.ToTime(), game.UpdatedAt.ToTime(), [.. versions.Select(VersionSummaryView.Of)]);
}

internal sealed record GamesView(IReadOnlyList<GameView> Games);

internal sealed record OneGameView(GameView Game);

internal sealed record VersionSummaryView(
    Guid Id, long Number, string Status,
    [property: JsonPropertyName("hasCode")] bool HasCode,
    [property: JsonPropertyName("createdAt")] DateTime CreatedAt,
    [property: JsonPropertyName("updatedAt")] DateTime UpdatedAt)
{
    public static VersionSummaryView Of(GameVersion version) => new(version.Id, version.Number, EnumText.Of(version.Status),
        version.CodeSha256 is not null, version.CreatedAt.ToTime(), version.UpdatedAt.ToTime());
}

internal sealed record VersionsView(IReadOnlyList<VersionSummaryView> Versions);

internal sealed record OneVersionView(VersionSummaryView Version, StatusView Publishing);

internal sealed record CodeView(
    [property: JsonPropertyName("gameId")] Guid GameId, [property: JsonPropertyName("versionId")] Guid VersionId, string? Code);

internal sealed record AssetView(
    string Name, string Url, long Size,
    [property: JsonPropertyName("contentType")] string ContentType,
    [property: JsonPropertyName("createdAt")] DateTime CreatedAt)
{
    public static AssetView Of(GameAsset asset) =>
        new(asset.Name, GameAssets.Folder + asset.Name, asset.Size, asset.ContentType, asset.CreatedAt.ToTime());
}

internal sealed record AssetsView(IReadOnlyList<AssetView> Assets);

internal sealed record OneAssetView(AssetView Asset);

internal sealed record IconView([property: JsonPropertyName("gameId")] Guid GameId, [property: JsonPropertyName("iconUrl")] string IconUrl);

internal sealed record ReadinessView(
    [property: JsonPropertyName("gameId")] Guid GameId,
    [property: JsonPropertyName("versionId")] Guid VersionId,
    [property: JsonPropertyName("readyForSubmission")] bool ReadyForSubmission,
    bool Valid, string Status, IReadOnlyList<Blocker> Blockers, IReadOnlyList<ValidationWarning> Warnings);
