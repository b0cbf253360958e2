using System.Buffers;
using System.Security.Cryptography;

namespace Remix.JsRuntime.Workers.Objects;

/// <summary>
/// The bytes of a bucket's objects, each a file whose name says nothing. A file is on disk before the index names it, and goes
/// after; what a crash left unnamed is swept when it is old.
/// </summary>
internal sealed class R2Bodies(string folder)
{
    /// <summary>Of an object that comes whole, or a part.</summary>
    public const long BytesMax = 256L * 1024 * 1024;

    private static readonly TimeSpan UnnamedFor = TimeSpan.FromHours(1);

    private int swept;

    /// <summary>Receives bytes and checks them against the checksums that are given.</summary>
    public async Task<R2Body> Receive(Stream from, IReadOnlyDictionary<string, byte[]> wanted, CancellationToken stop)
    {
        var hashes = wanted.Keys.Append("md5").Distinct(StringComparer.Ordinal)
            .ToDictionary(name => name, name => IncrementalHash.CreateHash(new HashAlgorithmName(name.ToUpperInvariant())), StringComparer.Ordinal);
        try
        {
            var (id, size) = await Write(async file =>
            {
                await Copy(from, file, BytesMax + 1, stop, part => hashes.Values.ToList().ForEach(hash => hash.AppendData(part)));
                return file.Length <= BytesMax ? file.Length : throw R2Exception.TooLarge();
            });
            var digests = hashes.ToDictionary(pair => pair.Key, pair => Convert.ToHexStringLower(pair.Value.GetCurrentHash()),
                StringComparer.Ordinal);
            if (wanted.FirstOrDefault(pair => digests[pair.Key] != Convert.ToHexStringLower(pair.Value)) is { Key: { } wrong })
            {
                Delete(id);
                throw R2Exception.BadDigest(wrong);
            }

            return new R2Body(id, size, digests);
        }
        finally
        {
            hashes.Values.ToList().ForEach(hash => hash.Dispose());
        }
    }

    /// <summary>One file of several, in order.</summary>
    public async Task<R2Body> Join(IReadOnlyList<string> ids, CancellationToken stop)
    {
        var (id, size) = await Write(async file =>
        {
            foreach (var part in ids)
            {
                await using var body = Open(part) ?? throw R2Exception.NoSuchPart();
                await body.CopyToAsync(file, stop);
            }

            return file.Length;
        });
        return new R2Body(id, size, new Dictionary<string, string>(StringComparer.Ordinal));
    }

    public FileStream? Open(string id)
    {
        try
        {
            return new FileStream(PathOf(id), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, useAsync: true);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Delete(string id) => File.Delete(PathOf(id));

    /// <summary>Deletes, once, what no row names and nobody can be writing any more.</summary>
    public void Sweep(R2Index index)
    {
        if (Interlocked.Exchange(ref swept, 1) == 1 || !Directory.Exists(folder))
        {
            return;
        }

        var named = index.Bodies();
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles()
            .Where(file => !named.Contains(file.Name) && DateTime.UtcNow - file.LastWriteTimeUtc > UnnamedFor))
        {
            file.Delete();
        }
    }

    public static async Task Copy(Stream from, Stream to, long most, CancellationToken stop, Action<byte[]>? look = null)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (most > 0 && await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, most)), stop) is > 0 and var read)
            {
                look?.Invoke(buffer[..read]);
                await to.WriteAsync(buffer.AsMemory(0, read), stop);
                most -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<(string Id, long Size)> Write(Func<FileStream, Task<long>> write)
    {
        Directory.CreateDirectory(folder);
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        try
        {
            await using var file = new FileStream(PathOf(id), FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0, useAsync: true);
            var size = await write(file);
            file.Flush(flushToDisk: true);
            return (id, size);
        }
        catch
        {
            Delete(id);
            throw;
        }
        finally
        {
            Platform.Blobs.DiskSync.Directory(folder);
        }
    }

    private string PathOf(string id) => Path.Combine(folder, id);
}
