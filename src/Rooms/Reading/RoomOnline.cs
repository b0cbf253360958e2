using Microsoft.EntityFrameworkCore;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Rooms.Members;

namespace Remix.Rooms.Reading;

/// <summary>How many members of rooms are online.</summary>
internal sealed class RoomOnline(RemixDb db, AgentPresence presence)
{
    /// <summary>More than that at once in one server are counted as that many.</summary>
    private const int OnlineMax = 20_000;

    public Task<Dictionary<string, int>> Of(IReadOnlyCollection<string> roomIds) => Count(db.Set<RoomMember>()
        .Where(member => roomIds.Contains(member.RoomId)));

    public Task<Dictionary<string, int>> OfOwned(string owner) => Count(db.Set<RoomMember>()
        .Where(member => db.Set<Room>().Any(room => room.RoomId == member.RoomId && room.Owner == owner)));

    private async Task<Dictionary<string, int>> Count(IQueryable<RoomMember> members)
    {
        var online = (await presence.Online()).Take(OnlineMax).ToArray();
        return online.Length == 0 ? [] : await members.Where(member => online.Contains(member.MemberId)).GroupBy(member => member.RoomId)
            .Select(room => new { RoomId = room.Key, Count = room.Count() })
            .ToDictionaryAsync(room => room.RoomId, room => room.Count, StringComparer.Ordinal);
    }
}
