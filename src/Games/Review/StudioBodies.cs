using Remix.Games.Library;
using Remix.Games.Play;
using Remix.Platform.Data;
using Remix.Platform.Http;
using Remix.Platform.Text;

namespace Remix.Games.Review;

internal sealed record GiveFeedback(string Feedback) : IReadFields<GiveFeedback>
{
    public static GiveFeedback Read(Fields fields) =>
        new(fields.RequiredText("feedback", GameVersion.FeedbackLengthMax).Trim() is { Length: > 0 } text
        ? text : Missing(fields));

    private static string Missing(Fields fields)
    {
        if (fields.Has("feedback"))
        {
            fields.Problem("feedback", "Say what its author should change", "too_small");
        }

        return "";
    }
}

/// <summary>What the preview saw the game do.</summary>
internal sealed record NoteEvidence(bool Ready, bool GameOver, bool PlayAgain, bool ToggleMute, double? Score, long Errors, DateTime? At = null)
    : IReadFields<NoteEvidence>
{
    public static NoteEvidence Read(Fields fields) => new(
        fields.Truth("ready") ?? false, fields.Truth("game_over") ?? false, fields.Truth("play_again") ?? false, fields.Truth("toggle_mute") ?? false,
        Scores.Read(fields, "score", isRequired: false), fields.Number("errors", 0, int.MaxValue) ?? 0);
}

/// <summary>Which blockers to mend; all that have a patch when none is named.</summary>
internal sealed record MendCode(string[]? Codes) : IReadFields<MendCode>
{
    private const int CodesMax = 10;
    private const int CodeLengthMax = 64;

    public static MendCode Read(Fields fields) => new(fields.Texts("codes", CodesMax, CodeLengthMax));

    public bool Takes(string code) => Codes is not { Length: > 0 } || Codes.Contains(code, StringComparer.Ordinal);
}

internal sealed record StudioVersionState(StudioVersionView Version, string? CodeSha256, DateTime GameUpdatedAt);

internal sealed record SellItems(IReadOnlyList<ItemView> Items) : IReadFields<SellItems>
{
    public static SellItems Read(Fields fields)
    {
        fields.Required("items");
        var items = fields.Objects("items", GameItems.ItemsMax).Select(item => new ItemView(
            item.RequiredText("item", GameItems.IdLengthMax), item.RequiredText("name", GameItems.NameLengthMax),
            PriceOf(item))).ToList();
        if (items.Select(item => item.Item).Distinct(StringComparer.Ordinal).Count() < items.Count)
        {
            fields.Problem("items", "Two items have the same id");
        }

        return new SellItems(items);
    }

    private static long PriceOf(Fields item)
    {
        item.Required("price");
        return item.Number("price", 1, GameItems.PriceMax) ?? 0;
    }
}

public sealed record StudioVersionView(
    Guid Id, long Number, GameStatus Status, bool HasCode, DateTime? SubmittedAt, DateTime? ApprovedAt, DateTime? LaunchedAt, string? Feedback,
    DateTime CreatedAt, DateTime UpdatedAt)
{
    internal static StudioVersionView Of(GameVersion version) => new(version.Id, version.Number, version.Status, version.CodeSha256 is not null,
        version.SubmittedAt.ToTime(), version.ApprovedAt.ToTime(), version.LaunchedAt.ToTime(), version.Feedback, version.CreatedAt.ToTime(),
        version.UpdatedAt.ToTime());
}

public sealed record StudioGameView(
    Guid Id, string Name, string Owner, IReadOnlyList<string> Categories, bool HasIcon, bool HasCover, string? RoomId, Guid? CreationId,
    Guid? LiveVersionId, DateTime? LaunchedAt, DateTime CreatedAt, IReadOnlyList<StudioVersionView> Versions, string? SourceDir)
{
    internal static StudioGameView Of(Game game, IReadOnlyList<GameVersion> versions) => new(
        game.Id, game.Name, game.Owner, game.Categories, game.IconSha256 is not null, game.CoverSha256 is not null, game.RoomId, game.CreationId,
        game.LiveVersionId, game.LaunchedAt.ToTime(), game.CreatedAt.ToTime(), [.. versions.Select(StudioVersionView.Of)],
        game.SourceDir);
}
