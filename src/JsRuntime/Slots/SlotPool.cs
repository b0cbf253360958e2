using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Remix.JsRuntime.Slots;

/// <summary>
/// The processes alive, one a tenant: started when first wanted, ended when idle, when too many, or when lost.
/// </summary>
internal sealed partial class SlotPool(SlotPolicy policy, ILogger<SlotPool> logger) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly HashSet<Entry> all = [];
    private TaskCompletionSource room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool closed;

    /// <summary>
    /// A slot for one call; dispose it when the call is over. When one of a newer generation has started, the older gets no new
    /// calls, and ends when those under way have.
    /// </summary>
    public async Task<Lease> Rent(string tenant, long generation, Func<Task<Slot>> start, CancellationToken stop)
    {
        while (true)
        {
            var (entry, wait) = Take(tenant, generation, start);
            if (entry is null)
            {
                await wait.WaitAsync(stop);
                continue;
            }

            Slot slot;
            try
            {
                slot = await entry.Starting.WaitAsync(stop);
            }
            catch
            {
                Return(entry);
                throw;
            }

            if (!slot.IsDead)
            {
                return new Lease(this, entry, slot);
            }

            Drop(entry);
            Return(entry);
        }
    }

    private (Entry? Entry, Task Wait) Take(string tenant, long generation, Func<Task<Slot>> start)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            if (!entries.TryGetValue(tenant, out var entry) || entry.Generation < generation)
            {
                if (all.Count >= policy.LiveMax && !EvictOne())
                {
                    return (null, room.Task);
                }

                entry = new Entry(tenant, generation) { Before = entry };
                entries[tenant] = entry;
                all.Add(entry);
                entry.Starting = Begin(entry, start);
            }

            if (entry.Before is { IsLeaving: false, Starting.IsCompletedSuccessfully: true } before && before.Generation >= generation)
            {
                // The new one starts still: who does not ask for it need not wait for it.
                entry = before;
            }

            if (entry.Calls >= policy.CallsMax)
            {
                throw new JsUnavailableException($"More than {policy.CallsMax} calls at once: try again when some have ended");
            }

            entry.Calls++;
            return (entry, Task.CompletedTask);
        }
    }

    private async Task<Slot> Begin(Entry entry, Func<Task<Slot>> start)
    {
        try
        {
            await Task.Delay(Pause(entry.Tenant));
            var slot = await Task.Run(start);

            // At once, while its calls still wait for it: who dies with calls under way dies at work.
            _ = slot.Gone.ContinueWith(_ => Forget(entry), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            lock (gate)
            {
                if (IsOnProbation(entry.Tenant))
                {
                    GoLast(entry, slot);
                }
            }

            if (Replaces(entry) is { } before && slot.IsAlone)
            {
                await End(before);
            }

            return slot;
        }
        catch
        {
            Forget(entry);
            throw;
        }
    }

    /// <summary>Ends the slot that was unused for longest, of those that do nothing now. Holds the gate.</summary>
    private bool EvictOne()
    {
        var oldest = all.Where(entry => entry is { Calls: 0, IsLeaving: false, Starting.IsCompletedSuccessfully: true })
            .MinBy(entry => entry.LastUsed);
        if (oldest is null)
        {
            return false;
        }

        End(oldest, "another tenant needed its place");
        all.Remove(oldest);
        return true;
    }

    private void End(Entry entry, string verdict)
    {
        Leave(entry);
        entry.Starting.Result.Kill(verdict);
    }

    private void Leave(Entry entry)
    {
        entry.IsLeaving = true;
        if (entries.TryGetValue(entry.Tenant, out var current) && current == entry)
        {
            entries.Remove(entry.Tenant);
        }
    }

    private void NoteCode(Entry entry, string codeKey)
    {
        lock (gate)
        {
            if (entry.CodeKeys.Add(codeKey) && entry.CodeKeys.Count > policy.CodeKeysMax)
            {
                Leave(entry);
            }
        }
    }

    /// <summary>No call goes to it any more; those under way end in peace.</summary>
    private void Drop(Entry entry)
    {
        lock (gate)
        {
            Leave(entry);
        }
    }

    private void Forget(Entry entry)
    {
        lock (gate)
        {
            Leave(entry);
            all.Remove(entry);
            if (entry.Calls > 0 && entry.Starting.IsCompletedSuccessfully && !closed)
            {
                // Whoever died at work, or was made to, goes on so.
                Blame(entry, died: true);
            }

            if (entry.Before is { IsLeaving: false } before)
            {
                GoOn(entry, before);
            }

            Pulse();
        }
    }

    private void Return(Entry entry)
    {
        lock (gate)
        {
            entry.Calls--;
            entry.CallsEnded++;
            entry.LastUsed = Stopwatch.GetTimestamp();
            EndIfIdle(entry);
            if (entry.Calls == 0)
            {
                Pulse();
            }
        }
    }

    /// <summary>Asks one that was replaced to go, now that nobody waits for it: what it promised to finish it may finish.</summary>
    private void EndIfIdle(Entry entry)
    {
        if (entry is { Calls: 0, IsLeaving: true, Starting.IsCompletedSuccessfully: true })
        {
            entry.Starting.Result.Stop("it was replaced", policy.StopPatience);
        }
    }

    private void Pulse()
    {
        room.TrySetResult();
        room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Ends what idles, and what burns the processor for nobody; forgives what does no longer.</summary>
    public void Watch()
    {
        lock (gate)
        {
            ForgetOldBlame();
            ForgetPaces();
            foreach (var entry in all.Where(entry => entry.Starting.IsCompletedSuccessfully && !entry.IsLeaving).ToList())
            {
                var slot = entry.Starting.Result;
                if (entry.Calls == 0 && entry.SecondsAtRest() > RestSecondsMax)
                {
                    logger.LogWarning("The JavaScript of {Tenant} kept the processor busy after its calls had ended, and was ended", entry.Tenant);
                    End(entry, "it kept the processor busy after its calls had ended");
                }
                else if (entry.Calls == 0 && Stopwatch.GetElapsedTime(entry.LastUsed) > policy.IdleMax)
                {
                    End(entry, "nobody used it");
                }
                else if (entry.Calls == 0 && ProcessTree.MemoryBytes(slot.ProcessId) > policy.MemoryBytesMax)
                {
                    End(entry, "it held much memory for nobody");
                }
                else if (entry is { IsSlow: true, Calls: 0 })
                {
                    Pardon(entry, slot);
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] going;
        lock (gate)
        {
            closed = true;
            going = [.. all.Select(async entry =>
            {
                try
                {
                    await (await entry.Starting).DisposeAsync();
                }
                catch (JsUnavailableException)
                {
                    // It never started.
                }
            })];
        }

        await Task.WhenAll(going);
    }
}
