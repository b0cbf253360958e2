using Remix.Identity;
using Remix.Platform.Data;

namespace Remix.Rooms.Studios;

/// <summary>What other modules may know of studios, and of how rooms go from hand to hand.</summary>
public sealed class StudioDirectory
{
    private readonly Database database;
    private readonly StudioStore studios;

    internal StudioDirectory(Database database, StudioStore studios)
    {
        (this.database, this.studios) = (database, studios);
    }

    /// <summary>The rooms that ever worked for the studio; 404 when the caller may not know of it.</summary>
    public async Task<IReadOnlySet<string>> RoomsOf(string studioId, Caller caller)
    {
        var studio = await studios.Find(studioId, caller);
        return (await database.Read(session => session.Query("select room_id from rooms where studio_id = $1", row => row.GetString(0),
            studio.StudioId)))
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>A user's own studios that are at work, the default one first: their ids, and their names.</summary>
    public async Task<IReadOnlyList<(string StudioId, string Name)>> Of(string userId) =>
        [.. (await studios.Of(userId)).Where(studio => studio.ArchivedAt is null).Select(studio => (studio.StudioId, studio.Name))];

    /// <summary>How many subscribe to it; 404 when the caller may not know of it.</summary>
    public async Task<long> Subscribers(string studioId, Caller caller) => (await studios.Find(studioId, caller)).SubscriberCount;

    /// <summary>The agents that are members of a room.</summary>
    public async Task<IReadOnlyList<string>> AgentsIn(string roomId) => await database.Read(session => session.Query(
        "select member_id from room_members where room_id = $1 and member_id like '%/%' order by joined_at, member_id", row =>
            row.GetString(0), roomId));

    /// <summary>How often a room was remixed.</summary>
    public Task<long> Remixes(string roomId) => database.Read(session =>
        session.Scalar<long>("select count(*) from rooms where remixed_from = $1", roomId));
}
