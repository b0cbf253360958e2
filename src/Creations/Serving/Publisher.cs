using System.IO.Compression;
using System.Text;
using Remix.Creations.Submissions;
using Remix.Platform.Blobs;
using Remix.Platform.Data;
using Remix.Rooms.Files;

namespace Remix.Creations.Serving;

/// <summary>A file of a version, ready to be served.</summary>
internal sealed record PublishedFile(string Path, string Sha256, long Size, string ContentType, string? Brotli, string? Gzip);

/// <summary>
/// Puts a version up: names the blobs it consists of, puts the bridge into its page, and compresses what gains by it.
/// No bytes are copied.
/// </summary>
internal sealed class Publisher(BlobStore blobs, PageDressing dressing)
{
    private const int CompressFrom = 600;
    private const long CompressUpTo = 10 * 1024 * 1024;
    private const long BestUpTo = 512 * 1024;

    /// <summary>The files as they will be served, or what stands against it.</summary>
    public async Task<(IReadOnlyList<PublishedFile> Files, PublishError? Error)> Prepare(string sourceDir,
        IReadOnlyList<RoomFile> files, CancellationToken cancel)
    {
        var prefix = sourceDir == "." ? 0 : sourceDir.Length + 1;
        var named = files.Select(file => (Path: file.Path[prefix..], File: file)).ToList();
        if (named.Count == 0)
        {
            return ([], PublishError.SourceEmpty(sourceDir));
        }

        if (named.All(file => file.Path != Scan.ScanSubject.EntryPoint))
        {
            return ([], PublishError.EntryPointMissing(sourceDir));
        }

        var published = new List<PublishedFile>();
        foreach (var (path, file) in named)
        {
            var (blob, contentType) = path == Scan.ScanSubject.EntryPoint
                ? (await WithBridge(file, await Scripts(named, cancel), cancel), "text/html; charset=utf-8")
                : (new Blob(file.Sha256, file.Size), Served(path));
            published.Add(await Compressed(path, blob, contentType, cancel));
        }

        return (published, null);
    }

    public static async ValueTask Store(SqlSession session, Guid creationId, IReadOnlyList<PublishedFile> files)
    {
        await session.Execute("delete from creation_files where creation_id = $1", creationId);
        foreach (var file in files)
        {
            await session.Execute("""
                insert into creation_files (creation_id, path, sha256, size, content_type, brotli, gzip) values ($1, $2, $3, $4, $5, $6, $7)
                """, creationId, file.Path, file.Sha256, file.Size, file.ContentType, file.Brotli, file.Gzip);
        }
    }

    /// <summary>By name, not by what the uploader declared: the browser is told not to guess.</summary>
    internal static string Served(string path)
    {
        var type = ContentTypes.Of(path);
        return type.StartsWith("text/", StringComparison.Ordinal) || type is "application/json" or "application/javascript" or "application/xml"
            || type.EndsWith("+xml", StringComparison.Ordinal)
            ? $"{type}; charset=utf-8" : type;
    }

    private async Task<Blob> WithBridge(RoomFile file, IReadOnlyList<string> scripts, CancellationToken cancel)
    {
        // Without its byte order mark, which is one only at the very start: the script may come to stand before it.
        var page = Encoding.UTF8.GetString(await blobs.Bytes(file.Sha256, cancel)).TrimStart('\uFEFF');
        return await blobs.Put(Encoding.UTF8.GetBytes(dressing.Dress(page, scripts)), cancel);
    }

    private async Task<IReadOnlyList<string>> Scripts(IEnumerable<(string Path, RoomFile File)> files, CancellationToken cancel)
    {
        var scripts = new List<string>();
        foreach (var (_, file) in files.Where(file => PageDressing.IsScript(file.Path) && file.File.Size <= CompressUpTo))
        {
            scripts.Add(Encoding.UTF8.GetString(await blobs.Bytes(file.Sha256, cancel)));
        }

        return scripts;
    }

    private async Task<PublishedFile> Compressed(string path, Blob blob, string contentType, CancellationToken cancel)
    {
        if (blob.Size is < CompressFrom or > CompressUpTo || !IsCompressible(contentType))
        {
            return new PublishedFile(path, blob.Sha256, blob.Size, contentType, null, null);
        }

        var bytes = await blobs.Bytes(blob.Sha256, cancel);
        var best = blob.Size <= BestUpTo;
        var brotli = await Keep(bytes, stream => new BrotliStream(stream, best ? CompressionLevel.SmallestSize
            : CompressionLevel.Optimal, leaveOpen: true), cancel);
        var gzip = await Keep(bytes, stream => new GZipStream(stream, CompressionLevel.SmallestSize, leaveOpen: true), cancel);
        return new PublishedFile(path, blob.Sha256, blob.Size, contentType, brotli, gzip);
    }

    /// <summary>The compressed form's hash, unless it saves next to nothing.</summary>
    private async Task<string?> Keep(byte[] bytes, Func<Stream, Stream> compress, CancellationToken cancel)
    {
        var target = new MemoryStream();
        await using (var stream = compress(target))
        {
            await stream.WriteAsync(bytes, cancel);
        }

        return target.Length < bytes.Length * 0.95 ? (await blobs.Put(target.ToArray(), cancel)).Sha256 : null;
    }

    private static bool IsCompressible(string contentType) =>
        contentType.StartsWith("text/", StringComparison.Ordinal) || contentType.Contains("json", StringComparison.Ordinal)
        || contentType.Contains("javascript", StringComparison.Ordinal) || contentType.Contains("xml", StringComparison.Ordinal)
        || contentType is "application/wasm" or "font/ttf" or "font/otf" or "model/gltf-binary";
}
