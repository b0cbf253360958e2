using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Text;
using Remix.Rooms.Encryption;

namespace Remix.Rooms.Members;

/// <summary>Says in an agent's rooms what happens to it, and takes it out of them with its words when it goes for ever.</summary>
internal sealed class RoomWitness(RoomLog log) : AgentWitness
{
    public override async ValueTask Tell(SqlSession session, string kind, string agentId, string by)
    {
        var rooms = await session.Query("""
            select m.room_id from room_members m join rooms r on r.room_id = m.room_id
            where m.member_id = $1 and r.archived_at is null order by m.room_id
            """, row => row.GetString(0), agentId);
        foreach (var roomId in rooms)
        {
            await log.Record(session, roomId, kind, by, new { room_id = (string?)roomId, agent_id = agentId, updated_by = by });
        }

        await log.Tell(session, agentId, kind, by, new { room_id = (string?)null, agent_id = agentId, updated_by = by });
    }

    public override async ValueTask Erase(SqlSession session, string agentId)
    {
        foreach (var roomId in await session.Query(
            "select room_id from room_members where member_id = $1 order by room_id", row => row.GetString(0), agentId))
        {
            await session.Execute("update rooms set member_count = member_count - 1 where room_id = $1", roomId);
            log.FactsChanged(session, roomId);
        }

        await EventLog.EraseActor(session, agentId);
        var owner = Names.OwnerOf(agentId);
        await session.Execute("""
            update rooms set message_count = message_count
                - (select count(*) from messages m where m.room_id = rooms.room_id and m.user_id = $1 and m.sender = $2)
            where room_id in (select room_id from messages where user_id = $1 and sender = $2)
            """, owner, agentId);
        await session.Execute("""
            delete from message_revisions where message_id in (select message_id from messages where user_id = $1 and sender = $2)
            """, owner, agentId);
        await session.Execute("delete from messages where user_id = $1 and sender = $2", owner, agentId);
        var encrypted = await session.Query("""
            select r.room_id from rooms r join room_members m on m.room_id = r.room_id where m.member_id = $1 and r.encrypted order by r.room_id
            """, row => row.GetString(0), agentId);
        await session.Execute("delete from room_members where member_id = $1", agentId);
        foreach (var roomId in encrypted)
        {
            await RoomKeys.MemberGone(session, log, roomId, agentId, null);
        }

        await session.Execute("update room_tasks set assignee = null where assignee = $1", agentId);
        foreach (var table in new[] { "votes", "stars" })
        {
            await session.Execute($"delete from {table} where target_type = 'agent' and target_id = $1", agentId);
        }

        await session.Execute("delete from direct_rooms where first_id = $1 or second_id = $1", agentId);
        foreach (var table in new[] { "meetings", "inbox_floors", "inbox_acks", "room_join_requests", "webhooks" })
        {
            await session.Execute($"delete from {table} where agent_id = $1", agentId);
        }

        await EventLog.DeleteChannel(session, AgentChannel.Of(agentId));
    }
}
