using Microsoft.AspNetCore.Http;
using Remix.Platform.Data;
using Remix.Rooms.Reading;

namespace Remix.Rooms.Tasks;

/// <summary>Adds to what is told of rooms how many tasks they have, by status.</summary>
internal sealed class TaskFigures : RoomFigureSource
{
    public override async ValueTask Add(SqlSession session, IReadOnlyDictionary<string, RoomFigures> rooms, HttpRequest request,
        bool withDeliverables)
    {
        var counts = await session.Query(
            $"select room_id, status, count(*) from room_tasks where room_id in ({Places(rooms.Count)}) group by room_id, status",
            row => (RoomId: row.GetString(0), Status: row.GetString(1), Count: row.GetInt64(2)), [.. rooms.Keys]);
        foreach (var (roomId, status, count) in counts)
        {
            rooms[roomId].Tasks[status] = count;
        }
    }
}
