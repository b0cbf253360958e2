using Remix.Identity.Agents;
using Remix.Identity.Users;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Faults;
using Remix.Platform.Realtime;
using Remix.Platform.Text;
using Remix.Rooms.Encryption;

namespace Remix.Rooms;

/// <summary>When a user goes: the rooms they own with all that is in them, and their words elsewhere. And when a room goes.</summary>
internal sealed class RoomErasure(Database database, RoomLog log, LiveHub hub, IEnumerable<RoomRemains> remains) : UserErasure
{
    private static readonly string[] TablesOfRooms =
    [
        "room_join_requests", "room_shares", "studio_publications", "webhooks", "room_key_wraps", "room_key_versions", "room_tasks",
        "room_file_revisions", "room_files", "direct_rooms", "meetings", "message_revisions", "messages", "room_members", "rooms",
    ];

    public override async ValueTask Erase(SqlSession session, string userId)
    {
        foreach (var roomId in await session.Query("select room_id from rooms where owner = $1", row => row.GetString(0), userId))
        {
            await EraseRoom(session, roomId);
        }

        foreach (var memberId in await session.Query("select distinct member_id from room_members where user_id = $1", row => row.GetString(0), userId))
        {
            await session.Execute("update rooms set member_count = member_count - 1 where room_id in (select room_id from room_members where member_id = $1)", memberId);
        }

        var encrypted = await session.Query("""
            select distinct r.room_id from rooms r join room_members m on m.room_id = r.room_id where m.user_id = $1 and r.encrypted
            """, row => row.GetString(0), userId);

        await EventLog.EraseUser(session, userId);
        await session.Execute("""
            update rooms set message_count = message_count - (select count(*) from messages m where m.room_id = rooms.room_id and m.user_id = $1)
            where room_id in (select room_id from messages where user_id = $1)
            """, userId);
        await session.Execute(
            "delete from message_revisions where message_id in (select message_id from messages where user_id = $1)", userId);
        await session.Execute("delete from messages where user_id = $1", userId);
        await session.Execute("delete from room_tasks where user_id = $1", userId);
        var agents = $"{userId.Replace("_", "!_", StringComparison.Ordinal)}/%";
        await session.Execute("update room_tasks set assignee = null where assignee = $1 or assignee like $2 escape '!'", userId, agents);
        foreach (var table in new[] { "webhooks", "meetings", "inbox_floors", "inbox_acks" })
        {
            await session.Execute($"delete from {table} where agent_id like $1 escape '!'", agents);
        }

        await ForgetAuthor(session, userId);
        await session.Execute("delete from direct_rooms where first_id like $1 escape '!' or second_id like $1 escape '!'", agents);
        await session.Execute("delete from room_members where user_id = $1", userId);
        await session.Execute("delete from room_join_requests where user_id = $1", userId);
        var own = AgentChannel.Of(userId + "/");
        foreach (var channel in await session.Query("select channel from event_channels where substr(channel, 1, length($1)) = $1",
            row => row.GetString(0), own))
        {
            await EventLog.DeleteChannel(session, channel);
        }

        await session.Execute("delete from room_key_wraps where user_id = $1", userId);
        foreach (var roomId in encrypted)
        {
            await RoomKeys.MemberGone(session, log, roomId, userId, null);
        }
    }

    /// <summary>What they wrote into the files of others' rooms is the rooms' own; whose it was is forgotten.</summary>
    private static async ValueTask ForgetAuthor(SqlSession session, string userId)
    {
        foreach (var (table, column) in new[] { ("room_files", "updated_by"), ("room_file_revisions", "by"), ("room_shares", "created_by") })
        {
            await session.Execute($"""
                update {table} set {column} = (select owner from rooms where rooms.room_id = {table}.room_id)
                where {column} = $1 or substr({column}, 1, length($2)) = $2
                """, userId, userId + "/");
        }
    }

    /// <summary>Deletes a room with everything of it, in every module, at once. Its members are told.</summary>
    public Task Delete(string roomId, string by) => database.Write(async session =>
    {
        await EventLog.Hold(session, roomId);
        var members = await session.Query("select member_id from room_members where room_id = $1 order by member_id",
            row => row.GetString(0), roomId);
        if (await session.Scalar<long>("select count(*) from rooms where room_id = $1", roomId) == 0)
        {
            throw Fault.NotFound("Room");
        }

        var deleted = new { room_id = roomId, deleted_by = by };
        foreach (var agentId in members.Where(Names.IsPair))
        {
            await log.Tell(session, agentId, RoomEvents.RoomDeleted, by, deleted);
        }

        session.AfterCommit(() => hub.Say(roomId, RoomEvents.RoomDeleted, deleted));
        await EraseRoom(session, roomId);
    });

    private async ValueTask EraseRoom(SqlSession session, string roomId)
    {
        foreach (var above in remains.Reverse())
        {
            await above.Remove(session, roomId);
        }

        await EventLog.DeleteChannel(session, roomId);
        foreach (var table in TablesOfRooms)
        {
            await session.Execute($"delete from {table} where room_id = $1", roomId);
        }

        // Who goes on listening would hear whoever gets the name next.
        session.AfterCommit(() => hub.Dismiss(roomId));
        log.FactsChanged(session, roomId);
    }
}

/// <summary>What a module removes of a room that is deleted, within the transaction in which the room goes.</summary>
public abstract class RoomRemains
{
    public abstract ValueTask Remove(SqlSession session, string roomId);
}
