using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Remix.Platform.Realtime;

/// <summary>
/// Lets a connection go on without HTTP. What is kept for a request (headers, features, the frames of every middleware)
/// would stay in memory as long as a WebSocket is open, and is two fifths of what one costs; so the request ends with
/// its handshake, everything of it is forgotten, and the bare connection goes on.
/// </summary>
internal sealed class Handover
{
    private Func<ConnectionContext, Task<Task>>? goOn;
    private PipeWriter? output;
    private bool isConcluded;

    /// <summary>Serves every connection with HTTP, and what was handed over afterwards.</summary>
    public static ConnectionDelegate Around(ConnectionDelegate http) => async connection =>
    {
        if (await HandedOver(connection, http) is { } goOn)
        {
            await await goOn(connection);
        }
    };

    /// <summary>
    /// What to do with the request's connection once the request has ended: after its upgrade, and at once. It answers, when
    /// it has begun, what then goes on until the connection ends; what only the beginning needed is not held.
    /// </summary>
    public static void After(HttpContext context, Func<ConnectionContext, Task<Task>> goOn) =>
        (context.Features.Get<Handover>() ?? throw new InvalidOperationException("This connection cannot leave HTTP.")).goOn = goOn;

    /// <summary>
    /// Says a connection's last words, an answer whole with its headers, in place of HTTP: what HTTP says to it after that
    /// is dropped.
    /// </summary>
    public static void Conclude(IFeatureCollection connection, ReadOnlySpan<byte> answer)
    {
        if (connection.Get<Handover>() is { output: { } output, isConcluded: false } handover)
        {
            output.Write(answer);
            handover.isConcluded = true;
        }
    }

    /// <summary>In a method of its own, so that nothing of HTTP is held by what comes after it.</summary>
    private static async Task<Func<ConnectionContext, Task<Task>>?> HandedOver(ConnectionContext connection, ConnectionDelegate http)
    {
        var handover = new Handover();
        var heartbeat = new Heartbeat();
        connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(static beat => ((Heartbeat)beat).Beat(), heartbeat);
        await http(new HttpPart(connection, handover, heartbeat));
        heartbeat.Stop();
        return handover.goOn;
    }

    /// <summary>The connection as HTTP sees it: it can be handed over, and what it registers can be forgotten.</summary>
    private sealed class HttpPart : ConnectionContext
    {
        private readonly ConnectionContext connection;

        public HttpPart(ConnectionContext connection, Handover handover, Heartbeat heartbeat)
        {
            this.connection = connection;
            Features = new FeatureCollection(connection.Features);
            Features.Set(handover);
            Features.Set<IConnectionHeartbeatFeature>(heartbeat);
            handover.output = connection.Transport.Output;
            Transport = new OpenPipe(connection.Transport, handover);
        }

        public override IDuplexPipe Transport { get; set; }
        public override IFeatureCollection Features { get; }

        public override string ConnectionId
        {
            get => connection.ConnectionId;
            set => connection.ConnectionId = value;
        }

        public override IDictionary<object, object?> Items
        {
            get => connection.Items;
            set => connection.Items = value;
        }

        public override CancellationToken ConnectionClosed
        {
            get => connection.ConnectionClosed;
            set => connection.ConnectionClosed = value;
        }

        public override EndPoint? LocalEndPoint
        {
            get => connection.LocalEndPoint;
            set => connection.LocalEndPoint = value;
        }

        public override EndPoint? RemoteEndPoint
        {
            get => connection.RemoteEndPoint;
            set => connection.RemoteEndPoint = value;
        }

        public override void Abort(ConnectionAbortedException abortReason) => connection.Abort(abortReason);
    }

    private sealed class Heartbeat : IConnectionHeartbeatFeature
    {
        private volatile List<(Action<object> Action, object State)>? hearers = [];

        public void OnHeartbeat(Action<object> action, object state) => hearers?.Add((action, state));

        public void Beat() => hearers?.ForEach(static hearer => hearer.Action(hearer.State));

        public void Stop() => hearers = null;
    }

    /// <summary>A transport whose ends HTTP cannot complete once it was handed over.</summary>
    private sealed class OpenPipe(IDuplexPipe pipe, Handover handover) : IDuplexPipe
    {
        public PipeReader Input { get; } = new OpenReader(pipe.Input, handover);
        public PipeWriter Output { get; } = new OpenWriter(pipe.Output, handover);
    }

    private sealed class OpenReader(PipeReader reader, Handover handover) : PipeReader
    {
        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => reader.ReadAsync(cancellationToken);

        public override bool TryRead(out ReadResult result) => reader.TryRead(out result);

        public override void AdvanceTo(SequencePosition consumed) => reader.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => reader.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => reader.CancelPendingRead();

        public override void Complete(Exception? exception = null)
        {
            if (handover.goOn is null)
            {
                reader.Complete(exception);
            }
        }
    }

    private sealed class OpenWriter(PipeWriter writer, Handover handover) : PipeWriter
    {
        private byte[] dropped = [];

        public override bool CanGetUnflushedBytes => writer.CanGetUnflushedBytes;
        public override long UnflushedBytes => writer.UnflushedBytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) =>
            handover.isConcluded ? Dropped(sizeHint) : writer.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) =>
            handover.isConcluded ? Dropped(sizeHint) : writer.GetSpan(sizeHint);

        public override void Advance(int bytes)
        {
            if (!handover.isConcluded)
            {
                writer.Advance(bytes);
            }
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => writer.FlushAsync(cancellationToken);

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
            handover.isConcluded ? writer.FlushAsync(cancellationToken) : writer.WriteAsync(source, cancellationToken);

        public override void CancelPendingFlush() => writer.CancelPendingFlush();

        public override void Complete(Exception? exception = null)
        {
            if (handover.goOn is null)
            {
                writer.Complete(exception);
            }
        }

        private byte[] Dropped(int sizeHint) =>
            dropped.Length > 0 && dropped.Length >= sizeHint ? dropped : dropped = new byte[Math.Max(sizeHint, 4096)];
    }
}
