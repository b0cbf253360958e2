using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticFiles;
using Remix.Platform.Faults;

namespace Remix.Pages.Shared;

/// <summary>
/// Our own styles, scripts and fonts, out of the assembly. Their address holds a hash of them all, so that browsers keep
/// them for good and a new version of the server brings new addresses; modules import each other by relative paths.
/// </summary>
public static class WebAssets
{
    private const string Prefix = "assets/";

    private static readonly FileExtensionContentTypeProvider Types = new();

    private static readonly Lazy<(IReadOnlyDictionary<string, Asset> Files, string Hash)> All = new(Load);

    /// <summary>What every address of an asset starts with.</summary>
    public static string Root => $"/{Prefix}{All.Value.Hash}";

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/assets/{version}/{**path}", Send).ExcludeFromDescription();

    private static async Task Send(string version, string? path, HttpContext context)
    {
        if (!All.Value.Files.TryGetValue(path ?? "", out var asset))
        {
            throw Fault.NotFound("Asset");
        }

        var (request, response) = (context.Request, context.Response);
        response.Headers.CacheControl = version == All.Value.Hash ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.ETag = asset.ETag;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.Vary = "Accept-Encoding";
        if (request.Headers.IfNoneMatch == asset.ETag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var (bytes, encoding) = asset.Compressed.Value switch
        {
            { Brotli: { } brotli } when Accepts(request, "br") => (brotli, "br"),
            { Gzip: { } gzip } when Accepts(request, "gzip") => (gzip, "gzip"),
            _ => (asset.Bytes, null),
        };
        response.ContentType = asset.ContentType;
        response.ContentLength = bytes.Length;
        if (encoding is not null)
        {
            response.Headers.ContentEncoding = encoding;
        }

        await response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    /// <summary>Whether the encoding is among those named, and not with a weight of nothing.</summary>
    private static bool Accepts(HttpRequest request, string encoding) => request.GetTypedHeaders().AcceptEncoding
        .Any(value => value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && value.Quality is not 0);

    private static (IReadOnlyDictionary<string, Asset>, string) Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var files = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(name => name[Prefix.Length..], name => Asset.Read(assembly, name), StringComparer.Ordinal);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, asset) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(name));
            hash.AppendData(asset.Bytes);
        }

        return (files, Convert.ToHexStringLower(hash.GetHashAndReset())[..10]);
    }

    private sealed record Asset(byte[] Bytes, string ContentType, string ETag, Lazy<(byte[]? Brotli, byte[]? Gzip)> Compressed)
    {
        public static Asset Read(Assembly assembly, string name)
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var type = Types.TryGetContentType(name, out var known) ? known : "application/octet-stream";
            var text = type.StartsWith("text/", StringComparison.Ordinal) || type.Contains("svg", StringComparison.Ordinal);
            return new Asset(bytes, text ? $"{type}; charset=utf-8" : type, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..20]}\"",
                new(() => text ? (Brotli(bytes), Gzip(bytes)) : (null, null)));
        }

        private static byte[] Brotli(byte[] bytes) => Through(bytes, target => new BrotliStream(target, CompressionLevel.SmallestSize, leaveOpen: true));

        private static byte[] Gzip(byte[] bytes) => Through(bytes, target => new GZipStream(target, CompressionLevel.SmallestSize, leaveOpen: true));

        private static byte[] Through(byte[] bytes, Func<Stream, Stream> compress)
        {
            var target = new MemoryStream();
            using (var stream = compress(target))
            {
                stream.Write(bytes);
            }

            return target.ToArray();
        }
    }
}
