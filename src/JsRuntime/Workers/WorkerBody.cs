using System.Net;
using Remix.JsRuntime.Slots;

namespace Remix.JsRuntime.Workers;

/// <summary>
/// The body of a worker's answer, as it comes; of a 101, both directions. The process is lent until it ends or is disposed, which
/// cancels what the worker still makes. Of one that is silent the process is asked whether it lives, and ended when it does not.
/// </summary>
internal sealed class WorkerBody : HttpContent
{
    private readonly HttpContent inner;
    private readonly SlotPool.Lease lease;
    private readonly TimeSpan silence;
    private readonly TimeSpan patience;
    private int ended;

    /// <param name="silence">After so long without a byte the process is asked.</param>
    /// <param name="patience">How long it may take to answer that.</param>
    public WorkerBody(HttpContent inner, SlotPool.Lease lease, TimeSpan silence, TimeSpan patience)
    {
        (this.inner, this.lease, this.silence, this.patience) = (inner, lease, silence, patience);
        foreach (var (name, values) in inner.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new Watched(this, await inner.ReadAsStreamAsync(cancellationToken));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var body = await CreateContentReadStreamAsync(cancellationToken);
        await body.CopyToAsync(stream, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = inner.Headers.ContentLength ?? 0;
        return inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            End();
        }

        base.Dispose(disposing);
    }

    private void End()
    {
        if (Interlocked.Exchange(ref ended, 1) == 0)
        {
            lease.Dispose();
        }
    }

    private async Task<int> Wait(Task<int> reading, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await reading.WaitAsync(silence, stop);
            }
            catch (TimeoutException) when (!reading.IsCompleted)
            {
                if (!await lease.Slot.Answers(patience) && !reading.IsCompleted)
                {
                    lease.Kill("it fell silent within an answer");
                }
            }
        }
    }

    private sealed class Watched(WorkerBody body, Stream inner) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => inner.CanWrite;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var reading = inner.ReadAsync(buffer, cancellationToken);
            var read = reading.IsCompleted ? await reading : await body.Wait(reading.AsTask(), cancellationToken);
            if (read == 0 && buffer.Length > 0 && !CanWrite)
            {
                body.End();
            }

            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(buffer, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            inner.WriteAsync(buffer, offset, count, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override void Flush() => inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
                body.End();
            }

            base.Dispose(disposing);
        }
    }
}
