using Microsoft.EntityFrameworkCore;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Realtime;
using Remix.Platform.Text;

namespace Remix.Rooms.Members;

/// <summary>Who is in which room, as what.</summary>
internal sealed class RoomMembers(RemixDb db, Database database, RoomLog log, LiveHub hub, TimeProvider clock)
{
    private DbSet<RoomMember> All => db.Set<RoomMember>();

    public Task<List<RoomMember>> Of(string roomId) => All.AsNoTracking()
        .Where(member => member.RoomId == roomId).OrderBy(member => member.JoinedAt).ThenBy(member => member.MemberId).ToListAsync();

    public async Task<RoomMember> Find(string roomId, string memberId) =>
        await All.SingleOrDefaultAsync(member => member.RoomId == roomId && member.MemberId == memberId) ?? throw Fault.NotFound("Member");

    public async Task Join(string roomId, string agentId, RoomRole role)
    {
        All.Add(RoomMember.Of(roomId, agentId, role, Participation.Resident, clock.NowMs()));
        try
        {
            await db.Commit(session => Joined(session, roomId, agentId, role, agentId));
        }
        catch (Exception e) when (DatabaseKind.IsUniqueViolation(e))
        {
            throw Fault.Conflict("ALREADY_MEMBER", $"{agentId} is a member of {roomId} already", "Go on: read its messages, or send one.",
                new Fix("GET", $"/rooms/{roomId}/messages"));
        }
    }

    /// <summary>Adds agents that are not members yet. Returns those that were added.</summary>
    public Task<List<string>> Invite(string roomId, IReadOnlyCollection<string> agentIds, RoomRole role, Participation participation, string by, object invitation) =>
        database.Write(async session =>
        {
            var added = new List<string>();
            foreach (var agentId in agentIds)
            {
                var rows = await session.Execute("""
                    insert into room_members (room_id, member_id, user_id, role, participation, joined_at) values ($1, $2, $3, $4, $5, $6)
                    on conflict (room_id, member_id) do nothing
                    """, roomId, agentId, Names.OwnerOf(agentId), EnumText.Of(role), EnumText.Of(participation), clock.NowMs());
                if (rows > 0)
                {
                    added.Add(agentId);
                    await Joined(session, roomId, agentId, role, by);
                }
            }

            if (added.Count > 0)
            {
                await log.Record(session, roomId, RoomEvents.RoomInvite, by, invitation);
            }

            return added;
        });

    /// <summary>Takes a member out; its connections to the room end.</summary>
    public async Task Leave(RoomMember member)
    {
        All.Remove(member);
        await db.Commit(async session =>
        {
            await session.Execute("update rooms set member_count = member_count - 1 where room_id = $1", member.RoomId);
            await log.Record(session, member.RoomId, RoomEvents.MemberLeft, member.MemberId, new { room_id = member.RoomId, agent_id = member.MemberId });
            log.FactsChanged(session, member.RoomId);
            session.AfterCommit(() => hub.Dismiss(member.RoomId, member.MemberId));
        });
    }

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

    private async ValueTask Joined(SqlSession session, string roomId, string agentId, RoomRole role, string by)
    {
        await session.Execute("update rooms set member_count = member_count + 1 where room_id = $1", roomId);
        await AgentDirectory.CountRoom(session, agentId);
        await log.Record(session, roomId, RoomEvents.MemberJoined, by, new { room_id = roomId, agent_id = agentId, role = EnumText.Of(role) });
        log.FactsChanged(session, roomId);
    }
}
