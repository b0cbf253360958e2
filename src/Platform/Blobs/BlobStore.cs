using System.Security.Cryptography;
using Remix.Platform.Faults;
using Remix.Platform.Settings;

namespace Remix.Platform.Blobs;

/// <summary>A stored file: lower-case hex SHA-256 of its bytes, and how many there are.</summary>
public readonly record struct Blob(string Sha256, long Size);

/// <summary>
/// Files by their hash. A blob is whole and on disk before <see cref="Put(Stream, long, CancellationToken)"/> returns,
/// and never changes; the same bytes are kept once.
/// </summary>
public sealed class BlobStore
{
    private const int BufferBytes = 64 * 1024;

    private readonly string root;
    private readonly string incoming;

    public BlobStore(RemixSettings settings)
    {
        root = Path.Combine(settings.DataDirectory, "blobs");
        incoming = IncomingOf(settings);
        Directory.CreateDirectory(root);
        Directory.CreateDirectory(incoming);

        // What a killed process left half-written belongs to nobody. Others may use the directory: so not what is new.
        foreach (var leftover in Directory.EnumerateFiles(incoming).Where(IsOld))
        {
            File.Delete(leftover);
        }
    }

    /// <summary>Deletes everything half-written: for who knows that nobody else uses the directory.</summary>
    internal static void Sweep(RemixSettings settings)
    {
        foreach (var leftover in Directory.Exists(IncomingOf(settings)) ? Directory.GetFiles(IncomingOf(settings)) : [])
        {
            File.Delete(leftover);
        }
    }

    /// <summary>Stores a stream. Throws 413 when it is longer than <paramref name="bytesMax"/>; then nothing is left.</summary>
    public async Task<Blob> Put(Stream content, long bytesMax, CancellationToken cancel)
    {
        var temporary = Path.Combine(incoming, Guid.NewGuid().ToString("n"));
        try
        {
            var blob = await Receive(content, temporary, bytesMax, cancel);
            Keep(temporary, blob);
            return blob;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public Task<Blob> Put(ReadOnlyMemory<byte> content, CancellationToken cancel) =>
        Put(new MemoryStream(content.ToArray(), writable: false), long.MaxValue, cancel);

    public Stream Open(string sha256) => new FileStream(PathOf(sha256), FileMode.Open, FileAccess.Read,
        FileShare.Read | FileShare.Delete, BufferBytes, FileOptions.Asynchronous | FileOptions.SequentialScan);

    public Task<byte[]> Bytes(string sha256, CancellationToken cancel) => File.ReadAllBytesAsync(PathOf(sha256), cancel);

    public bool Exists(string sha256) => File.Exists(PathOf(sha256));

    /// <summary>Where the bytes lie, for sending them straight from the disk.</summary>
    public string PathOf(string sha256) => sha256.Length == 64 && sha256.AsSpan().IndexOfAnyExcept("0123456789abcdef") < 0
        ? Path.Combine(root, sha256[..2], sha256)
        : throw new ArgumentException("A blob is named by 64 hexadecimal digits.", nameof(sha256));

    /// <summary>Every stored blob that is older than the given age, for the sweep that removes what nothing names.</summary>
    public IEnumerable<string> OlderThan(TimeSpan age) => Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
        .Where(path => DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > age)
        .Select(path => Path.GetFileName(path));

    public void Delete(string sha256) => File.Delete(PathOf(sha256));

    private static string IncomingOf(RemixSettings settings) => Path.Combine(settings.DataDirectory, "incoming");

    private static bool IsOld(string path) => DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > TimeSpan.FromHours(1);

    private static async Task<Blob> Receive(Stream content, string path, long bytesMax, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
        var buffer = new byte[BufferBytes];
        long size = 0;
        int read;
        while ((read = await content.ReadAsync(buffer, cancel)) > 0)
        {
            size += read;
            if (size > bytesMax)
            {
                throw Fault.TooLarge($"The file is larger than {bytesMax / (1024 * 1024)} MB", "Nothing was stored. Send a smaller file.");
            }

            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancel);
        }

        file.Flush(flushToDisk: true);
        return new Blob(Convert.ToHexStringLower(hash.GetHashAndReset()), size);
    }

    private void Keep(string temporary, Blob blob)
    {
        var path = PathOf(blob.Sha256);
        if (File.Exists(path))
        {
            // Touched, so that a sweep under way does not take what was just asked for again.
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            return;
        }

        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            DiskSync.Directory(root);
        }

        File.Move(temporary, path, overwrite: true);
        DiskSync.Directory(folder);
    }
}
