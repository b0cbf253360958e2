using Microsoft.EntityFrameworkCore;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Faults;
using Remix.Platform.Text;
using Remix.Rooms.Live;

namespace Remix.Rooms.Changes;

/// <summary>Changes of a room's row: one after the other in each room, each with its event.</summary>
internal sealed class RoomChanges(RemixDb db, RoomLog log, Eviction eviction, TimeProvider clock)
{
    public Task<Room> Change(string roomId, ChangeRoom wish, string by)
    {
        var wasOpen = false;
        return Change(roomId, room =>
        {
            wasOpen = room.Visibility == RoomVisibility.Open;
            wish.ApplyTo(room);
            return true;
        }, async (session, room) =>
        {
            if (wasOpen && room.Visibility != RoomVisibility.Open)
            {
                eviction.AfterCommit(session, roomId);
            }

            await log.Record(session, roomId, RoomEvents.VisibilityChanged, by, new
            {
                room_id = roomId,
                visibility = EnumText.Of(room.Visibility),
                description = room.Description,
                readme = room.Readme,
                goals = room.Goals,
                rules = room.Rules,
                tags = room.Tags,
                moderated = room.Moderated,
                encrypted = room.Encrypted,
                updated_by = by,
            });
        });
    }

    public Task<Room> Update(string roomId, UpdateRoom wish, string by) => Change(roomId, room =>
    {
        wish.ApplyTo(room);
        return true;
    }, async (session, room) => await log.Record(session, roomId, RoomEvents.RoomUpdated, by,
        new { room_id = roomId, name = room.Name, description = room.Description, tags = room.Tags, updated_by = by }));

    public Task<Room> Announce(string roomId, Announce wish, string by) => Change(roomId, room =>
    {
        wish.ApplyTo(room);
        return true;
    }, async (session, room) => await log.Record(session, roomId, RoomEvents.RoomAnnouncement, by,
        new { room_id = roomId, announcement = room.Announcement, topic = room.Topic, updated_by = by }));

    public Task<Room> Progress(string roomId, ReportProgress wish, string by) => Change(roomId, room =>
    {
        wish.ApplyTo(room);
        return true;
    }, async (session, room) => await log.Record(session, roomId, RoomEvents.RoomProgress, by,
        new { room_id = roomId, progress = room.Progress, updated_by = by }));

    /// <summary>Archives a room, or brings it back; done again, it changes nothing and says nothing.</summary>
    public Task<Room> Archive(string roomId, bool archived, string by) => Change(roomId, room =>
    {
        var changes = room.ArchivedAt is null == archived;
        room.ArchivedAt = archived ? room.ArchivedAt ?? clock.NowMs() : null;
        return changes;
    }, async (session, _) => await log.Record(session, roomId, archived ? RoomEvents.RoomArchived : RoomEvents.RoomUnarchived, by,
        new { room_id = roomId, updated_by = by }));

    /// <param name="change">Whether it changed anything that the others should hear of.</param>
    private async Task<Room> Change(string roomId, Func<Room, bool> change, Func<SqlSession, Room, ValueTask> announce)
    {
        var (found, changes) = (default(Room), false);
        await db.Commit(async session =>
        {
            // A transaction that collides is done again, and reads again what the other one left.
            db.ChangeTracker.Clear();
            await EventLog.Hold(session, roomId);
            found = await db.Set<Room>().SingleOrDefaultAsync(room => room.RoomId == roomId) ?? throw Fault.NotFound("Room");
            changes = change(found);
        }, async session =>
        {
            if (changes)
            {
                await announce(session, found!);
                log.FactsChanged(session, roomId);
            }
        });
        return found!;
    }
}
