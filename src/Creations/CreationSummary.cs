using System.Data.Common;
using System.Text.Json;
using Remix.Platform.Data;

namespace Remix.Creations;

/// <summary>A published creation as other modules know it: what a card shows, with its counters.</summary>
public sealed record CreationSummary(
    Guid Id, string RoomId, string SourceDir, string Slug, string Topic, string Description, string Type,
        string[] Tags, string? Category, bool HasAudio,
    bool HasLiveData, string CreatedBy, string[] Agents, long Version, Guid? ParentId, long QualityScore,
        long ViewCount, long LikeCount, long RemixCount,
    long CommentCount, long? FeaturedAt, long PublishedAt, long CreatedAt, bool Live)
{
    internal const string Columns = """
        id, room_id, source_dir, slug, topic, description, type, tags, category, has_audio, has_live_data, created_by, agents, version, parent_id,
        quality_score, view_count, like_count, remix_count, comment_count, featured_at, published_at, created_at, live
        """;

    internal static CreationSummary Row(DbDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6),
        List(row.GetString(7)), row.Text(8), row.GetBoolean(9), row.GetBoolean(10), row.GetString(11), List(row.GetString(12)), row.GetInt64(13),
        row.IsDBNull(14) ? null : row.GetGuid(14), row.GetInt64(15), row.GetInt64(16), row.GetInt64(17),
            row.GetInt64(18), row.GetInt64(19), row.Long(20),
        row.GetInt64(21), row.GetInt64(22), row.GetBoolean(23));

    private static string[] List(string json) => JsonSerializer.Deserialize<string[]>(json, JsonSerializerOptions.Default) ?? [];
}
