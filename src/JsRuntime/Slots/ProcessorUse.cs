using System.Diagnostics;

namespace Remix.JsRuntime.Slots;

/// <summary>How long a process has kept a processor busy without rest, and how much of it one of its calls takes.</summary>
internal sealed class ProcessorUse
{
    /// <summary>Of one processor. Two spinning processes on one that is shared get half each.</summary>
    private const double BusyShare = 0.3;

    private double seconds;
    private long at, calls;
    private int times;

    /// <summary>Of a processor, as of the last measurement.</summary>
    public double SecondsPerCall { get; private set; }

    /// <summary>Returns at how many measurements in a row, at least so far apart, it was busy.</summary>
    /// <param name="callsEnded">How many calls it has answered so far.</param>
    public int Measure(Slot slot, TimeSpan apart, long callsEnded)
    {
        if (at != 0 && Stopwatch.GetElapsedTime(at) < apart * 0.5)
        {
            return times;
        }

        var now = slot.ProcessorSeconds();
        var share = at == 0 ? 0 : (now - seconds) / Stopwatch.GetElapsedTime(at).TotalSeconds;
        SecondsPerCall = (now - seconds) / Math.Max(1, callsEnded - calls);
        (seconds, at, calls) = (now, Stopwatch.GetTimestamp(), callsEnded);
        return times = share > BusyShare ? times + 1 : 0;
    }
}
