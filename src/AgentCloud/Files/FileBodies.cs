using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Remix.AgentCloud.Http;
using Remix.Platform.Http;
using Remix.Platform.Http.Outbound;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Files;

/// <summary>Binds parameters from the query and, where that does not name them, from the body: so GET and DELETE are called either way.</summary>
internal sealed class Given<T>(T value) : IEndpointParameterMetadataProvider where T : IReadFields<T>
{
    public T Value { get; } = value;

    public static async ValueTask<Given<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var fields = await CloudBody.ReadWithQuery(context);
        var value = T.Read(fields);
        fields.ThrowIfInvalid();
        return new Given<T>(value);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(QueryMetadata.Of<T>());
}

/// <summary>Reading fields that are paths.</summary>
internal static class PathFields
{
    /// <summary>The path of a file; a problem of the field when it is none.</summary>
    public static string Path(this Fields fields, string field)
    {
        var path = fields.RequiredText(field, 4 * AppFilePath.LengthMax);
        if (path.Length > 0 && AppFilePath.Problem(path) is { } problem)
        {
            fields.Problem(field, problem, "invalid_string");
        }

        return path;
    }

    /// <summary>The path of a file or of a folder, the root included; a slash at the end says nothing.</summary>
    public static string PathOrFolder(this Fields fields, string field)
    {
        var path = AppFilePath.Folder(fields.Text(field, 4 * AppFilePath.LengthMax));
        if (path != AppFilePath.Root && AppFilePath.Problem(path) is { } problem)
        {
            fields.Problem(field, problem, "invalid_string");
        }

        return path;
    }
}

internal sealed record LookAt(string Path, string After, int Limit) : IReadFields<LookAt>
{
    public static LookAt Read(Fields fields) => new(fields.PathOrFolder("path"), fields.Text("after", AppFilePath.LengthMax) ?? "",
        fields.Limit(AppFiles.PageMax, AppFiles.PageMax));
}

internal sealed record CreateFile(string Path, bool Force) : IReadFields<CreateFile>
{
    public static CreateFile Read(Fields fields) => new(fields.Path("path"), fields.Truth("force") ?? false);
}

internal sealed record NameFile(string Path) : IReadFields<NameFile>
{
    public static NameFile Read(Fields fields) => new(fields.Path("path"));
}

internal sealed record ShowFile(string Path, int ExpiresIn) : IReadFields<ShowFile>
{
    public static ShowFile Read(Fields fields) => new(fields.Path("path"),
        (int)(fields.Number("expires_in", 1, FileAddresses.SecondsMax) ?? FileAddresses.SecondsDefault));
}

internal sealed record RenameFile(string Path, string ChangePath) : IReadFields<RenameFile>
{
    public static RenameFile Read(Fields fields) => new(fields.Path("path"), fields.Path("change_path"));
}

internal sealed record CopyFile(string Src, string? SrcApp, string Path) : IReadFields<CopyFile>
{
    public static CopyFile Read(Fields fields)
    {
        var wish = new CopyFile(fields.Path("src"), fields.Text("src_app", 4 * CloudNames.LengthMax) is { Length: > 0 } app ? app : null,
            fields.Path("path"));
        if (wish.SrcApp is { } name && !CloudNames.IsName(name))
        {
            fields.Problem("src_app", $"A name is {CloudNames.Rule}", "invalid_string");
        }

        return wish;
    }
}

internal sealed record RegisterFile(string Path, string RegUrl, string RegMetadata, bool Force) : IReadFields<RegisterFile>
{
    public static RegisterFile Read(Fields fields)
    {
        var path = fields.Path("path");
        var url = fields.Required("reg_url") ? OutboundGuard.ReadUrl(fields, "reg_url") ?? "" : "";
        var metadata = fields.Json("reg_metadata", AppFile.MetadataBytesMax);
        if (metadata is { } given && given.ValueKind != JsonValueKind.Object)
        {
            fields.Problem("reg_metadata", "Expected an object", "invalid_type");
        }

        return new RegisterFile(path, url, metadata is { ValueKind: JsonValueKind.Object } json ? RemixJson.Text(json) : "{}",
            fields.Truth("force") ?? false);
    }
}

internal sealed record FolderView(bool Ok, string App, string Path, string Kind, IReadOnlyList<FolderEntryView> Entries, string? Next);

internal sealed record FolderEntryView(string Name, string Path, string Kind, long? Size, string? Sha256, DateTime? ModifiedAt)
{
    public static FolderEntryView Of(FolderEntry entry) => new(entry.Path[(entry.Path.LastIndexOf('/') + 1)..], entry.Path,
        entry.File?.Kind ?? "folder", entry.File?.Size, entry.File?.Sha256, entry.File?.ModifiedAt.ToTime());
}

/// <summary>The reference's file, with what is known of it besides.</summary>
internal sealed record FileView(bool Ok, string App, string Path, string Kind, JsonElement Metadata, string Url, string? ContentType, long? Size,
    string? Sha256, DateTime CreatedAt, string CreatedBy, DateTime ModifiedAt, string ModifiedBy)
{
    public static FileView Of(string app, AppFile file, string url) => new(true, app, file.Path, file.Kind,
        JsonSerializer.Deserialize<JsonElement>(file.Metadata), url, file.Url is null ? FileTypes.Of(file.Path) : null,
        file.Url is null ? file.Size : null, file.Sha256, file.CreatedAt.ToTime(), file.CreatedBy, file.ModifiedAt.ToTime(), file.ModifiedBy);
}
