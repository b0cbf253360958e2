using Microsoft.AspNetCore.StaticFiles;

namespace Remix.AgentCloud.Files;

/// <summary>A file's media type, by the end of its name; text is UTF-8.</summary>
internal static class FileTypes
{
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
            [".ndjson"] = "application/x-ndjson",
            [".remix"] = "application/zip",
            [".glb"] = "model/gltf-binary",
            [".opus"] = "audio/ogg",
            [".csv"] = "text/csv",
            [".yaml"] = "text/yaml",
            [".yml"] = "text/yaml",
        },
    };

    public static string Of(string path)
    {
        var type = ByExtension.TryGetContentType(path, out var found) ? found : "application/octet-stream";
        return type.StartsWith("text/", StringComparison.Ordinal) ? type + "; charset=utf-8" : type;
    }
}
