using System.Data.Common;
using Remix.Platform.Data;

namespace Remix.Games.Library;

/// <summary>Where a version is on its way to the players.</summary>
public enum GameStatus
{
    Draft,

    /// <summary>Sent back: the feedback says why.</summary>
    Blocked,
    Review,
    Approved,
    Live,
}

/// <summary>One state of a game's code on its way to the players.</summary>
internal sealed record GameVersion(
    Guid Id, Guid GameId, long Number, Guid PreviewKey, string? CodeSha256, long? SubmittedAt, long? ApprovedAt, long? LaunchedAt,
    string? Feedback, string? Evidence, long CreatedAt, long UpdatedAt)
{
    public const int CodeLengthMin = 10;
    public const int CodeLengthMax = 1_000_000;
    public const int FeedbackLengthMax = 4_000;

    public const string Columns = """
        id, game_id, number, preview_key, code_sha256, submitted_at, approved_at, launched_at, feedback, evidence, created_at, updated_at
        """;

    /// <summary>Derived, in this order: what was reached last counts.</summary>
    public GameStatus Status => LaunchedAt is not null ? GameStatus.Live
        : ApprovedAt is not null ? GameStatus.Approved
        : SubmittedAt is not null ? GameStatus.Review
        : Feedback is not null ? GameStatus.Blocked : GameStatus.Draft;

    /// <summary>Code may change until somebody is asked to look at it, and again when it was sent back.</summary>
    public bool IsEditable => LaunchedAt is null && ApprovedAt is null && SubmittedAt is null;

    public static GameVersion Row(DbDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetInt64(2), row.GetGuid(3), row.Text(4), row.Long(5), row.Long(6), row.Long(7),
        row.Text(8), row.Text(9), row.GetInt64(10), row.GetInt64(11));
}
