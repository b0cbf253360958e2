using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Remix.Platform.Faults;
using Wakeups = Remix.Platform.Events.Signals;

namespace Remix.AgentCloud.CloudSignals;

/// <summary>Waiting for signals to be settled, on this node or another. A wake-up call may be lost; the row is not.</summary>
internal sealed class SignalWaits
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2), LookAgainMax = TimeSpan.FromSeconds(32);

    private readonly ConcurrentDictionary<string, Bell> bells = new(StringComparer.Ordinal);
    private readonly SignalStore signals;
    private readonly TimeProvider clock;
    private readonly IHostApplicationLifetime lifetime;

    public SignalWaits(SignalStore signals, Wakeups wakeups, TimeProvider clock, IHostApplicationLifetime lifetime)
    {
        (this.signals, this.clock, this.lifetime) = (signals, clock, lifetime);
        wakeups.Listen(SignalStore.Settled, Ring);
    }

    /// <summary>The signal once it is settled, or as it is when the time is up.</summary>
    public async Task<CloudSignal> Await(string id, TimeSpan patience, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, lifetime.ApplicationStopping);
        var started = clock.GetTimestamp();
        var bell = Enter(id);
        var pause = LookAgain;
        try
        {
            while (true)
            {
                // Taken before looking: what is settled after the look rings this one.
                var rung = bell.Rung;
                var signal = await signals.Get(id);
                var left = patience - clock.GetElapsedTime(started);
                if (signal.State != SignalState.Waiting || left <= TimeSpan.Zero)
                {
                    return signal;
                }

                // Less and less often: thousands may wait for long, and a lost call is rare.
                await Task.WhenAny(rung, Task.Delay(left < pause ? left : pause, clock, either.Token));
                pause = pause < LookAgainMax ? pause * 2 : pause;
                either.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new Fault(503, "STOPPING", "The server is stopping") { Hint = "Await the signal again; it is kept.", RetryAfter = 2 };
        }
        finally
        {
            Leave(id, bell);
        }
    }

    private Bell Enter(string id)
    {
        while (true)
        {
            var bell = bells.GetOrAdd(id, _ => new Bell());
            lock (bell)
            {
                if (bells.GetValueOrDefault(id) == bell)
                {
                    bell.Waiting++;
                    return bell;
                }
            }
        }
    }

    private void Leave(string id, Bell bell)
    {
        lock (bell)
        {
            if (--bell.Waiting == 0)
            {
                bells.TryRemove(id, out _);
            }
        }
    }

    private void Ring(string id)
    {
        if (id != Wakeups.Everything)
        {
            bells.GetValueOrDefault(id)?.Ring();
            return;
        }

        foreach (var bell in bells.Values)
        {
            bell.Ring();
        }
    }

    private sealed class Bell
    {
        private TaskCompletionSource rung = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Waiting { get; set; }

        public Task Rung => Volatile.Read(ref rung).Task;

        public void Ring() => Interlocked.Exchange(
            ref rung, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }
}
