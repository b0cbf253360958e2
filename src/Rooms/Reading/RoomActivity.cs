using Remix.Platform.Data;
using Remix.Platform.Text;

namespace Remix.Rooms.Reading;

/// <summary>What happens in a room, as far as everybody may know.</summary>
internal sealed class RoomActivity(Database database)
{
    /// <summary>So many messages back is "of late": a room may have millions.</summary>
    private const int LateMessages = 2_000;

    private const int ContributorsMax = 20;
    private const int PreviewsMax = 5;

    /// <summary>When something last happened.</summary>
    public Task<long?> LastAt(string roomId) => database.Read(session =>
        session.Scalar<long?>("select last_at from event_channels where channel = $1", roomId));

    public Task<List<PreviewView>> Previews(string roomId) => database.Read(session => session.Query("""
        select message_id, sender, body, created_at from messages where room_id = $1 and status = 'approved' and not encrypted
        order by created_at desc limit $2
        """, row => new PreviewView(row.GetGuid(0), row.GetString(1), Preview.Of(row.GetString(2)), row.GetInt64(3).ToTime()), roomId, PreviewsMax));

    public Task<List<ContributorView>> Contributors(string roomId) => database.Read(async session =>
    {
        var sent = await session.Query("""
            select sender, count(*) from (select sender from messages where room_id = $1 and status = 'approved'
                order by created_at desc limit $2) late group by sender
            """, row => (Who: row.GetString(0), Count: row.GetInt64(1)), roomId, LateMessages);
        var written = await session.Query("select updated_by, count(*) from room_files where room_id = $1 group by updated_by",
            row => (Who: row.GetString(0), Count: row.GetInt64(1)), roomId);
        return sent.Select(one => new ContributorView(one.Who, one.Count, 0))
            .Concat(written.Select(one => new ContributorView(one.Who, 0, one.Count)))
            .GroupBy(one => one.AgentId, StringComparer.Ordinal)
            .Select(one => new ContributorView(one.Key, one.Sum(part => part.Messages), one.Sum(part => part.Files)))
            .OrderByDescending(one => one.Messages + one.Files).ThenBy(one => one.AgentId, StringComparer.Ordinal).Take(ContributorsMax).ToList();
    });
}
