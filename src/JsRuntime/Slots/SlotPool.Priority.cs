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

    /// <summary>Of a processor: who takes more for a call, and many of them, goes behind those whose calls are short.</summary>
    private const double ShortCallSeconds = 0.01;

    /// <summary>So often a tenant's processes may die at work, within a probation, before the next start waits.</summary>
    private const int DeathsMax = 2;

    /// <summary>Who is busy at so many looks in a row, at least half of that apart, stands back.</summary>
    private const int BusyTimes = 2;

    private static readonly TimeSpan BusyApart = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan PauseAfterDeaths = TimeSpan.FromMilliseconds(300);

    /// <summary>Who has called within so long is at work.</summary>
    private static readonly TimeSpan AtWork = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, (long At, int Deaths)> burners = new(StringComparer.Ordinal);
    private volatile bool isCrowded;

    /// <summary>Whether more than one tenant is at work.</summary>
    public bool IsCrowded => isCrowded;

    /// <summary>Of those at work, lets stand back who burns the processor for long, and puts last who does so in silence.</summary>
    public void WatchCalls()
    {
        List<Entry> working;
        lock (gate)
        {
            working = [.. all.Where(entry => entry.Calls > 0 || Stopwatch.GetElapsedTime(entry.LastUsed) < AtWork)];
            isCrowded = working.Select(entry => entry.Tenant).Distinct(StringComparer.Ordinal).Skip(1).Any();
        }

        foreach (var entry in working.Where(entry => entry is { IsLast: false, IsLeaving: false, Starting.IsCompletedSuccessfully: true }))
        {
            var slot = entry.Starting.Result;
            var isSilent = entry.Calls > 0 && slot.SecondsOfSilence() > BurntSecondsMax;
            var isBusy = entry.Processor.Measure(slot, BusyApart, entry.CallsEnded) >= BusyTimes;
            lock (gate)
            {
                if (isSilent)
                {
                    Blame(entry);
                    GoLast(entry, slot);
                }
                else if (isBusy && !entry.IsSlow)
                {
                    StandBack(entry, slot);
                }
            }
        }
    }

    /// <summary>Holds the gate.</summary>
    private void Blame(Entry entry, bool died = false) => burners[entry.Tenant] =
        (Stopwatch.GetTimestamp(), (IsOnProbation(entry.Tenant) ? burners[entry.Tenant].Deaths : 0) + (died ? 1 : 0));

    /// <summary>How long the next process of a tenant is waited with: to start them over and over costs all others.</summary>
    internal TimeSpan Pause(string tenant)
    {
        lock (gate)
        {
            return IsOnProbation(tenant) && burners[tenant].Deaths > DeathsMax ? PauseAfterDeaths : TimeSpan.Zero;
        }
    }

    /// <summary>Holds the gate.</summary>
    private void ForgetOldBlame()
    {
        foreach (var tenant in burners.Keys.Where(tenant => !IsOnProbation(tenant)).ToList())
        {
            burners.Remove(tenant);
        }
    }

    private static void StandBack(Entry entry, Slot slot)
    {
        entry.IsSlow = true;
        (entry.Processor.SecondsPerCall > ShortCallSeconds ? ProcessPriority.Last : ProcessPriority.Busy).Set(slot.ProcessId);
    }

    private static void GoLast(Entry entry, Slot slot)
    {
        (entry.IsLast, entry.IsSlow) = (true, true);
        ProcessPriority.Last.Set(slot.ProcessId);
    }

    /// <summary>Holds the gate.</summary>
    private bool IsOnProbation(string tenant) =>
        burners.TryGetValue(tenant, out var burnt) && Stopwatch.GetElapsedTime(burnt.At) < Probation;

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
