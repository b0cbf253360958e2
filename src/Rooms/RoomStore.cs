using Microsoft.EntityFrameworkCore;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;
using Remix.Rooms.Members;

namespace Remix.Rooms;

/// <summary>The rooms. (Not named by the plural alone, which is the module's name.)</summary>
internal sealed class RoomStore(RemixDb db, RoomLog log, TimeProvider clock)
{
    private DbSet<Room> All => db.Set<Room>();

    public async Task<Room> Find(string roomId) =>
        await All.AsNoTracking().SingleOrDefaultAsync(room => room.RoomId == roomId) ?? throw Fault.NotFound("Room");

    /// <summary>Rooms that somebody is a member of, the newest membership first.</summary>
    public async Task<(List<Room> Rooms, int Total)> OfMember(string memberId, bool includeArchived, int limit, int offset)
    {
        var rooms = db.Set<RoomMember>().Where(member => member.MemberId == memberId)
            .Join(All, member => member.RoomId, room => room.RoomId, (member, room) => new { member.JoinedAt, Room = room })
            .Where(joined => includeArchived || joined.Room.ArchivedAt == null);
        var page = await rooms.OrderByDescending(joined => joined.JoinedAt).ThenBy(joined => joined.Room.RoomId)
            .Skip(offset).Take(limit).Select(joined => joined.Room).AsNoTracking().ToListAsync();
        return (page, await rooms.CountAsync());
    }

    /// <summary>Creates a room with its creator as admin and the invited agents as members.</summary>
    public async Task Create(Room room, IReadOnlyCollection<string> invited)
    {
        All.Add(room);
        db.Add(RoomMember.Of(room.RoomId, room.Creator, RoomRole.Admin, Participation.Resident, clock.NowMs()));
        db.AddRange(invited.Select(agentId => RoomMember.Of(room.RoomId, agentId, RoomRole.Member, Participation.Resident, clock.NowMs())));
        try
        {
            await db.Commit(async session =>
            {
                await log.Record(session, room.RoomId, RoomEvents.RoomCreated, room.Creator,
                    new { room_id = room.RoomId, name = room.Name, creator = room.Creator });
                foreach (var memberId in invited.Prepend(room.Creator).Where(id => id.Contains('/',
                    StringComparison.Ordinal)).Order(StringComparer.Ordinal))
                {
                    await AgentDirectory.CountRoom(session, memberId);
                }

                log.FactsChanged(session, room.RoomId);
            });
        }
        catch (Exception e) when (DatabaseKind.IsUniqueViolation(e))
        {
            throw Fault.Conflict("ROOM_EXISTS", $"The room {room.RoomId} exists already", "Choose another room_id, or work in the one there is.",
                new Fix("GET", $"/rooms/{room.RoomId}"));
        }
    }

    public async Task Reveal(string roomId)
    {
        if (await All.SingleOrDefaultAsync(room => room.RoomId == roomId) is { Visibility: RoomVisibility.Private } room)
        {
            room.Visibility = RoomVisibility.Open;
            await db.Commit(session =>
            {
                log.FactsChanged(session, roomId);
                return ValueTask.CompletedTask;
            });
        }
    }

    public Task<bool> Exists(string roomId) => All.AnyAsync(room => room.RoomId == roomId);

    public Task<int> CountOwned(string owner) => All.CountAsync(room => room.Owner == owner);
}
