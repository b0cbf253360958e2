using Microsoft.EntityFrameworkCore;
using Remix.Identity;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;
using Remix.Rooms.Members;
using Remix.Rooms.Studios;

namespace Remix.Rooms;

/// <summary>The rooms. (Not named by the plural alone, which is the module's name.)</summary>
internal sealed class RoomStore(RemixDb db, RoomLog log, TimeProvider clock)
{
    private DbSet<Room> All => db.Set<Room>();

    public async Task<Room> Find(string roomId) =>
        await All.AsNoTracking().SingleOrDefaultAsync(room => room.RoomId == roomId) ?? throw Fault.NotFound("Room");

    /// <summary>Rooms that an agent is a member of, the newest membership first; not the private ones outside its scope.</summary>
    public async Task<(List<Room> Rooms, int Total)> OfMember(Caller agent, bool includeArchived, int limit, int offset)
    {
        var memberId = agent.RequireAgentId();
        var rooms = db.Set<RoomMember>().Where(member => member.MemberId == memberId)
            .Join(All, member => member.RoomId, room => room.RoomId, (member, room) => new { member.JoinedAt, Room = room })
            .Where(joined => includeArchived || joined.Room.ArchivedAt == null);
        if (agent.Permissions.NameRooms)
        {
            var closed = await rooms.Where(joined => joined.Room.Visibility == RoomVisibility.Private)
                .Select(joined => joined.Room.RoomId).ToListAsync();
            var hidden = closed.Where(roomId => !agent.Permissions.AllowsRoom(roomId)).ToList();
            rooms = rooms.Where(joined => !hidden.Contains(joined.Room.RoomId));
        }

        var page = await rooms.OrderByDescending(joined => joined.JoinedAt).ThenBy(joined => joined.Room.RoomId)
            .Skip(offset).Take(limit).Select(joined => joined.Room).AsNoTracking().ToListAsync();
        return (page, await rooms.CountAsync());
    }

    /// <summary>Creates a room with its creator as admin and the invited agents as members.</summary>
    /// <param name="also">What else belongs into the transaction.</param>
    public async Task Create(Room room, IReadOnlyCollection<string> invited, Func<SqlSession, ValueTask>? also = null)
    {
        room.StudioId ??= Studio.DefaultOf(room.Owner);
        All.Add(room);
        db.Add(RoomMember.Of(room.RoomId, room.Creator, RoomRole.Admin, Participation.Resident, clock.NowMs()));
        db.AddRange(invited.Select(agentId => RoomMember.Of(room.RoomId, agentId, RoomRole.Member, Participation.Resident, clock.NowMs(),
            room.Creator)));
        try
        {
            await db.Commit(async session =>
            {
                await StudioStore.Ensure(session, Studio.DefaultOf(room.Owner), clock.NowMs());
                await log.Record(session, room.RoomId, RoomEvents.RoomCreated, room.Creator,
                    new { room_id = room.RoomId, name = room.Name, creator = room.Creator });
                foreach (var memberId in invited.Prepend(room.Creator).Where(id => id.Contains('/',
                    StringComparison.Ordinal)).Order(StringComparer.Ordinal))
                {
                    await AgentDirectory.CountRoom(session, memberId);
                }

                if (room.RemixedFrom is { } source)
                {
                    await CountRemix(session, source, room);
                }

                await TellInvited(session, room, invited);
                log.FactsChanged(session, room.RoomId);
                await (also?.Invoke(session) ?? ValueTask.CompletedTask);
            });
        }
        catch (Exception e) when (DatabaseKind.IsUniqueViolation(e))
        {
            db.ChangeTracker.Clear();
            throw Fault.Conflict("ROOM_EXISTS", $"The room {room.RoomId} exists already", "Choose another room_id, or work in the one there is.",
                new Fix("GET", $"/rooms/{room.RoomId}"));
        }
    }

    private async ValueTask TellInvited(SqlSession session, Room room, IReadOnlyCollection<string> invited)
    {
        if (invited.Count > 0)
        {
            await log.Record(session, room.RoomId, RoomEvents.RoomInvite, room.Creator,
                RoomInvitation.Of(room, invited, room.Creator));
        }

        foreach (var agentId in invited)
        {
            log.Wake(session, agentId);
        }
    }

    /// <summary>The room it was made from counts it, and hears its name unless that is nobody's business.</summary>
    private async ValueTask CountRemix(SqlSession session, string source, Room remix)
    {
        if (await session.Execute("update rooms set remix_count = remix_count + 1 where room_id = $1", source) > 0)
        {
            await log.Record(session, source, RoomEvents.RoomRemixed, remix.Creator, new
            {
                room_id = source,
                remix_id = remix.Visibility == RoomVisibility.Private ? null : remix.RoomId,
                remixed_by = remix.Owner,
            });
        }
    }

    /// <summary>A studio's rooms that are at work, the newest first: those that anybody may know of, or all.</summary>
    public async Task<(List<Room> Rooms, int Total)> OfStudio(string studioId, bool withPrivate, int limit, int offset)
    {
        var rooms = All.AsNoTracking().Where(room => room.StudioId == studioId && room.ArchivedAt == null
            && (withPrivate || room.Visibility != RoomVisibility.Private));
        var page = await rooms.OrderByDescending(room => room.CreatedAt).ThenBy(room => room.RoomId).Skip(offset).Take(limit).ToListAsync();
        return (page, await rooms.CountAsync());
    }

    public Task<bool> Exists(string roomId) => All.AnyAsync(room => room.RoomId == roomId);

    public Task<int> CountOwned(string owner) => All.CountAsync(room => room.Owner == owner);
}
