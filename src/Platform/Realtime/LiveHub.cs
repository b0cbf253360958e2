using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Remix.Platform.Events;
using Remix.Platform.Http;
using Remix.Platform.Text;

namespace Remix.Platform.Realtime;

/// <summary>All channels that somebody listens to, who is present in them, and the pulse that keeps connections honest.</summary>
public sealed class LiveHub(EventLog events, Signals signals, TimeProvider clock) : BackgroundService
{
    /// <summary>Signal whose key is a user or agent that may have lost access: its connections are closed.</summary>
    public const string AccessLost = "access-lost";

    private const string Dismissed = "dismissed";
    private const string Welcomed = "welcomed";

    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan GoodbyeMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StuckMax = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Lazy<Task<LiveChannel>>> channels = new(StringComparer.Ordinal);

    /// <summary>How many connections there are.</summary>
    public int Connections => Opened().Sum(channel => channel.Count);

    public static TimeSpan SilenceMax => 2 * Pulse;

    /// <summary>The members that have a connection to the channel, in this process.</summary>
    public IReadOnlyList<string> Present(string channel) =>
        Find(channel)?.Present() ?? [];

    /// <summary>Says something that is not kept (typing, say) to those who listen to a channel now.</summary>
    public void Say<T>(string channel, string kind, T data) =>
        Find(channel)?.Say(Frame.Of(kind, 0, RemixJson.Text(data), clock.NowMs()));

    /// <summary>Ends the connections of one member, or of all, to one channel, on every node.</summary>
    public void Dismiss(string channel, string member = Signals.Everything) => signals.Send(Dismissed, $"{channel} {member}");

    /// <summary>Who only listened has become a member: what its connections say in passing is passed on, on every node.</summary>
    public void Welcome(string channel, string member) => signals.Send(Welcomed, $"{channel} {member}");

    private void LetSpeak(string key)
    {
        if (key.Split(' ') is [var channel, var member])
        {
            foreach (var listener in (Find(channel)?.Listeners() ?? []).OfType<SocketListener>().Where(listener => listener.Member == member))
            {
                listener.Speaks = true;
            }
        }
    }

    private void CloseDismissed(string key)
    {
        if (key.Split(' ') is not [var channel, var member])
        {
            return;
        }

        foreach (var listener in Find(channel)?.Listeners() ?? [])
        {
            if (member == listener.Member || member == Signals.Everything)
            {
                _ = listener.CloseOnce(CloseReason.Forbidden);
            }
        }
    }

    private async Task<LiveChannel> Open(string name)
    {
        while (true)
        {
            var lazy = channels.GetOrAdd(name, key => new Lazy<Task<LiveChannel>>(() => OpenNew(key)));
            try
            {
                var channel = await lazy.Value;
                if (!channel.IsClosed)
                {
                    return channel;
                }
            }
            catch
            {
                channels.TryRemove(new(name, lazy));
                throw;
            }

            channels.TryRemove(new(name, lazy));
        }
    }

    /// <summary>Opens the channel and lets a new listener in, at the place that it asks for as far as there is one.</summary>
    internal async Task<T> Join<T>(string name, long? afterSeq, Func<LiveChannel, long, T> listen) where T : Listener
    {
        while (true)
        {
            var channel = await Open(name);
            var listener = listen(channel, await channel.PlaceAfter(afterSeq));
            if (channel.Add(listener, out var isFirst))
            {
                if (isFirst)
                {
                    SayPresence(listener, online: true);
                }

                return listener;
            }
        }
    }

    internal void Leave(Listener listener)
    {
        var channel = listener.Channel;
        var wasLast = channel.Remove(listener);
        if (channel.IsClosed)
        {
            if (channels.TryGetValue(channel.Name, out var lazy) && lazy.IsValueCreated
                && lazy.Value.IsCompletedSuccessfully && lazy.Value.Result == channel)
            {
                channels.TryRemove(new(channel.Name, lazy));
            }
        }
        else if (wasLast)
        {
            SayPresence(listener, online: false);
        }
    }

    private void SayPresence(Listener listener, bool online) =>
        Say(listener.Channel.Name, "presence", new { member = listener.Member, online });

    private async Task<LiveChannel> OpenNew(string name)
    {
        var channel = new LiveChannel(name, events);
        await channel.Open();
        channel.Wake();
        return channel;
    }

    private LiveChannel? Find(string name) =>
        channels.TryGetValue(name, out var lazy) && lazy.IsValueCreated && lazy.Value.IsCompletedSuccessfully ? lazy.Value.Result : null;

    private IEnumerable<LiveChannel> Opened() => channels.Values
        .Where(lazy => lazy.IsValueCreated && lazy.Value.IsCompletedSuccessfully).Select(lazy => lazy.Value.Result);

    private void Wake(string key)
    {
        if (key == Signals.Everything)
        {
            foreach (var channel in Opened())
            {
                channel.Wake();
            }
        }
        else
        {
            Find(key)?.Wake();
        }
    }

    private void DismissEverywhere(string who)
    {
        foreach (var listener in Opened().SelectMany(channel => channel.Listeners()))
        {
            if (who == listener.Member || who == listener.UserId)
            {
                _ = listener.CloseOnce(CloseReason.Unauthorized);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        signals.Listen(EventLog.Appended, Wake);
        signals.Listen(AccessLost, DismissEverywhere);
        signals.Listen(Dismissed, CloseDismissed);
        signals.Listen(Welcomed, LetSpeak);
        using var pulse = new PeriodicTimer(Pulse, clock);
        try
        {
            while (await pulse.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var channel in Opened())
                {
                    // A wake-up may have been lost, or come while the database could not be read.
                    channel.Wake();
                    Array.ForEach(channel.Listeners(), Check);
                    channel.Rest();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Fall through to saying goodbye.
        }
    }

    private static void Check(Listener listener)
    {
        var since = listener.WritingSince;
        if (since != 0 && Environment.TickCount64 - since > StuckMax.TotalMilliseconds)
        {
            listener.Abort();
        }
        else if (listener is IPulse it)
        {
            it.Beat();
        }
    }

    /// <summary>Tells every listener to come back, when the server stops; those who do not hear it are cut off.</summary>
    public async Task CloseAll()
    {
        var closing = Opened().SelectMany(channel => channel.Listeners()).ToList();
        await Task.WhenAny(Task.WhenAll(closing.Select(listener => listener.CloseOnce(CloseReason.Restarting).AsTask())), Task.Delay(GoodbyeMax));
        await Task.Delay(GoodbyeMax);
        foreach (var listener in Opened().SelectMany(channel => channel.Listeners()))
        {
            listener.Abort();
        }
    }
}

/// <summary>A connection that wants a sign of life now and then.</summary>
internal interface IPulse
{
    void Beat();
}
