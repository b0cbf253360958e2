namespace Remix.Platform.Realtime;

/// <summary>
/// Somebody who hears a channel: first what the log has after the number it named, then what the ring gets, without a
/// gap and without a repeat. At most one write is under way.
/// </summary>
internal abstract class Listener(LiveChannel channel, string member, string userId, long afterSeq)
{
    private long position = -1;
    private int draining = 1;
    private long writingSince;

    public LiveChannel Channel { get; } = channel;

    /// <summary>Who listens: an agent's id, or a user's.</summary>
    public string Member { get; } = member;

    public string UserId { get; } = userId;

    /// <summary>The number up to which everything was written.</summary>
    public long Seq { get; private set; } = afterSeq;

    /// <summary>Where it goes on in the ring; negative while it reads the log.</summary>
    public long Position => Volatile.Read(ref position);

    /// <summary>When the write under way began, in milliseconds of the process's clock; 0 when none is.</summary>
    public long WritingSince => Volatile.Read(ref writingSince);

    /// <summary>Fell off the ring, or was told to go: nothing more is written.</summary>
    public bool IsClosing { get; private set; }

    protected abstract ValueTask WriteBatch(byte[] frames);

    protected abstract ValueTask WriteFrames(IReadOnlyList<Frame> frames);

    protected abstract bool TakesBatches { get; }

    /// <summary>Ends the connection with a code that says what to do next.</summary>
    public abstract ValueTask Close(CloseReason reason);

    /// <summary>Ends it without ceremony: the other side does not read.</summary>
    public abstract void Abort();

    /// <summary>
    /// Takes its place in the ring, when it lacks nothing that is older: who comes or goes while the hello is made is heard.
    /// </summary>
    public void Enter() => position = Channel.PositionAfter(Seq) ?? -1;

    /// <summary>Begins to write: after the hello, which comes first whatever happens meanwhile.</summary>
    public void Start()
    {
        Volatile.Write(ref draining, 0);
        Notify();
    }

    public void Notify()
    {
        if (Interlocked.Exchange(ref draining, 2) == 0)
        {
            _ = Drain();
        }
    }

    public async ValueTask CloseOnce(CloseReason reason)
    {
        if (!IsClosing)
        {
            IsClosing = true;
            await Close(reason);
        }
    }

    private async Task Drain()
    {
        try
        {
            do
            {
                Volatile.Write(ref draining, 1);
                while (!IsClosing && await WriteSome())
                {
                }
            }
            while (Interlocked.CompareExchange(ref draining, 0, 1) != 1);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            Abort();
        }
        catch (Exception e) when (Data.DatabaseKind.IsUnavailable(e))
        {
            await CloseOnce(CloseReason.TryAgain);
        }
    }

    private async ValueTask<bool> WriteSome()
    {
        if (position < 0)
        {
            Channel.Admit(this);
        }

        if (position < 0)
        {
            var page = await Channel.Backfill(Seq);
            if (page.Count > 0)
            {
                await Timed(WriteFrames(page));
                Seq = page[^1].Seq;
            }

            return page.Count > 0;
        }

        if (position == Channel.Head)
        {
            return false;
        }

        if (TakesBatches && Channel.Batch(position, out var to) is { } bytes)
        {
            await Timed(WriteBatch(bytes));
            position = to;
            return true;
        }

        if (!TakesBatches && Channel.Frames(position, out to) is { } frames)
        {
            await Timed(WriteFrames(frames));
            position = to;
            return true;
        }

        await CloseOnce(CloseReason.TooSlow);
        return false;
    }

    private async ValueTask Timed(ValueTask write)
    {
        if (!write.IsCompletedSuccessfully)
        {
            Volatile.Write(ref writingSince, Environment.TickCount64);
            await write;
            Volatile.Write(ref writingSince, 0);
        }
    }
}

/// <summary>Why the server ends a connection: WebSocket close code, and the sentence with it.</summary>
internal sealed record CloseReason(int Code, string Text)
{
    public static readonly CloseReason Unauthorized = new(4001, "authenticate: send {\"type\":\"auth\",\"token\":\"…\"} first");
    public static readonly CloseReason Forbidden = new(4003, "no longer allowed in this room");
    public static readonly CloseReason BadFrame = new(4000, "frames are JSON objects with a type");
    public static readonly CloseReason TooSlow = new(4008, "too slow: reconnect with after_seq");
    public static readonly CloseReason TryAgain = new(1013, "try again: reconnect with after_seq");
    public static readonly CloseReason Restarting = new(1012, "restarting: reconnect with after_seq");
}
