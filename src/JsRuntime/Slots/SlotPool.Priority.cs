using System.Diagnostics;

namespace Remix.JsRuntime.Slots;

/// <content>Who burns the processor goes behind all others, and so does, for a while, what comes after him.</content>
internal sealed partial class SlotPool
{
    /// <summary>Processor time of one process in which it neither answered nor asked for anything: its event loop may stand still.</summary>
    private const double BurntSecondsMax = 0.2;

    /// <summary>Processor time that code may take when all its calls have ended.</summary>
    private const double RestSecondsMax = 0.6;

    /// <summary>So long a tenant goes last after it did that, in whatever process.</summary>
    private static readonly TimeSpan Probation = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, long> burners = new(StringComparer.Ordinal);

    /// <summary>Puts last what has calls under way, burns the processor, and is silent.</summary>
    public void WatchCalls()
    {
        List<Entry> called;
        lock (gate)
        {
            called = [.. all.Where(entry => entry is { Calls: > 0, IsLast: false, Starting.IsCompletedSuccessfully: true })];
        }

        foreach (var entry in called.Where(entry => entry.Starting.Result.SecondsOfSilence() > BurntSecondsMax))
        {
            lock (gate)
            {
                Blame(entry);
                GoLast(entry, entry.Starting.Result);
            }
        }
    }

    /// <summary>Holds the gate.</summary>
    private void Blame(Entry entry) => burners[entry.Tenant] = Stopwatch.GetTimestamp();

    /// <summary>Holds the gate.</summary>
    private void ForgetOldBlame()
    {
        foreach (var tenant in burners.Keys.Where(tenant => !IsOnProbation(tenant)).ToList())
        {
            burners.Remove(tenant);
        }
    }

    private static void GoLast(Entry entry, Slot slot)
    {
        (entry.IsLast, entry.IsSlow) = (true, true);
        ProcessPriority.Last.Set(slot.ProcessId);
    }

    /// <summary>Holds the gate.</summary>
    private bool IsOnProbation(string tenant) =>
        burners.TryGetValue(tenant, out var burnt) && Stopwatch.GetElapsedTime(burnt) < Probation;

    /// <summary>At rest, and long enough without offence, it is as others again, or makes room for one that is. Holds the gate.</summary>
    private void Pardon(Entry entry, Slot slot)
    {
        if (IsOnProbation(entry.Tenant))
        {
            return;
        }

        (entry.IsLast, entry.IsSlow) = (false, false);
        if (!ProcessPriority.Usual.Set(slot.ProcessId))
        {
            End(entry, "it had been slowed down");
        }
    }
}
