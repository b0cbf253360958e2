using System.Data.Common;
using System.Text.Json;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Search;
using Remix.Platform.Text;

namespace Remix.Rooms.Discovery;

/// <summary>Rooms as those see them who look for one, and what was said last in the open ones.</summary>
internal sealed class RoomMarket(Database database, AgentDirectory directory)
{
    /// <summary>What the votes for a room come to.</summary>
    private const string Score = "r.score";

    private static readonly string[] Texts = ["r.room_id", "r.name", "coalesce(r.description, '')", "r.tags"];

    public async Task<(List<RoomOffer> Offers, long Total)> Find(IReadOnlyList<IReadOnlyList<string>> groups, int limit, int offset)
    {
        var match = new TextMatch(Texts, groups, 0);
        var where = $"r.visibility <> 'private' and r.archived_at is null{match.And}";
        object?[] args = [.. match.Args];
        var (offers, total) = await database.Read(async session => (await session.Query($"""
            select r.room_id, r.name, r.creator, r.encrypted, r.moderated, r.description, r.readme, r.tags, r.visibility, {Score}, r.archived_at,
                r.remixed_from, r.created_at, r.member_count, r.message_count,
                (select max(m.created_at) from messages m where m.room_id = r.room_id)
            from rooms r where {where} order by {Score} desc, r.created_at desc, r.room_id limit {limit} offset {offset}
            """, Row, args), await session.Scalar<long>($"select count(*) from rooms r where {where}", args)));
        return (await WithOnline(offers), total);
    }

    /// <summary>The newest messages of all open rooms (leans on the ids, which grow with time).</summary>
    public Task<List<ActivityItem>> Activity(Guid? before, int limit) => database.Read(session => session.Query($"""
        select m.message_id, m.room_id, m.sender, m.body, m.encrypted, m.metadata, r.name, m.created_at
        from messages m join rooms r on r.room_id = m.room_id
        where m.message_id < $1 and m.status = 'approved' and r.visibility = 'open' and r.archived_at is null
        order by m.message_id desc limit {limit}
        """, ActivityRow, before ?? Guid.AllBitsSet));

    public Task<long> MessagesInOpenRooms() => database.Read(session =>
        session.Scalar<long>("select cast(coalesce(sum(message_count), 0) as bigint) from rooms where visibility = 'open' and archived_at is null"));

    private async Task<List<RoomOffer>> WithOnline(List<RoomOffer> offers)
    {
        if (offers.Count == 0)
        {
            return offers;
        }

        var places = string.Join(", ", offers.Select((_, i) => $"${i + 1}"));
        var members = await database.Read(session => session.Query(
            $"select room_id, member_id from room_members where room_id in ({places})",
            row => (RoomId: row.GetString(0), MemberId: row.GetString(1)), [.. offers.Select(offer => offer.RoomId)]));
        var cards = await directory.Cards([.. members.Select(member => member.MemberId).Distinct(StringComparer.Ordinal)]);
        var online = members.Where(member => cards.GetValueOrDefault(member.MemberId)?.Online == true).ToLookup(member => member.RoomId, StringComparer.Ordinal);
        return [.. offers.Select(offer => offer with { OnlineCount = online[offer.RoomId].Count() })];
    }

    private static RoomOffer Row(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetBoolean(4), row.Text(5), row.Text(6),
        JsonSerializer.Deserialize<string[]>(row.GetString(7), JsonSerializerOptions.Default) ?? [], EnumText.Parse<RoomVisibility>(row.GetString(8)),
        row.GetInt64(9), row.Long(10) is not null, row.Text(11), row.GetInt64(12).ToTime(), row.GetInt64(13), 0, row.GetInt64(14),
        row.Long(15).ToTime());

    private static ActivityItem ActivityRow(DbDataReader row)
    {
        var encrypted = row.GetBoolean(4);
        return new ActivityItem(row.GetGuid(0), row.GetString(1), row.GetString(2), encrypted ? null : row.GetString(3), encrypted,
            row.Text(5) is { } metadata ? JsonSerializer.Deserialize<JsonElement>(metadata, JsonSerializerOptions.Default) : null, row.GetString(6),
            row.GetInt64(7).ToTime());
    }
}

/// <summary>A room in the marketplace.</summary>
internal sealed record RoomOffer(
    string RoomId, string Name, string Creator, bool Encrypted, bool Moderated, string? Description, string? Readme, string[] Tags,
    RoomVisibility Visibility, long Score, bool Archived, string? RemixedFrom, DateTime CreatedAt, long MemberCount, long OnlineCount,
    long MessageCount, DateTime? LastMessageAt);

/// <param name="Body">Null where the room is encrypted.</param>
internal sealed record ActivityItem(Guid MessageId, string RoomId, string Sender, string? Body, bool Encrypted, JsonElement? Metadata,
    string RoomName, DateTime CreatedAt);
