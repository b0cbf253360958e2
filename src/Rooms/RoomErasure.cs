using Remix.Identity.Users;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Realtime;
using Remix.Rooms.Encryption;

namespace Remix.Rooms;

/// <summary>When a user goes: the rooms they own with all that is in them, and their words elsewhere.</summary>
internal sealed class RoomErasure(RoomLog log, LiveHub hub) : UserErasure
{
    private static readonly string[] TablesOfRooms =
    [
        "webhooks", "room_key_wraps", "room_key_versions", "room_tasks", "room_file_revisions", "room_files", "messages", "room_members", "rooms",
    ];

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

        var encrypted = await session.Query("""
            select distinct r.room_id from rooms r join room_members m on m.room_id = r.room_id where m.user_id = $1 and r.encrypted
            """, row => row.GetString(0), userId);

        await EventLog.EraseActor(session, userId);
        await session.Execute("""
            update rooms set message_count = message_count - (select count(*) from messages m where m.room_id = rooms.room_id and m.user_id = $1)
            where room_id in (select room_id from messages where user_id = $1)
            """, userId);
        await session.Execute("delete from messages where user_id = $1", userId);
        await session.Execute("delete from room_tasks where user_id = $1", userId);
        var agents = $"{userId.Replace("_", "!_", StringComparison.Ordinal)}/%";
        await session.Execute("update room_tasks set assignee = null where assignee = $1 or assignee like $2 escape '!'", userId, agents);
        await session.Execute("delete from webhooks where agent_id like $1 escape '!'", agents);
        await session.Execute("delete from room_members where user_id = $1", userId);
        await session.Execute("delete from room_key_wraps where user_id = $1", userId);
        foreach (var roomId in encrypted)
        {
            await RoomKeys.MemberGone(session, log, roomId, userId, null);
        }
    }
}
