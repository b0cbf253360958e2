using Microsoft.AspNetCore.Http;
using Remix.Platform.Data;
using Remix.Platform.Settings;
using Remix.Platform.Text;
using Remix.Rooms.Reading;

namespace Remix.Creations;

/// <summary>Adds to what is told of rooms how much they published, and what.</summary>
internal sealed class CreationFigures(RemixSettings settings) : RoomFigureSource
{
    private const int DeliverablesMax = 50;
    private const string IsLive = "live and archived_at is null and status = 'published'";

    public override async ValueTask Add(SqlSession session, IReadOnlyDictionary<string, RoomFigures> rooms, HttpRequest request,
        bool withDeliverables)
    {
        var (places, ids) = (Places(rooms.Count), rooms.Keys.ToArray<object?>());
        var counts = await session.Query(
            $"select room_id, count(*), count(featured_at) from creations where room_id in ({places}) and {IsLive} group by room_id",
            row => (RoomId: row.GetString(0), Count: row.GetInt64(1), Featured: row.GetInt64(2)), ids);
        foreach (var (roomId, count, featured) in counts)
        {
            (rooms[roomId].Creations, rooms[roomId].Featured) = (count, featured > 0);
        }

        if (withDeliverables)
        {
            var addresses = CreationAddresses.Of(settings, request);
            var published = await session.Query($"""
                select room_id, id, topic, type, published_at from creations where room_id in ({places}) and {IsLive}
                order by published_at desc limit {DeliverablesMax}
                """, row => (RoomId: row.GetString(0), Id: row.GetGuid(1), Topic: row.GetString(2), Type: row.GetString(3), At: row.Long(4)), ids);
            foreach (var (roomId, id, topic, type, at) in published)
            {
                rooms[roomId].Deliverables.Add(new Deliverable(id, topic, type, addresses.Content(id), addresses.Cover(id), at.ToTime()));
            }
        }
    }
}
