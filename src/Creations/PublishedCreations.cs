using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Creations;

/// <summary>Published creations, for the modules above: reading them, and moving their counters.</summary>
public sealed class PublishedCreations(Database database, Signals signals, TimeProvider clock)
{
    private const string IsPublished = "status = 'published'";

    private long lastMomentMs;

    /// <summary>Every creation that the feed may show.</summary>
    public Task<List<CreationSummary>> Live() => database.Read(session => session.Query(
        $"select {CreationSummary.Columns} from creations where live and archived_at is null and {IsPublished}", CreationSummary.Row));

    /// <summary>Any published version, also one that a newer replaced.</summary>
    public async Task<CreationSummary?> Find(Guid id) => await database.Read(session => session.First(
        $"select {CreationSummary.Columns} from creations where id = $1 and {IsPublished}", CreationSummary.Row, id));

    /// <summary>The newest version that has or had this readable address.</summary>
    public async Task<CreationSummary?> FindBySlug(string slug) => await database.Read(session => session.First(
        $"select {CreationSummary.Columns} from creations where slug = $1 and {IsPublished} order by version desc limit 1", CreationSummary.Row, slug));

    /// <summary>The files of a published version as they are served; none when there is no such version.</summary>
    public Task<List<(string Path, string Sha256, long Size)>> Files(Guid id) => database.Read(session => session.Query(
        "select path, sha256, size from creation_files where creation_id = $1 order by path",
        row => (row.GetString(0), row.GetString(1), row.GetInt64(2)), id));

    /// <summary>Counts a view. Returns the new count.</summary>
    public Task<long> CountView(Guid id) => database.Write(session => Move(session, id, "view_count", 1));

    /// <summary>Moves the like counter within the transaction of the like. Returns the new count.</summary>
    public ValueTask<long> CountLike(SqlSession session, Guid id, int by) => Move(session, id, "like_count", by);

    /// <summary>Takes a like off the counter of a creation that may be gone.</summary>
    public async ValueTask ForgetLike(SqlSession session, Guid id)
    {
        await session.Execute("update creations set like_count = like_count - 1 where id = $1", id);
        session.AfterCommit(() => signals.Send(CreationEvents.Changed, id.ToString()));
    }

    /// <summary>Everything that belongs to a user, published or not.</summary>
    public ValueTask<List<Guid>> OfUser(SqlSession session, string userId) =>
        session.Query("select id from creations where created_by = $1", row => row.GetGuid(0), userId);

    /// <summary>Everything that was made in a room, published or not.</summary>
    public ValueTask<List<Guid>> OfRoom(SqlSession session, string roomId) =>
        session.Query("select id from creations where room_id = $1", row => row.GetGuid(0), roomId);

    /// <summary>
    /// When something is published now. No two moments are the same: pages of the feed go on from the time of their last
    /// creation, so two of one time could fall between them. Another node may have chosen it, too: then the database
    /// refuses the later one, which asks again.
    /// </summary>
    internal long NextMomentMs()
    {
        while (true)
        {
            var last = Volatile.Read(ref lastMomentMs);
            var next = Math.Max(clock.NowMs(), last + 1);
            if (Interlocked.CompareExchange(ref lastMomentMs, next, last) == last)
            {
                return next;
            }
        }
    }

    /// <summary>A version is published: in place of another, or made from one, which has a remix more then.</summary>
    internal async ValueTask Announce(SqlSession session, Guid id, Guid? replaced, Guid? remixed)
    {
        if (remixed is { } parent)
        {
            await session.Execute("update creations set remix_count = remix_count + 1 where id = $1", parent);
        }

        foreach (var changed in new[] { id, replaced, remixed }.OfType<Guid>())
        {
            session.AfterCommit(() => signals.Send(CreationEvents.Changed, changed.ToString()));
        }
    }

    private async ValueTask<long> Move(SqlSession session, Guid id, string counter, int by)
    {
        var count = await session.Query($"update creations set {counter} = {counter} + $1 where id = $2 and {IsPublished} returning {counter}",
            row => row.GetInt64(0), by, id);
        session.AfterCommit(() => signals.Send(CreationEvents.Changed, id.ToString()));
        return count.Count > 0 ? count[0] : throw Fault.NotFound("Creation");
    }
}
