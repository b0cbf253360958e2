using System.IO.Compression;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Zip;

/// <summary>Reads an entry and looks whether it is what it says: its length, its checksum.</summary>
internal sealed class CheckedStream(ZipArchiveEntry entry, ZipLimits limits) : Stream
{
    private readonly Stream inner = entry.Open();
    private Crc32 crc = new();
    private long count;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => entry.Length;

    public override long Position { get => count; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Checked(buffer, buffer.Length == 0 ? 0 : inner.Read(buffer), buffer.Length);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Wrong(e.Message);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            return Checked(buffer.Span, read, buffer.Length);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Wrong(e.Message);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Checked(ReadOnlySpan<byte> buffer, int read, int wanted)
    {
        count += read;
        crc.Add(buffer[..read]);
        return count > entry.Length ? throw Wrong("it is longer than it says")
            : read == 0 && wanted > 0 && (count < entry.Length || crc.Value != entry.Crc32) ? throw Wrong("its checksum is another") : read;
    }

    private Fault Wrong(string message) =>
        CheckedZip.Bad(limits, [new Issue("invalid_zip", [entry.FullName], $"It is damaged: {message}")]);
}
