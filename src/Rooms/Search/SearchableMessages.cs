using System.Data.Common;
using System.Globalization;
using Remix.Platform.Data;
using Remix.Platform.Search;

namespace Remix.Rooms.Search;

/// <summary>Messages as the search sees them: only approved ones in plain text, in rooms that everybody may read and that are not archived.</summary>
internal sealed class SearchableMessages(Database database)
{
    public const string Kind = "message";
    public const int PageMax = 512;

    // "cross" keeps SQLite from reading whole rooms for messages that are named: it joins in the order that is written.
    private const string Select = """
        select m.message_id, m.room_id, m.sender, m.body, m.metadata, m.metadata_type, m.created_at
        from messages m cross join rooms r
        where r.room_id = m.room_id and m.status = 'approved' and not m.encrypted and r.visibility = 'open' and not r.encrypted
            and r.archived_at is null
        """;

    public static string RoomFacet(string roomId) => $"room:{roomId}";

    public static string SenderFacet(string sender) => $"sender:{sender}";

    public static string TypeFacet(string type) => $"type:{type}";

    public static string KeyOf(Guid messageId) => messageId.ToString("n", CultureInfo.InvariantCulture);

    /// <summary>Those of the messages that may be found; what is missing may not.</summary>
    public async Task<List<SearchEntry>> Of(IReadOnlyCollection<Guid> messageIds)
    {
        var entries = new List<SearchEntry>(messageIds.Count);
        foreach (var chunk in messageIds.Chunk(PageMax))
        {
            // Rounded up, so that there are few different statements to prepare.
            var count = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)chunk.Length);
            var args = Enumerable.Range(0, count).Select(i => (object?)chunk[Math.Min(i, chunk.Length - 1)]).ToArray();
            entries.AddRange(await database.Read(session => session.Query(Named(count), Row, args)));
        }

        return entries;
    }

    internal static string Named(int count) =>
        $"{Select} and m.message_id in ({string.Join(", ", Enumerable.Range(1, count).Select(i => $"${i}"))})";

    /// <summary>All of them, a page at a time: by id, which is by time.</summary>
    public Task<List<SearchEntry>> After(Guid messageId) => database.Read(session => session.Query(
        $"{Select} and m.message_id > $1 order by m.message_id limit {PageMax}", Row, messageId));

    /// <summary>Those of one room, a page at a time (leans on messages_by_room).</summary>
    public Task<List<SearchEntry>> InRoom(string roomId, long afterMs) => database.Read(session => session.Query(
        $"{Select} and m.room_id = $1 and m.created_at > $2 order by m.created_at limit {PageMax}", Row, roomId, afterMs));

    /// <summary>The moment of an entry, of which its rank is made.</summary>
    public static long MomentOf(SearchEntry entry) => entry.Rank >> RankShift;

    private const int RankShift = 20;

    private static SearchEntry Row(DbDataReader row)
    {
        var (id, sender) = (row.GetGuid(0), row.GetString(2));
        var words = SearchWords.Of(row.GetString(3));
        if (row.Text(4) is { } metadata)
        {
            SearchWords.AddJson(metadata, words);
        }

        var facets = new List<string> { RoomFacet(row.GetString(1)), SenderFacet(sender) };
        if (row.Text(5) is { } type)
        {
            facets.Add(TypeFacet(type));
        }

        // By time; of one millisecond, by chance.
        var rank = (row.GetInt64(6) << RankShift) | (uint)(id.GetHashCode() & ((1 << RankShift) - 1));
        return new SearchEntry(KeyOf(id), rank, words, facets);
    }
}
