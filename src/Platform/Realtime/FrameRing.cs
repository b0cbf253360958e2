namespace Remix.Platform.Realtime;

/// <summary>
/// The newest frames of a channel, by places that are counted from the first there ever was. Whoever uses it sees to it that
/// one does at a time.
/// </summary>
internal sealed class FrameRing
{
    public const int Size = 1024;

    private const int BatchBytesMax = 64 * 1024;

    private readonly Frame?[] frames = new Frame?[Size];
    private long head;
    private long restedAt;
    private (long From, long To, byte[] Bytes) batch;

    /// <summary>The place that the next frame gets.</summary>
    public long Head => Volatile.Read(ref head);

    /// <summary>The first place that is still here.</summary>
    public long Tail { get; private set; }

    /// <summary>The first number of the log of which nothing is missing here.</summary>
    public long OldestSeq { get; set; }

    public void Append(Frame frame)
    {
        if (head - Tail == Size)
        {
            DropOldest();
        }

        frames[head % Size] = frame;
        Volatile.Write(ref head, head + 1);
    }

    /// <summary>The place of the first event after a number; null when none is here.</summary>
    public long? PlaceAfter(long seq)
    {
        for (var at = Tail; at < head; at++)
        {
            if (frames[at % Size] is { Seq: > 0 } frame && frame.Seq > seq)
            {
                return at;
            }
        }

        return null;
    }

    /// <summary>The frames from a place on, as many as one write takes; null when the place has fallen off.</summary>
    public byte[]? Batch(long from, out long to)
    {
        to = from;
        if (from < Tail)
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
            bytes += frames[to++ % Size]!.Bytes.Length;
        }

        var joined = new byte[bytes];
        var offset = 0;
        for (var at = from; at < to; at++)
        {
            var frame = frames[at % Size]!.Bytes;
            frame.CopyTo(joined, offset);
            offset += frame.Length;
        }

        batch = (from, to, joined);
        return joined;
    }

    /// <summary>The same as single frames, for those that encode them in another way.</summary>
    public List<Frame>? Frames(long from, out long to)
    {
        to = from;
        if (from < Tail)
        {
            return null;
        }

        var found = new List<Frame>((int)(head - from));
        while (to < head)
        {
            found.Add(frames[to++ % Size]!);
        }

        return found;
    }

    /// <summary>Lets go of what came before the last such call, as far as nobody is at an earlier place.</summary>
    public void Rest(long earliest)
    {
        while (Tail < Math.Min(restedAt, earliest))
        {
            DropOldest();
        }

        restedAt = head;
        batch = default;
    }

    private void DropOldest()
    {
        ref var oldest = ref frames[Tail++ % Size];
        if (oldest is { Seq: > 0 })
        {
            OldestSeq = oldest.Seq + 1;
        }

        oldest = null;
    }
}
