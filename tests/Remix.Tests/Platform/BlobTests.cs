using System.Security.Cryptography;
using Remix.Platform.Blobs;
using Remix.Platform.Faults;
using Remix.Platform.Settings;

namespace Remix.Tests.Platform;

public sealed class BlobTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("remix-blobs-").FullName;
    private readonly BlobStore blobs;

    public BlobTests() => blobs = new BlobStore(new RemixSettings { DataDirectory = folder });

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(1_000_000)]
    public async Task A_blob_is_named_by_its_hash_and_comes_back_whole(int size)
    {
        var bytes = RandomNumberGenerator.GetBytes(size);
        var blob = await blobs.Put(bytes, CancellationToken.None);
        Assert.Equal(new Blob(Convert.ToHexStringLower(SHA256.HashData(bytes)), size), blob);
        Assert.Equal(bytes, await blobs.Bytes(blob.Sha256, CancellationToken.None));
        await using var stream = blobs.Open(blob.Sha256);
        Assert.Equal(size, stream.Length);
    }

    [Fact]
    public async Task The_same_bytes_put_by_many_at_once_are_kept_once()
    {
        var bytes = RandomNumberGenerator.GetBytes(200_000);
        var put = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => blobs.Put(bytes, CancellationToken.None))));
        Assert.Single(put.Distinct());
        Assert.Single(Directory.EnumerateFiles(Path.Combine(folder, "blobs"), "*", SearchOption.AllDirectories));
        Assert.Equal(bytes, await blobs.Bytes(put[0].Sha256, CancellationToken.None));
        Nothing_is_left_half_written();
    }

    [Fact]
    public async Task What_is_too_large_or_breaks_off_leaves_nothing()
    {
        Assert.Equal(413, (await Assert.ThrowsAsync<Fault>(() => blobs.Put(new MemoryStream(new byte[101]), 100, CancellationToken.None))).Status);
        await Assert.ThrowsAsync<EndOfStreamException>(() => blobs.Put(new BreakingStream(), 1_000_000, CancellationToken.None));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder, "blobs"), "*", SearchOption.AllDirectories));
        Nothing_is_left_half_written();
        Assert.Equal(100, (await blobs.Put(new MemoryStream(new byte[100]), 100, CancellationToken.None)).Size);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("../../../../../../../../../../../../../../../../../../etc/passwd12")]
    [InlineData("ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789")]
    public void Only_a_hash_names_a_blob(string name) => Assert.Throws<ArgumentException>(() => blobs.PathOf(name));

    [Fact]
    public async Task The_sweep_sees_what_is_old_and_not_what_was_asked_for_again()
    {
        var (old, renewed) = (await blobs.Put(new byte[] { 1 }, CancellationToken.None), await blobs.Put(new byte[] { 2 }, CancellationToken.None));
        foreach (var blob in new[] { old, renewed })
        {
            File.SetLastWriteTimeUtc(blobs.PathOf(blob.Sha256), DateTime.UtcNow.AddDays(-2));
        }

        await blobs.Put(new byte[] { 2 }, CancellationToken.None);
        Assert.Equal([old.Sha256], blobs.OlderThan(TimeSpan.FromDays(1)));
        blobs.Delete(old.Sha256);
        Assert.False(blobs.Exists(old.Sha256));
        Assert.True(blobs.Exists(renewed.Sha256));
    }

    [Fact]
    public void What_a_killed_process_left_is_swept_at_the_next_start()
    {
        var (fresh, stale) = (Path.Combine(folder, "incoming", "fresh"), Path.Combine(folder, "incoming", "stale"));
        File.WriteAllText(fresh, "another node may be at it");
        File.WriteAllText(stale, "half");
        File.SetLastWriteTimeUtc(stale, DateTime.UtcNow.AddHours(-2));
        _ = new BlobStore(new RemixSettings { DataDirectory = folder });
        Assert.Equal([fresh], Directory.EnumerateFiles(Path.Combine(folder, "incoming")));
    }

    private void Nothing_is_left_half_written() => Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder, "incoming")));

    /// <summary>Gives some bytes and then fails, as a connection does.</summary>
    private sealed class BreakingStream : MemoryStream
    {
        private int reads;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ++reads < 4 ? ValueTask.FromResult(buffer.Length) : throw new EndOfStreamException();
    }
}
