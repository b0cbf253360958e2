using Remix.Platform.Events;

namespace Remix.Platform.Realtime;

/// <summary>
/// One channel that somebody listens to: the tail of its log as encoded frames in a ring, and the listeners, each with
/// a place of its own in it. Nothing is queued per listener; one that falls off the ring is closed and resumes by number.
/// </summary>
internal sealed class LiveChannel(string name, EventLog events)
{
    private const int PageMax = 500;

    private readonly FrameRing ring = new();
    private readonly Lock gate = new();
    private readonly HashSet<Listener> listeners = [];
    private readonly Dictionary<string, int> present = new(StringComparer.Ordinal);
    private Listener[]? snapshot;
    private int pumping;

    public string Name { get; } = name;

    public long LastSeq { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>Reads where the log stands; called once, before anybody listens.</summary>
    public async Task Open()
    {
        LastSeq = await events.LastSeq(Name);
        ring.OldestSeq = LastSeq + 1;
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
            listener.Enter();
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
            return seq == LastSeq ? ring.Head
                : seq > LastSeq || seq + 1 < ring.OldestSeq ? null
                : ring.PlaceAfter(seq);
        }
    }

    public long Head => ring.Head;

    /// <summary>The frames from a place on, as many as one write takes; null when the place has fallen off the ring.</summary>
    public byte[]? Batch(long from, out long to)
    {
        lock (gate)
        {
            return ring.Batch(from, out to);
        }
    }

    /// <summary>The same as single frames, for those that encode them in another way.</summary>
    public List<Frame>? Frames(long from, out long to)
    {
        lock (gate)
        {
            return ring.Frames(from, out to);
        }
    }

    /// <summary>Says something in passing to all who listen now.</summary>
    public void Say(Frame frame)
    {
        lock (gate)
        {
            ring.Append(frame);
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
                        ring.Append(Frame.Of(logged));
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

    /// <summary>
    /// Lets go of what came before the last such call, as far as all who listen have it: who needs it later reads the log.
    /// Thousands of rooms in which little is said would fill the memory otherwise.
    /// </summary>
    public void Rest()
    {
        lock (gate)
        {
            ring.Rest(listeners.Select(listener => listener.Position).Where(at => at >= 0).DefaultIfEmpty(ring.Head).Min());
        }
    }

    /// <summary>Lets a listener take its place in the ring, if it has everything that is older.</summary>
    public void Admit(Listener listener)
    {
        lock (gate)
        {
            listener.Enter();
        }
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
