using System.Diagnostics;

namespace Remix.JsRuntime.Slots;

/// <summary>How long a process has kept a processor busy without rest.</summary>
internal sealed class ProcessorUse
{
    /// <summary>Of one processor. Two spinning processes on one that is shared get half each.</summary>
    private const double BusyShare = 0.3;

    private double seconds;
    private long at;
    private int times;

    /// <summary>Returns at how many measurements in a row, at least so far apart, it was busy.</summary>
    public int Measure(int processId, TimeSpan apart)
    {
        if (at != 0 && Stopwatch.GetElapsedTime(at) < apart * 0.5)
        {
            return times;
        }

        var now = ProcessTree.ProcessorSeconds(processId);
        var share = at == 0 ? 0 : (now - seconds) / Stopwatch.GetElapsedTime(at).TotalSeconds;
        (seconds, at) = (now, Stopwatch.GetTimestamp());
        return times = share > BusyShare ? times + 1 : 0;
    }
}
