namespace Remix.Creations.Serving;

/// <summary>One published version as it is served: paths to files, and in memory what is small and asked for often.</summary>
internal sealed class Site(Guid id, string roomId, string cover, IReadOnlyDictionary<string, SiteFile> files)
{
    public Guid Id { get; } = id;

    public string RoomId { get; } = roomId;

    public SiteFile? Cover => files.GetValueOrDefault(cover);

    /// <summary>The file an address means: itself, or the index.html of its folder. Worker code is never served.</summary>
    public SiteFile? Find(string path)
    {
        var relative = path.TrimStart('/');
        if (relative is "worker.js" or "cron.json")
        {
            return null;
        }

        return relative.Length == 0 || relative.EndsWith('/')
            ? files.GetValueOrDefault(relative + Scan.ScanSubject.EntryPoint)
            : files.GetValueOrDefault(relative);
    }
}

/// <summary>A file in the forms in which it may be sent.</summary>
internal sealed class SiteFile(PublishedFile file)
{
    public string Path { get; } = file.Path;

    public string ContentType { get; } = file.ContentType;

    public bool IsPage { get; } = file.ContentType.StartsWith("text/html", StringComparison.Ordinal);

    /// <summary>
    /// Whether a browser might run something in it, which is of everything but what is known to be only looked at, heard or
    /// read as data: that needs no policy, since the browser is told not to guess.
    /// </summary>
    public bool IsActive { get; } = !IsPassive(file.ContentType);

    public SiteVariant Plain { get; } = new(file.Sha256, file.Size, null);

    public SiteVariant? Brotli { get; } = file.Brotli is { } brotli ? new(brotli, null, "br") : null;

    public SiteVariant? Gzip { get; } = file.Gzip is { } gzip ? new(gzip, null, "gzip") : null;

    private static bool IsPassive(string type) =>
        (type.StartsWith("image/", StringComparison.Ordinal) && !type.Contains("svg", StringComparison.Ordinal))
        || type.StartsWith("font/", StringComparison.Ordinal) || type.StartsWith("audio/", StringComparison.Ordinal)
        || type.StartsWith("video/", StringComparison.Ordinal) || type.StartsWith("application/json", StringComparison.Ordinal)
        || type.StartsWith("text/css", StringComparison.Ordinal) || type.StartsWith("text/plain", StringComparison.Ordinal)
        || type.StartsWith("text/csv", StringComparison.Ordinal);

    public bool Varies => Brotli is not null || Gzip is not null;
}

/// <summary>The bytes of one encoding of a file; kept in memory once read, when small.</summary>
internal sealed class SiteVariant(string sha256, long? size, string? encoding)
{
    public const int InMemoryMax = 256 * 1024;

    public string Sha256 { get; } = sha256;

    public long? Size { get; } = size;

    public string? Encoding { get; } = encoding;

    public string ETag { get; } = $"\"{sha256}\"";

    public byte[]? Bytes { get; set; }
}
