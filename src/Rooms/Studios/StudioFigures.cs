using System.Globalization;
using Remix.Identity;
using Remix.Platform.Data;

namespace Remix.Rooms.Studios;

/// <summary>How much there is in studios, by their id; one that has nothing is not in the tables.</summary>
/// <param name="Rooms">Rooms at work; private ones count for the studio's owner alone.</param>
/// <param name="Creations">What of them is in the feed.</param>
internal sealed record StudioFigures(IReadOnlyDictionary<string, long> Rooms, IReadOnlyDictionary<string, long> Creations)
{
    public static async ValueTask<StudioFigures> Read(SqlSession session, PublishedCount published, Caller caller,
        IReadOnlyCollection<Studio> all)
    {
        if (all.Count == 0)
        {
            return new StudioFigures(new Dictionary<string, long>(StringComparer.Ordinal), new Dictionary<string, long>(StringComparer.Ordinal));
        }

        var places = string.Join(", ", Enumerable.Range(1, all.Count).Select(n => "$" + n.ToString(CultureInfo.InvariantCulture)));
        var rows = await session.Query($"""
            select studio_id, archived_at is null and (visibility <> 'private' or owner = ${all.Count + 1}), ({published.OfRoom})
            from rooms where studio_id in ({places})
            """, row => (Studio: row.GetString(0), Counts: row.GetBoolean(1), Published: row.GetInt64(2)),
            [.. all.Select(studio => studio.StudioId), caller.UserId ?? ""]);
        var studios = rows.GroupBy(row => row.Studio, StringComparer.Ordinal).ToList();
        return new StudioFigures(
            studios.ToDictionary(studio => studio.Key, studio => studio.LongCount(room => room.Counts), StringComparer.Ordinal),
            studios.ToDictionary(studio => studio.Key, studio => studio.Sum(room => room.Published), StringComparer.Ordinal));
    }
}

/// <summary>How what was published out of a room is counted: the module that publishes says it, since this one knows no creations.</summary>
public abstract class PublishedCount
{
    /// <summary>A query for the live creations of the row of <c>rooms</c> around it.</summary>
    public abstract string OfRoom { get; }
}
