using System.Buffers;
using System.IO.Pipelines;

namespace Remix.Platform.Realtime;

/// <summary>
/// A stream that a WebSocket and the broadcaster both write to: each write is whole frames and none interleave.
/// .NET's WebSocket writes each of its own frames in one call, which this relies on.
/// </summary>
internal sealed class SharedStream(IDuplexPipe transport) : Stream
{
    private readonly SemaphoreSlim gate = new(1, 1);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>When the other side was last heard, pongs included, in milliseconds of the process's clock.</summary>
    public long HeardAt { get; private set; } = Environment.TickCount64;

    /// <summary>
    /// Called again as soon as something was heard, so the time of the call is the time of hearing. A read into nothing
    /// waits until there is something.
    /// </summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        HeardAt = Environment.TickCount64;
        var read = await transport.Input.ReadAsync(cancellationToken);
        var length = (int)Math.Min(read.Buffer.Length, buffer.Length);
        var end = read.Buffer.GetPosition(length);
        read.Buffer.Slice(0, end).CopyTo(buffer.Span);
        transport.Input.AdvanceTo(end);
        return length;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var written = await transport.Output.WriteAsync(buffer, cancellationToken);
            if (written.IsCompleted)
            {
                throw new IOException("The other side is gone.");
            }
        }
        finally
        {
            gate.Release();
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            gate.Dispose();
        }

        base.Dispose(disposing);
    }
}
