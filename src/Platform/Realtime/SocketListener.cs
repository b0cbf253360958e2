using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;

namespace Remix.Platform.Realtime;

/// <summary>A listener on a WebSocket: joined frames go to its stream in one write.</summary>
internal sealed class SocketListener(ConnectionContext connection, WebSocket socket, SharedStream stream, LiveChannel channel,
    string member, string userId, bool speaks, long afterSeq)
    : Listener(channel, member, userId, afterSeq), IPulse
{
    private const long SayEveryMs = 200;

    private long saidAt;

    /// <summary>Whether what it says in passing is passed on.</summary>
    public bool Speaks { get; set; } = speaks;

    /// <summary>What comes faster than anybody could follow is let go: each frame takes a place in everybody's ring.</summary>
    public bool MaySayNow()
    {
        var now = Environment.TickCount64;
        if (now - saidAt < SayEveryMs)
        {
            return false;
        }

        saidAt = now;
        return true;
    }

    protected override bool TakesBatches => true;

    protected override ValueTask WriteBatch(byte[] frames) => stream.WriteAsync(frames);

    protected override ValueTask WriteFrames(IReadOnlyList<Frame> frames) => stream.WriteAsync(Joined(frames));

    public override async ValueTask Close(CloseReason reason)
    {
        try
        {
            // CloseOutput, not Close: the reading loop hears the answer.
            await socket.CloseOutputAsync((WebSocketCloseStatus)reason.Code, reason.Text, CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            Abort();
        }
    }

    public override void Abort() => connection.Abort();

    public void Beat()
    {
        if (Environment.TickCount64 - stream.HeardAt > LiveHub.SilenceMax.TotalMilliseconds)
        {
            Abort();
        }
        else if (!IsClosing && WritingSince == 0)
        {
            _ = SendPing();
        }
    }

    private async Task SendPing()
    {
        try
        {
            await stream.WriteAsync(Frame.Ping);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            Abort();
        }
    }

    private static byte[] Joined(IReadOnlyList<Frame> frames)
    {
        var joined = new byte[frames.Sum(frame => frame.Bytes.Length)];
        var offset = 0;
        foreach (var frame in frames)
        {
            frame.Bytes.CopyTo(joined, offset);
            offset += frame.Bytes.Length;
        }

        return joined;
    }
}
