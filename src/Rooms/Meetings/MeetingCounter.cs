using Microsoft.Extensions.Logging;
using Remix.Platform.Data;
using Remix.Platform.Events;

namespace Remix.Rooms.Meetings;

/// <summary>Follows the log and counts meetings anew when one may have ended: its room is archived, or somebody has left it.</summary>
internal sealed class MeetingCounter(EventLog events, Signals signals, Database database, ILogger<MeetingCounter> log)
    : LogFollower(events, signals, log)
{
    private static readonly string[] Ends =
        [RoomEvents.MemberLeft, RoomEvents.RoomArchived, RoomEvents.RoomUnarchived, RoomEvents.RoomDeleted];

    private readonly EventLog events = events;

    protected override IReadOnlyList<string> Kinds => Ends;

    protected override Task<long> Start(CancellationToken stop) => events.LastId();

    protected override async Task Take(IReadOnlyList<LogEvent> batch, CancellationToken stop)
    {
        foreach (var roomId in batch.Select(logged => logged.Channel).Distinct(StringComparer.Ordinal))
        {
            var agents = await database.Read(session => session.Query(
                "select agent_id from meetings where room_id = $1 order by agent_id", row => row.GetString(0), roomId));
            if (agents.Count > 0)
            {
                await database.Write(async session =>
                {
                    foreach (var agentId in agents)
                    {
                        await MeetingStore.Recount(session, agentId);
                    }
                });
            }
        }
    }
}
