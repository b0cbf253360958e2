using System.Data.Common;
using System.Text.Json;
using Remix.Platform.Data;

namespace Remix.Games.Library;

/// <summary>
/// A game that somebody makes: its name, icon and categories, and which version people play. One with a source folder is
/// published from there by its room; the others are handed in on their studio page.
/// </summary>
internal sealed record Game(
    Guid Id, string Owner, string Name, string[] Categories, string? IconSha256, string? IconType, string? CoverSha256, string? CoverName,
    string? RoomId, Guid? CreationId, Guid? LiveVersionId, long? LaunchedAt, long CreatedAt, long UpdatedAt, string? SourceDir = null)
{
    public const int NameLengthMax = 80;
    public const int CategoriesMax = 3;

    /// <summary>Games that were never launched, which one person may have at once.</summary>
    public const int InDevelopmentMax = 20;

    public const int VersionsMax = 100;

    public const string Columns = """
        id, owner, name, categories, icon_sha256, icon_type, cover_sha256, cover_name, room_id, creation_id, live_version_id, launched_at,
        created_at, updated_at, source_dir
        """;

    public static Game Row(DbDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), List(row.GetString(3)), row.Text(4), row.Text(5), row.Text(6), row.Text(7),
        row.Text(8), row.Id(9), row.Id(10), row.Long(11), row.GetInt64(12), row.GetInt64(13), row.Text(14));

    public static string DefaultName(DateTimeOffset today) => $"New Game {today:yyyy-MM-dd}";

    private static string[] List(string json) => JsonSerializer.Deserialize<string[]>(json, JsonSerializerOptions.Default) ?? [];
}

internal static class GameRows
{
    public static Guid? Id(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetGuid(column);
}
