using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Remix.Creations;
using Remix.Platform.Events;

namespace Remix.Feed.Public;

/// <summary>
/// Every creation the feed shows, in memory, newest first. It follows the log for what is published, and wake-up calls
/// for what changes; readers get an immutable picture. What was answered on this node before is in it.
/// </summary>
internal sealed class FeedIndex(EventLog events, Signals signals, PublishedCreations creations, ILogger<FeedIndex> log)
    : LogFollower(events, signals, log)
{
    private readonly EventLog events = events;
    private readonly Signals signals = signals;
    private readonly ConcurrentDictionary<Guid, byte> stale = new();
    private readonly TaskCompletionSource loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly Lock gate = new();
    private FeedPicture picture = new([], 0);
    private Task refresh = Task.CompletedTask;
    private bool isScheduled;
    private bool isAllStale;

    /// <summary>Of the picture; none while something is being read anew, since what was made from it is about to be stale.</summary>
    public long? Generation => Volatile.Read(ref refresh).IsCompleted ? Volatile.Read(ref picture).Generation : null;

    /// <summary>What the feed is now; waits for the first load, and for what is being read anew.</summary>
    public async ValueTask<FeedPicture> Now()
    {
        if (!loaded.Task.IsCompletedSuccessfully)
        {
            await loaded.Task;
        }

        if (Volatile.Read(ref refresh) is { IsCompleted: false } refreshing)
        {
            await refreshing;
        }

        return Volatile.Read(ref picture);
    }

    protected override IReadOnlyList<string> Kinds => [CreationEvents.Published, CreationEvents.Archived];

    protected override async Task<long> Start(CancellationToken stop)
    {
        var position = await events.LastId();
        signals.Listen(CreationEvents.Changed, Refresh);
        signals.Listen(CreationEvents.Removed, Refresh);
        await LoadAll();
        loaded.TrySetResult();
        return position;
    }

    /// <summary>A publication may replace a version, so both change; the feed is small enough to be read again.</summary>
    protected override Task Take(IReadOnlyList<LogEvent> batch, CancellationToken stop) => LoadAll();

    private async Task LoadAll()
    {
        await writing.WaitAsync();
        try
        {
            Show((await creations.Live()).Select(creation => new FeedEntry(creation)));
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Reads what changed anew, many wake-up calls at once.</summary>
    private void Refresh(string key)
    {
        lock (gate)
        {
            if (Guid.TryParse(key, out var id))
            {
                stale[id] = 0;
            }
            else
            {
                isAllStale = true;
            }

            if (!isScheduled)
            {
                isScheduled = true;
                Volatile.Write(ref refresh, Task.Run(RefreshStale));
            }
        }
    }

    private async Task RefreshStale()
    {
        bool everything;
        lock (gate)
        {
            (isScheduled, everything, isAllStale) = (false, isAllStale, false);
        }

        try
        {
            await (everything ? LoadAll() : LoadStale());
        }
        catch (Exception e)
        {
            // Readers wait for this: they get the picture there is, and the next change brings the rest.
            log.LogWarning(e, "What changed in the feed could not be read");
        }
    }

    private async Task LoadStale()
    {
        await writing.WaitAsync();
        try
        {
            var changed = new Dictionary<Guid, FeedEntry?>();
            foreach (var id in stale.Keys)
            {
                stale.TryRemove(id, out _);
                changed[id] = await creations.Find(id) is { Live: true } creation ? new FeedEntry(creation) : null;
            }

            Show(picture.Newest.Where(entry => !changed.ContainsKey(entry.Creation.Id)).Concat(changed.Values.OfType<FeedEntry>()));
        }
        finally
        {
            writing.Release();
        }
    }

    private void Show(IEnumerable<FeedEntry> entries) => Volatile.Write(ref picture, new FeedPicture(
        [.. entries.OrderByDescending(entry => entry.Creation.PublishedAt).ThenByDescending(entry => entry.Creation.Id)], picture.Generation + 1));
}

/// <summary>The feed at one moment.</summary>
/// <param name="Generation">Grows with each change: what was made from another generation is stale.</param>
internal sealed record FeedPicture(IReadOnlyList<FeedEntry> Newest, long Generation);
