using Remix.Platform.Events;

namespace Remix.Platform.Realtime;

/// <summary>
/// One channel that somebody listens to: the tail of its log as encoded frames in a ring, and the listeners, each with
/// a place of its own in it. Nothing is queued per listener; one that falls off the ring is closed and resumes by number.
/// </summary>
internal sealed class LiveChannel(string name, EventLog events)
{
    public const int RingSize = 1024;

    private const int PageMax = 500;
    private const int BatchBytesMax = 64 * 1024;

    private readonly Frame?[] ring = new Frame?[RingSize];
    private readonly Lock gate = new();
    private readonly HashSet<Listener> listeners = [];
    private readonly Dictionary<string, int> present = new(StringComparer.Ordinal);
    private Listener[]? snapshot;
    private long head;
    private long oldestSeq;
    private int pumping;
    private (long From, long To, byte[] Bytes) batch;

    public string Name { get; } = name;

    public long LastSeq { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>Reads where the log stands; called once, before anybody listens.</summary>
    public async Task Open()
    {
        LastSeq = await events.LastSeq(Name);
        oldestSeq = LastSeq + 1;
    }

    /// <summary>
    /// The number after which somebody goes on: the newest unless it names one, and never one that is still to come. The
    /// log may be ahead of the ring, and so may be who has read there.
    /// </summary>
    public async ValueTask<long> PlaceAfter(long? asked) =>
        asked is { } seq && seq > LastSeq ? Math.Min(seq, Math.Max(LastSeq, await events.LastSeq(Name))) : asked ?? LastSeq;

    /// <summary>False when the channel was just closed for want of listeners: ask the hub again.</summary>
    /// <param name="isFirst">Whether the member had no other connection.</param>
    public bool Add(Listener listener, out bool isFirst)
    {
        lock (gate)
        {
            isFirst = false;
            if (IsClosed)
            {
                return false;
            }

            listeners.Add(listener);
            snapshot = null;
            isFirst = !present.TryGetValue(listener.Member, out var count);
            present[listener.Member] = count + 1;
            return true;
        }
    }

    /// <summary>Takes a listener out. Returns whether it was its member's last.</summary>
    public bool Remove(Listener listener)
    {
        lock (gate)
        {
            if (!listeners.Remove(listener))
            {
                return false;
            }

            snapshot = null;
            IsClosed = listeners.Count == 0;
            if (--present[listener.Member] > 0)
            {
                return false;
            }

            present.Remove(listener.Member);
            return true;
        }
    }

    public Listener[] Listeners()
    {
        lock (gate)
        {
            return snapshot ??= [.. listeners];
        }
    }

    public int Count
    {
        get
        {
            lock (gate)
            {
                return listeners.Count;
            }
        }
    }

    /// <summary>The members that have a connection.</summary>
    public IReadOnlyList<string> Present()
    {
        lock (gate)
        {
            return [.. present.Keys];
        }
    }

    /// <summary>
    /// Where a listener that has everything up to a number goes on in the ring; null when it must read the log first. So
    /// must one that has more than the ring: what it has read there already would come to it once more.
    /// </summary>
    public long? PositionAfter(long seq)
    {
        lock (gate)
        {
            if (seq == LastSeq)
            {
                return head;
            }

            if (seq > LastSeq || seq + 1 < oldestSeq)
            {
                return null;
            }

            for (var at = Math.Max(0, head - RingSize); at < head; at++)
            {
                if (ring[at % RingSize] is { Seq: > 0 } frame && frame.Seq > seq)
                {
                    return at;
                }
            }

            return null;
        }
    }

    public long Head => Volatile.Read(ref head);

    /// <summary>The frames from a place on, as many as one write takes; null when the place has fallen off the ring.</summary>
    public byte[]? Batch(long from, out long to)
    {
        lock (gate)
        {
            to = from;
            if (from < head - RingSize)
            {
                return null;
            }

            if (batch.From == from && batch.To == head)
            {
                to = batch.To;
                return batch.Bytes;
            }

            var bytes = 0;
            while (to < head && bytes < BatchBytesMax)
            {
                bytes += ring[to++ % RingSize]!.Bytes.Length;
            }

            var joined = new byte[bytes];
            var offset = 0;
            for (var at = from; at < to; at++)
            {
                var frame = ring[at % RingSize]!.Bytes;
                frame.CopyTo(joined, offset);
                offset += frame.Length;
            }

            batch = (from, to, joined);
            return joined;
        }
    }

    /// <summary>The same as single frames, for those that encode them in another way.</summary>
    public List<Frame>? Frames(long from, out long to)
    {
        lock (gate)
        {
            to = from;
            if (from < head - RingSize)
            {
                return null;
            }

            var frames = new List<Frame>((int)(head - from));
            while (to < head)
            {
                frames.Add(ring[to++ % RingSize]!);
            }

            return frames;
        }
    }

    /// <summary>Says something in passing to all who listen now.</summary>
    public void Say(Frame frame)
    {
        lock (gate)
        {
            Append(frame);
        }

        Notify();
    }

    /// <summary>The log has grown: read on and pass on. Calls that come while one is at it are folded into it.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref pumping, 2) == 0)
        {
            _ = Task.Run(Pump);
        }
    }

    private async Task Pump()
    {
        do
        {
            Volatile.Write(ref pumping, 1);
            List<LogEvent> page;
            do
            {
                page = await ReadOn();
                lock (gate)
                {
                    foreach (var logged in page)
                    {
                        Append(Frame.Of(logged));
                        LastSeq = logged.Seq;
                    }
                }

                if (page.Count > 0)
                {
                    Notify();
                }
            }
            while (page.Count == PageMax);
        }
        while (Interlocked.CompareExchange(ref pumping, 0, 1) != 1);
    }

    private async Task<List<LogEvent>> ReadOn()
    {
        try
        {
            return await events.Read(Name, LastSeq, PageMax);
        }
        catch (Exception e) when (Data.DatabaseKind.IsUnavailable(e))
        {
            // The next event, or the hub's next tick, wakes it again; the log keeps what is missing.
            return [];
        }
    }

    private void Append(Frame frame)
    {
        if (ring[head % RingSize] is { Seq: > 0 } overwritten)
        {
            oldestSeq = overwritten.Seq + 1;
        }

        ring[head % RingSize] = frame;
        head++;
    }

    private void Notify()
    {
        foreach (var listener in Listeners())
        {
            listener.Notify();
        }
    }

    /// <summary>A page of the log as frames, for a listener that is not at the ring yet.</summary>
    public async Task<List<Frame>> Backfill(long afterSeq) =>
        [.. (await events.Read(Name, afterSeq, PageMax)).Select(Frame.Of)];
}
