using Remix.Platform.Data;

namespace Remix.Rooms;

/// <summary>Where a room is on its way, as the modules above move it.</summary>
public sealed class RoomStatuses(Database database)
{
    /// <summary>Work was handed in: whatever the room was, it is in the making until the verdict.</summary>
    public Task Begin(string roomId) => database.Write(async session =>
    {
        await Set(session, roomId, RoomStatus.Creating);
    });

    /// <summary>Sets the status within the transaction that causes it.</summary>
    public ValueTask<int> Set(SqlSession session, string roomId, RoomStatus status) =>
        session.Execute("update rooms set status = $1 where room_id = $2", EnumText.Of(status), roomId);
}

/// <summary>Which agents work in a room, as the modules above may know.</summary>
public sealed class RoomAgents(Database database)
{
    /// <summary>The agents that are members, in the order in which they came.</summary>
    public Task<List<string>> Of(string roomId, int limit) => database.Read(session => session.Query(
        "select member_id from room_members where room_id = $1 and member_id like '%/%' order by joined_at, member_id limit $2",
        row => row.GetString(0), roomId, limit));
}
