using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Remix.Creations;
using Remix.Platform.Events;

namespace Remix.Feed.Public;

/// <summary>
/// Every creation the feed shows, in memory, newest first. It follows the log for what is published, and wake-up calls
/// for counters; readers get an immutable picture.
/// </summary>
internal sealed class FeedIndex(EventLog events, Signals signals, PublishedCreations creations, ILogger<FeedIndex> log)
    : LogFollower(events, signals, log)
{
    private readonly EventLog events = events;
    private readonly Signals signals = signals;
    private readonly ConcurrentDictionary<Guid, byte> stale = new();
    private readonly TaskCompletionSource loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim writing = new(1, 1);
    private FeedPicture picture = new([], 0);
    private int refreshing;

    public long Generation => Volatile.Read(ref picture).Generation;

    /// <summary>What the feed is now; waits for the first load.</summary>
    public async ValueTask<FeedPicture> Now()
    {
        if (!loaded.Task.IsCompletedSuccessfully)
        {
            await loaded.Task;
        }

        return Volatile.Read(ref picture);
    }

    protected override async Task<long> Start(CancellationToken stop)
    {
        var position = await events.LastId();
        signals.Listen(CreationEvents.CountersChanged, Refresh);
        signals.Listen(CreationEvents.Removed, Refresh);
        await LoadAll();
        loaded.TrySetResult();
        return position;
    }

    protected override async Task Take(IReadOnlyList<LogEvent> batch, CancellationToken stop)
    {
        // A publication may replace a version, so both change; the feed is small enough to be read again.
        if (batch.Any(logged => logged.Kind is CreationEvents.Published or CreationEvents.Archived))
        {
            await LoadAll();
        }
    }

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

    /// <summary>Reads counters anew, many wake-up calls at once.</summary>
    private void Refresh(string key)
    {
        if (Guid.TryParse(key, out var id))
        {
            stale[id] = 0;
        }
        else if (key != Signals.Everything)
        {
            return;
        }

        if (Interlocked.Exchange(ref refreshing, 1) == 0)
        {
            _ = Task.Run(() => RefreshStale(key == Signals.Everything));
        }
    }

    private async Task RefreshStale(bool everything)
    {
        try
        {
            Volatile.Write(ref refreshing, 0);
            if (everything)
            {
                await LoadAll();
                return;
            }

            await writing.WaitAsync();
            try
            {
                var changed = new Dictionary<Guid, FeedEntry?>();
                foreach (var id in stale.Keys)
                {
                    stale.TryRemove(id, out _);
                    changed[id] = await creations.Find(id) is { Live: true } creation ? new FeedEntry(creation) : null;
                }

                Show(picture.Newest.Select(entry => changed.TryGetValue(entry.Creation.Id, out var fresh) ? fresh : entry).OfType<FeedEntry>());
            }
            finally
            {
                writing.Release();
            }
        }
        catch (Exception e) when (Platform.Data.DatabaseKind.IsUnavailable(e))
        {
            log.LogWarning(e, "Counters of the feed could not be read; the next change brings them");
        }
    }

    private void Show(IEnumerable<FeedEntry> entries) => Volatile.Write(ref picture, new FeedPicture(
        [.. entries.OrderByDescending(entry => entry.Creation.PublishedAt).ThenByDescending(entry => entry.Creation.Id)], picture.Generation + 1));
}

/// <summary>The feed at one moment.</summary>
/// <param name="Generation">Grows with each change: what was made from another generation is stale.</param>
internal sealed record FeedPicture(IReadOnlyList<FeedEntry> Newest, long Generation);
