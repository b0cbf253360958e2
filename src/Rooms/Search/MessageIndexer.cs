using System.Text.Json;
using Microsoft.Extensions.Logging;
using Remix.Platform.Events;
using Remix.Platform.Search;

namespace Remix.Rooms.Search;

/// <summary>Follows the log and keeps what is said findable: after the commit, in batches, so that no sender waits for it.</summary>
internal sealed class MessageIndexer(
    EventLog events, Signals signals, SearchIndex index, SearchableMessages messages, ILogger<MessageIndexer> log)
    : LogFollower(events, signals, log)
{
    private readonly EventLog events = events;
    private readonly TaskCompletionSource following = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A larger batch is written with less work, and is still found well within a second.</summary>
    protected override TimeSpan Pace => TimeSpan.FromMilliseconds(250);

    protected override IReadOnlyList<string> Kinds => [RoomEvents.Message, RoomEvents.MessageEdited, RoomEvents.MessagePending];

    /// <summary>From when on nothing new can be missed, so that what was there before can be gathered.</summary>
    public Task Following => following.Task;

    protected override async Task<long> Start(CancellationToken stop)
    {
        var newest = await events.LastId();
        var position = await index.Position();
        if (position > newest)
        {
            // It was made from another database than this one.
            await index.Forget();
            position = null;
        }

        if (position is null)
        {
            position = newest;
            await index.Apply(new SearchBatch([], []) { Position = newest });
        }

        following.TrySetResult();
        return position.Value;
    }

    protected override async Task Take(IReadOnlyList<LogEvent> batch, CancellationToken stop)
    {
        var said = batch.Select(MessageIdOf).OfType<Guid>().ToHashSet();
        if (said.Count > 0)
        {
            await Refresh(said, batch[^1].Id);
        }
    }

    /// <summary>Reads messages anew, and finds or forgets them by what they are now.</summary>
    public async Task Refresh(IReadOnlyCollection<Guid> messageIds, long? position = null)
    {
        var entries = await messages.Of(messageIds);
        var found = entries.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
        await index.Apply(new SearchBatch(entries, [.. messageIds.Select(SearchableMessages.KeyOf).Where(key => !found.Contains(key))])
        {
            Position = position,
        });
        await Learn(entries);
    }

    public Task Learn(IReadOnlyCollection<SearchEntry> entries) =>
        index.Learn(SearchableMessages.Kind, [.. entries.SelectMany(entry => entry.Words)]);

    private static Guid? MessageIdOf(LogEvent logged)
    {
        using var payload = JsonDocument.Parse(logged.Payload);
        return payload.RootElement.TryGetProperty("message_id", out var id) && id.TryGetGuid(out var messageId) ? messageId : null;
    }
}
