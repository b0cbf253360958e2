using Microsoft.AspNetCore.StaticFiles;

namespace Remix.Cli;

/// <summary>A file's media type by its name; text is always UTF-8.</summary>
internal static class ContentTypes
{
    private static readonly FileExtensionContentTypeProvider Known = new(new Dictionary<string, string>(
        new FileExtensionContentTypeProvider().Mappings, StringComparer.OrdinalIgnoreCase)
    {
        [".md"] = "text/markdown",
        [".mjs"] = "text/javascript",
        [".avif"] = "image/avif",
        [".csv"] = "text/csv",
        [".glb"] = "model/gltf-binary",
    });

    public static string Of(string path)
    {
        var type = Known.TryGetContentType(path, out var found) ? found : "application/octet-stream";
        return type.StartsWith("text/", StringComparison.Ordinal) ? type + "; charset=utf-8" : type;
    }
}
