using Remix.Rooms.Studios;

namespace Remix.Creations;

internal sealed class PublishedCountOfRoom : PublishedCount
{
    public override string OfRoom =>
        "select count(*) from creations c where c.room_id = rooms.room_id and c.live and c.archived_at is null and c.status = 'published'";
}
