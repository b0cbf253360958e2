using System.Text.Json;
using Remix.AgentCloud.Files;
using Remix.AgentCloud.Permissions;

namespace Remix.AgentCloud.Tapes;

/// <summary>The form of a mastertape: a workspace whole, with the history of all its records, without secrets.</summary>
internal static class Tape
{
    public const string Format = "remix-mastertape";
    public const int Version = 1;
    public const string Manifest = "mastertape.json";
    public const string Permissions = "permissions.json";
    public const string Checksums = "checksums.json";
    public const string Fileset = "default";
    public const string MediaType = "application/zip";
    public const int JsonBytesMax = 32 * 1024 * 1024;

    /// <summary>What a tape holds may be as deep as a body that was taken, and lies some levels deeper here.</summary>
    public static readonly JsonSerializerOptions Options = new(Platform.Http.RemixJson.Options) { MaxDepth = 256 };

    public static string Of(string app, string rest) => $"apps/{app}/{rest}";

    public static string FileEntry(string app, string path) => Of(app, $"filesets/{Fileset}/root{path}");

    public static string FilesMeta(string app) => Of(app, $"filesets/{Fileset}/fsMeta.json");

    public static byte[] Json<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);
}

/// <param name="Ws">The workspace from which the content first came: it stays the same wherever it is brought.</param>
/// <param name="Created">When the content last changed, so that the same content makes the same tape.</param>
internal sealed record TapeManifest(string Format, int Version, string Ws, DateTime Created, IReadOnlyList<string> Apps);

internal sealed record TapeAppMeta(string Name, long CreatedAt, string CreatedBy, JsonElement Metadata, JsonElement Constants);

internal sealed record TapeGrant(string Subject, string Role, string Resource, string CreatedBy, long CreatedAt)
{
    public static TapeGrant Of(Grant grant) => new(grant.Subject, grant.Role.Text(), grant.Resource.Text, grant.CreatedBy, grant.CreatedAt);
}

internal sealed record TapeQuery(string Name, JsonElement Ast, string Source, string? Db, long? Skip, long? Limit, bool IncludeSuperseded,
    bool IncludeDeleted, long CreatedAt, string CreatedBy);

internal sealed record TapeFiles(string Name, IReadOnlyList<TapeFile> Files);

internal sealed record TapeFile(string Path, string Kind, string? Sha256, long Size, string? Url, JsonElement Metadata, long CreatedAt,
    string CreatedBy,
    long ModifiedAt, string ModifiedBy)
{
    public static TapeFile Of(AppFile file) => new(file.Path, file.Kind, file.Sha256, file.Size, file.Url,
        JsonSerializer.Deserialize<JsonElement>(file.Metadata), file.CreatedAt, file.CreatedBy, file.ModifiedAt, file.ModifiedBy);
}
