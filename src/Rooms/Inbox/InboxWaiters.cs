using Remix.Platform.Events;
using Remix.Platform.Realtime;

namespace Remix.Rooms.Inbox;

/// <summary>Those who wait for something to happen in one of their channels.</summary>
internal sealed class InboxWaiters
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, HashSet<InboxWaiter>> byChannel = new(StringComparer.Ordinal);
    private readonly HashSet<InboxWaiter> all = [];

    public InboxWaiters(Signals signals)
    {
        signals.Listen(EventLog.Appended, Wake);
        signals.Listen(LiveHub.AccessLost, Dismiss);
    }

    public InboxWaiter Enter(string agentId, string userId)
    {
        var waiter = new InboxWaiter(this, agentId, userId);
        lock (gate)
        {
            all.Add(waiter);
        }

        return waiter;
    }

    internal void Listen(InboxWaiter waiter, HashSet<string> before, HashSet<string> now)
    {
        lock (gate)
        {
            foreach (var left in before.Where(channel => !now.Contains(channel)))
            {
                Forget(waiter, left);
            }

            foreach (var entered in now.Where(channel => !before.Contains(channel)))
            {
                (byChannel.TryGetValue(entered, out var waiters) ? waiters : byChannel[entered] = []).Add(waiter);
            }
        }
    }

    internal void Leave(InboxWaiter waiter, HashSet<string> channels)
    {
        lock (gate)
        {
            all.Remove(waiter);
            foreach (var channel in channels)
            {
                Forget(waiter, channel);
            }
        }
    }

    private void Forget(InboxWaiter waiter, string channel)
    {
        if (byChannel.TryGetValue(channel, out var waiters) && waiters.Remove(waiter) && waiters.Count == 0)
        {
            byChannel.Remove(channel);
        }
    }

    private void Wake(string channel)
    {
        lock (gate)
        {
            foreach (var waiter in channel == Signals.Everything ? all : byChannel.GetValueOrDefault(channel) ?? [])
            {
                waiter.Wake();
            }
        }
    }

    private void Dismiss(string who)
    {
        lock (gate)
        {
            foreach (var waiter in all.Where(waiter => who == waiter.AgentId || who == waiter.UserId || who == Signals.Everything))
            {
                waiter.Dismiss();
            }
        }
    }
}

/// <summary>One who waits. It hears what happens from the moment it says where it listens.</summary>
internal sealed class InboxWaiter(InboxWaiters waiters, string agentId, string userId) : IDisposable
{
    private readonly SemaphoreSlim wake = new(0, 1);
    private HashSet<string> channels = new(StringComparer.Ordinal);

    public string AgentId { get; } = agentId;

    public string UserId { get; } = userId;

    /// <summary>Its token may no longer be good: it is not to be told anything more.</summary>
    public bool IsDismissed { get; private set; }

    public void ListenTo(HashSet<string> now)
    {
        waiters.Listen(this, channels, now);
        channels = now;
    }

    /// <summary>True when something has happened since it last was; false when the time is up.</summary>
    public Task<bool> Woken(TimeSpan within, CancellationToken cancel) => wake.WaitAsync(within, cancel);

    public void Wake()
    {
        if (wake.CurrentCount == 0)
        {
            wake.Release();
        }
    }

    public void Dismiss()
    {
        IsDismissed = true;
        Wake();
    }

    public void Dispose() => waiters.Leave(this, channels);
}
