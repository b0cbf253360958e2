using System.Text.Json;
using Microsoft.Extensions.Logging;
using Remix.Creations;
using Remix.Platform.Events;

namespace Remix.Games.Remixes;

/// <summary>
/// Looks at whatever is published, so that a room's game stands on its shelves at once. What was published while nobody
/// followed becomes a game when somebody first plays it.
/// </summary>
internal sealed class RoomGameFollower(EventLog events, Signals signals, RoomGames rooms, ILogger<RoomGameFollower> log)
    : LogFollower(events, signals, log)
{
    private readonly EventLog events = events;

    protected override IReadOnlyList<string> Kinds => [CreationEvents.Published];

    protected override Task<long> Start(CancellationToken stop) => events.LastId();

    protected override async Task Take(IReadOnlyList<LogEvent> batch, CancellationToken stop)
    {
        foreach (var published in batch)
        {
            using var payload = JsonDocument.Parse(published.Payload);
            if (payload.RootElement.TryGetProperty("creation_id", out var value) && value.TryGetGuid(out var id))
            {
                await rooms.Look(id, stop);
            }
        }
    }
}
