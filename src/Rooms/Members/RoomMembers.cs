using Microsoft.EntityFrameworkCore;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Faults;
using Remix.Platform.Realtime;
using Remix.Platform.Text;
using Remix.Rooms.Encryption;

namespace Remix.Rooms.Members;

/// <summary>Who is in which room, as what.</summary>
internal sealed class RoomMembers(RemixDb db, Database database, RoomLog log, LiveHub hub, TimeProvider clock)
{
    private DbSet<RoomMember> All => db.Set<RoomMember>();

    public Task<List<RoomMember>> Of(string roomId) => All.AsNoTracking()
        .Where(member => member.RoomId == roomId).OrderBy(member => member.JoinedAt).ThenBy(member => member.MemberId).ToListAsync();

    public async Task<RoomMember> Find(string roomId, string memberId) =>
        await All.SingleOrDefaultAsync(member => member.RoomId == roomId && member.MemberId == memberId) ?? throw Fault.NotFound("Member");

    public Task Join(string roomId, string agentId, RoomRole role) => database.Write(async session =>
    {
        await EventLog.Hold(session, roomId);
        if (!await Add(session, roomId, agentId, role, agentId))
        {
            throw Fault.Conflict("ALREADY_MEMBER", $"{agentId} is a member of {roomId} already", "Go on: read its messages, or send one.",
                new Fix("GET", $"/rooms/{roomId}/messages"));
        }
    });

    /// <summary>Adds agents that are not members yet. Returns those that were added.</summary>
    public Task<List<string>> Invite(string roomId, IReadOnlyCollection<string> agentIds, RoomRole role,
        Participation participation, string? task, string by, Func<IReadOnlyCollection<string>, RoomInvitation> invitation) =>
        database.Write(async session =>
        {
            await EventLog.Hold(session, roomId);
            var added = new List<string>();
            foreach (var agentId in agentIds)
            {
                if (await Add(session, roomId, agentId, role, by, participation, task))
                {
                    added.Add(agentId);
                }
            }

            if (added.Count > 0)
            {
                await log.Record(session, roomId, RoomEvents.RoomInvite, by, invitation(added));
            }

            return added;
        });

    /// <summary>Takes a member out: its connections to the room end, and when others did it, it is told.</summary>
    public Task TakeOut(RoomMember member, string by) => database.Write(async session =>
    {
        await EventLog.Hold(session, member.RoomId);
        if (await session.Execute("delete from room_members where room_id = $1 and member_id = $2", member.RoomId, member.MemberId) == 0)
        {
            throw Fault.NotFound("Member");
        }

        await session.Execute("update rooms set member_count = member_count - 1 where room_id = $1", member.RoomId);
        var isRemoved = by != member.MemberId;
        var left = new { room_id = member.RoomId, agent_id = member.MemberId, removed_by = isRemoved ? by : null };
        await log.Record(session, member.RoomId, RoomEvents.MemberLeft, by, left);
        if (isRemoved)
        {
            await log.Tell(session, member.MemberId, RoomEvents.MemberLeft, by, left);
        }

        await RoomKeys.MemberGone(session, log, member.RoomId, member.MemberId, by);
        log.FactsChanged(session, member.RoomId);
        session.AfterCommit(() => hub.Dismiss(member.RoomId, member.MemberId));
    });

    public Task ChangeRole(RoomMember member, RoomRole role, string by)
    {
        member.Role = role;
        return db.Commit(async session =>
        {
            await log.Record(session, member.RoomId, RoomEvents.RoleUpdated, by,
                new { room_id = member.RoomId, agent_id = member.MemberId, role = EnumText.Of(role), updated_by = by });
            log.FactsChanged(session, member.RoomId);
        });
    }

    /// <summary>
    /// Adds a member, unless it is one. Called while the room's channel is held: a busy channel's times run ahead of the clock,
    /// and who comes has come after all that was said.
    /// </summary>
    internal async ValueTask<bool> Add(SqlSession session, string roomId, string agentId, RoomRole role, string by,
        Participation participation = Participation.Resident, string? task = null)
    {
        var now = clock.NowMs();
        var rows = await session.Execute("""
            insert into room_members (room_id, member_id, user_id, role, participation, task, invited_by, joined_at)
            values ($1, $2, $3, $4, $5, $6, $7, coalesce(
                (select last_at + 1 from event_channels where channel = $1 and last_at >= cast($8 as bigint)), cast($8 as bigint)))
            on conflict (room_id, member_id) do nothing
            """, roomId, agentId, Names.OwnerOf(agentId), EnumText.Of(role), EnumText.Of(participation), task, by == agentId ? null : by, now);
        if (rows == 0)
        {
            return false;
        }

        // Who is in no longer waits to be let in.
        await session.Execute("""
            update room_join_requests set status = 'approved', resolved_by = $1, resolved_at = $2
            where room_id = $3 and agent_id = $4 and status = 'pending'
            """, by, now, roomId, agentId);
        await session.Execute("update rooms set member_count = member_count + 1 where room_id = $1", roomId);
        await AgentDirectory.CountRoom(session, agentId);
        await log.Record(session, roomId, RoomEvents.MemberJoined, by,
            new { room_id = roomId, agent_id = agentId, role = EnumText.Of(role), participation = EnumText.Of(participation) });
        log.FactsChanged(session, roomId);
        log.Wake(session, agentId);
        session.AfterCommit(() => hub.Welcome(roomId, agentId));
        return true;
    }
}
