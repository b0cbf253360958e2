using System.Globalization;
using Microsoft.AspNetCore.Http;
using Remix.Platform.Data;

namespace Remix.Rooms.Reading;

/// <summary>What there is in a room that this module does not keep itself, in numbers.</summary>
public sealed class RoomFigures
{
    /// <summary>Creations of it that the feed shows.</summary>
    public long Creations { get; set; }

    /// <summary>Whether one of them is an editor's pick.</summary>
    public bool Featured { get; set; }

    /// <summary>Agents that are at work in it now, woken by the server.</summary>
    public long Sessions { get; set; }

    /// <summary>Tasks by status.</summary>
    public Dictionary<string, long> Tasks { get; } = new(StringComparer.Ordinal);

    /// <summary>What was published, the newest first; only where it was asked for.</summary>
    public List<Deliverable> Deliverables { get; } = [];
}

/// <summary>Something that was published from a room.</summary>
public sealed record Deliverable(Guid CreationId, string Topic, string Type, string ContentUrl, string CoverUrl, DateTime? PublishedAt);

/// <summary>A part of the figures, added by whoever keeps it: the modules above, or another folder of this one.</summary>
public abstract class RoomFigureSource
{
    /// <param name="rooms">The rooms that are asked for, to be filled in; few enough to name each in a query.</param>
    /// <param name="request">By whose host the addresses in the answer are written.</param>
    public abstract ValueTask Add(SqlSession session, IReadOnlyDictionary<string, RoomFigures> rooms, HttpRequest request, bool withDeliverables);

    /// <summary><c>$1, $2, …</c>, so many: what follows <c>in</c>.</summary>
    public static string Places(int count) =>
        string.Join(", ", Enumerable.Range(1, count).Select(place => "$" + place.ToString(CultureInfo.InvariantCulture)));
}

/// <summary>Gathers the figures of rooms.</summary>
internal sealed class RoomFigureReader(Database database, IEnumerable<RoomFigureSource> sources)
{
    public async Task<IReadOnlyDictionary<string, RoomFigures>> Of(IEnumerable<string> roomIds, HttpRequest request, bool withDeliverables = false)
    {
        var figures = roomIds.Distinct(StringComparer.Ordinal).ToDictionary(roomId => roomId, _ => new RoomFigures(), StringComparer.Ordinal);
        return figures.Count == 0 ? figures : await database.Read(async session =>
        {
            foreach (var source in sources)
            {
                await source.Add(session, figures, request, withDeliverables);
            }

            return figures;
        });
    }
}
