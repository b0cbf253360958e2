using Microsoft.EntityFrameworkCore;
using Remix.Platform.Data;
using Remix.Rooms.Members;

namespace Remix.Rooms.Reading;

/// <summary>One of the first members of a room.</summary>
internal sealed record FirstMember(string RoomId, string MemberId, RoomRole Role);

/// <summary>The rooms of a user, in as many queries whether there are two or two hundred.</summary>
internal sealed class OwnedRooms(RemixDb db, Database database)
{
    private const int FirstMembersMax = 5;

    /// <summary>Those the user owns, and with <paramref name="includeAdmin"/> those that the user or an agent of theirs administers.</summary>
    public async Task<(List<Room> Page, int Total)> Page(string userId, bool includeAdmin, bool includeArchived, int limit, int offset)
    {
        var administered = db.Set<RoomMember>().Where(member => member.UserId == userId && member.Role == RoomRole.Admin)
            .Select(member => member.RoomId);
        var rooms = db.Set<Room>().AsNoTracking().Where(room => includeArchived || room.ArchivedAt == null);
        rooms = includeAdmin ? rooms.Where(room => room.Owner == userId || administered.Contains(room.RoomId))
            : rooms.Where(room => room.Owner == userId);
        var page = await rooms.OrderByDescending(room => room.CreatedAt).ThenBy(room => room.RoomId).Skip(offset).Take(limit).ToListAsync();
        return (page, offset == 0 && page.Count < limit ? page.Count : await rooms.CountAsync());
    }

    /// <summary>The first five of each room, in the order in which they came.</summary>
    public Task<List<FirstMember>> FirstMembers(IReadOnlyList<string> roomIds) => roomIds.Count == 0 ? Task.FromResult(new List<FirstMember>())
        : database.Read(session => session.Query($"""
            select room_id, member_id, role from (
                select room_id, member_id, role, row_number() over (partition by room_id order by joined_at, member_id) as place
                from room_members where room_id in ({RoomFigureSource.Places(roomIds.Count)})) numbered
            where place <= {FirstMembersMax} order by room_id, place
            """, row => new FirstMember(row.GetString(0), row.GetString(1), EnumText.Parse<RoomRole>(row.GetString(2))), [.. roomIds]));
}
