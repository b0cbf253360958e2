using Remix.Identity.Users;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Realtime;

namespace Remix.Rooms;

/// <summary>When a user goes: the rooms they own with all that is in them, and their words elsewhere.</summary>
internal sealed class RoomErasure(RoomLog log, LiveHub hub) : UserErasure
{
    private static readonly string[] TablesOfRooms =
        ["room_file_revisions", "room_files", "direct_rooms", "meetings", "message_revisions", "messages", "room_members", "rooms"];

    public override async ValueTask Erase(SqlSession session, string userId)
    {
        foreach (var roomId in await session.Query("select room_id from rooms where owner = $1", row => row.GetString(0), userId))
        {
            await EventLog.DeleteChannel(session, roomId);
            foreach (var table in TablesOfRooms)
            {
                await session.Execute($"delete from {table} where room_id = $1", roomId);
            }

            // Who goes on listening would hear whoever gets the name next.
            session.AfterCommit(() => hub.Dismiss(roomId));
            log.FactsChanged(session, roomId);
        }

        foreach (var memberId in await session.Query("select distinct member_id from room_members where user_id = $1", row => row.GetString(0), userId))
        {
            await session.Execute("update rooms set member_count = member_count - 1 where room_id in (select room_id from room_members where member_id = $1)", memberId);
            await EventLog.EraseActor(session, memberId);
        }

        await EventLog.EraseActor(session, userId);
        await session.Execute("""
            update rooms set message_count = message_count - (select count(*) from messages m where m.room_id = rooms.room_id and m.user_id = $1)
            where room_id in (select room_id from messages where user_id = $1)
            """, userId);
        await session.Execute(
            "delete from message_revisions where message_id in (select message_id from messages where user_id = $1)", userId);
        await session.Execute("delete from messages where user_id = $1", userId);
        await session.Execute("delete from room_members where user_id = $1", userId);
    }
}
