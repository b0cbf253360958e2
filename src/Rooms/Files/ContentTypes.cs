using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Remix.Rooms.Files;

/// <summary>Media types: what the sender declared, or what the file's name says.</summary>
public static class ContentTypes
{
    public const string Unknown = "application/octet-stream";

    /// <summary>What curl declares when it is told nothing, which therefore says nothing.</summary>
    private const string CurlDefault = "application/x-www-form-urlencoded";

    private static readonly FileExtensionContentTypeProvider ByExtension = new()
    {
        Mappings =
        {
            [".md"] = "text/markdown",
            [".mjs"] = "text/javascript",
            [".js"] = "text/javascript",
            [".wasm"] = "application/wasm",
            [".avif"] = "image/avif",
            [".webmanifest"] = "application/manifest+json",
            [".glb"] = "model/gltf-binary",
            [".opus"] = "audio/ogg",
            [".csv"] = "text/csv",
            [".yaml"] = "text/yaml",
            [".yml"] = "text/yaml",
            [".parquet"] = "application/vnd.apache.parquet",
        },
    };

    public static string Of(string path) => ByExtension.TryGetContentType(path, out var type) ? type : Unknown;

    public static string Of(string path, string? declared) => Declared(declared) ?? Of(path);

    /// <summary>Whether what a sender declared is this type, or nothing at all.</summary>
    public static bool Says(string declared, string type) => string.Equals(declared, CurlDefault, StringComparison.OrdinalIgnoreCase)
        || (Declared(declared) ?? (string.Equals(declared, Unknown, StringComparison.OrdinalIgnoreCase) ? Unknown : null)) == type;

    public static bool IsType(string text) => MediaTypeHeaderValue.TryParse(text, out _);

    /// <summary>The type as it is stored; null when the sender said nothing that means anything.</summary>
    public static string? Declared(string? declared)
    {
        if (!MediaTypeHeaderValue.TryParse(declared, out var media) || media.MediaType.Value is not { } type
            || type is CurlDefault or Unknown || type.Length > 100)
        {
            return null;
        }

        return media.Charset.HasValue
            ? $"{type.ToLowerInvariant()}; charset={media.Charset.Value!.Trim('"').ToLowerInvariant()}" : type.ToLowerInvariant();
    }
}
