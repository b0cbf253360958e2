using System.Data.Common;
using Remix.Platform.Data;

namespace Remix.AgentCloud.Files;

/// <summary>A file of an app: bytes that are kept here, or the address of what is kept elsewhere. Times are Unix milliseconds.</summary>
/// <param name="Sha256">The blob that holds the bytes; null for what is kept elsewhere.</param>
/// <param name="Url">Where it is kept, if not here. It is never fetched.</param>
/// <param name="Metadata">JSON object that its maker gave it.</param>
internal sealed record AppFile(string Path, string? Sha256, long Size, string? Url, string Metadata, long CreatedAt, string CreatedBy,
    long ModifiedAt, string ModifiedBy)
{
    public const long BytesMax = 200L * 1024 * 1024;
    public const int MetadataBytesMax = 16 * 1024;

    /// <summary>How many an app can have.</summary>
    public const int CountMax = 20_000;

    public const string Persisted = "persisted";
    public const string Client = "client";

    public const string Columns = "path, sha256, size, url, metadata, created_at, created_by, modified_at, modified_by";

    public string Kind => Url is null ? Persisted : Client;

    /// <summary>Whether it holds the same, whoever put it there and when.</summary>
    public bool HoldsSameAs(AppFile other) => Sha256 == other.Sha256 && Url == other.Url && Metadata == other.Metadata;

    public static AppFile Read(DbDataReader row) => new(row.GetString(0), row.Text(1), row.GetInt64(2), row.Text(3), row.GetString(4),
        row.GetInt64(5), row.GetString(6), row.GetInt64(7), row.GetString(8));
}
