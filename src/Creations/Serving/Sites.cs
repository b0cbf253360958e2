using System.Collections.Concurrent;
using Remix.Platform.Blobs;
using Remix.Platform.Data;
using Remix.Platform.Events;

namespace Remix.Creations.Serving;

/// <summary>
/// Published versions by id. They never change, so what was read stays in memory, within bounds, until one is removed.
/// </summary>
internal sealed class Sites
{
    private const int SitesMax = 5_000;
    private const long BytesMax = 64 * 1024 * 1024;

    private readonly ConcurrentDictionary<Guid, Site> known = new();
    private readonly Database database;
    private readonly BlobStore blobs;
    private long bytesKept;

    public Sites(Database database, BlobStore blobs, Signals signals)
    {
        (this.database, this.blobs) = (database, blobs);
        signals.Listen(CreationEvents.Removed, Forget);
    }

    public bool TryGet(Guid id, out Site? site) => known.TryGetValue(id, out site);

    /// <summary>The version, read if need be; null when nothing was published under the id.</summary>
    public async Task<Site?> Load(Guid id)
    {
        var site = await Read(id);
        if (site is not null)
        {
            if (known.Count >= SitesMax)
            {
                Forget(Signals.Everything);
            }

            known[id] = site;
        }

        return site;
    }

    /// <summary>The bytes of a small file, kept for the next time; null for one that is sent from the disk.</summary>
    public async ValueTask<byte[]?> Bytes(SiteVariant variant, CancellationToken cancel)
    {
        if (variant.Bytes is { } kept)
        {
            return kept;
        }

        var length = variant.Size ?? new FileInfo(blobs.PathOf(variant.Sha256)).Length;
        if (length > SiteVariant.InMemoryMax)
        {
            return null;
        }

        var bytes = await blobs.Bytes(variant.Sha256, cancel);
        if (Interlocked.Add(ref bytesKept, bytes.Length) > BytesMax)
        {
            Forget(Signals.Everything);
        }

        variant.Bytes = bytes;
        return bytes;
    }

    private void Forget(string key)
    {
        if (Guid.TryParse(key, out var id))
        {
            known.TryRemove(id, out _);
        }
        else
        {
            known.Clear();
            Interlocked.Exchange(ref bytesKept, 0);
        }
    }

    private Task<Site?> Read(Guid id) => database.Read<Site?>(async session =>
    {
        var creation = await session.First("select room_id, cover from creations where id = $1 and status = 'published'",
            row => new { RoomId = row.GetString(0), Cover = row.GetString(1) }, id);
        if (creation is null)
        {
            return null;
        }

        var files = await session.Query("select path, sha256, size, content_type, brotli, gzip from creation_files where creation_id = $1",
            row => new SiteFile(new PublishedFile(row.GetString(0), row.GetString(1), row.GetInt64(2),
                row.GetString(3), row.Text(4), row.Text(5))), id);
        return new Site(id, creation.RoomId, creation.Cover, files.ToDictionary(file => file.Path, StringComparer.Ordinal));
    });
}
