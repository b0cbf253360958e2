using Remix.Platform.Realtime;

namespace Remix.Tests.Platform;

public class FrameRingTests
{
    [Fact]
    public void At_rest_it_keeps_only_what_is_new_since_the_last_rest()
    {
        var ring = Ring(3);
        ring.Rest(ring.Head);
        Assert.Equal(0, ring.Tail);

        ring.Append(Said(4));
        ring.Rest(ring.Head);
        Assert.Equal((3, 4), (ring.Tail, ring.OldestSeq));
        Assert.Null(ring.Batch(0, out _));
        Assert.Null(ring.Frames(2, out _));
        Assert.Equal([4], ring.Frames(ring.PlaceAfter(3)!.Value, out var to)!.Select(frame => frame.Seq));
        Assert.Equal(ring.Head, to);

        ring.Rest(ring.Head);
        Assert.Equal((ring.Head, 5), (ring.Tail, ring.OldestSeq));
        Assert.Null(ring.PlaceAfter(3));
    }

    [Fact]
    public void Whoever_is_behind_keeps_what_it_lacks()
    {
        var ring = Ring(5);
        ring.Rest(2);
        ring.Rest(2);
        Assert.Equal((2, 3), (ring.Tail, ring.OldestSeq));
        Assert.Equal(Said(3).Bytes.Length * 3, ring.Batch(2, out _)!.Length);
    }

    [Fact]
    public void What_is_too_much_pushes_out_the_oldest()
    {
        var ring = Ring(FrameRing.Size + 2);
        ring.Append(Frame.Of("typing", 0, "{}", 0));
        Assert.Equal((3, 4), (ring.Tail, ring.OldestSeq));
        Assert.Null(ring.Batch(2, out _));
        Assert.Equal(FrameRing.Size, ring.Frames(3, out _)!.Count);
        ring.Rest(ring.Head);
        ring.Rest(ring.Head);
        Assert.Equal((ring.Head, FrameRing.Size + 3), (ring.Tail, ring.OldestSeq));
        ring.Append(Said(FrameRing.Size + 3));
        Assert.Equal(ring.Head - 1, ring.PlaceAfter(FrameRing.Size + 2));
    }

    private static FrameRing Ring(int count)
    {
        var ring = new FrameRing { OldestSeq = 1 };
        for (var seq = 1; seq <= count; seq++)
        {
            ring.Append(Said(seq));
        }

        return ring;
    }

    private static Frame Said(long seq) => Frame.Of("message", seq, "{}", 0);
}
