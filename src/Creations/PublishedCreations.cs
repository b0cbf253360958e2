using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Faults;

namespace Remix.Creations;

/// <summary>Published creations, for the modules above: reading them, and moving their counters.</summary>
public sealed class PublishedCreations(Database database, Signals signals)
{
    private const string IsPublished = "status = 'published'";

    /// <summary>Every creation that the feed may show.</summary>
    public Task<List<CreationSummary>> Live() => database.Read(session => session.Query(
        $"select {CreationSummary.Columns} from creations where live and archived_at is null and {IsPublished}", CreationSummary.Row));

    /// <summary>Any published version, also one that a newer replaced.</summary>
    public async Task<CreationSummary?> Find(Guid id) => await database.Read(session => session.First(
        $"select {CreationSummary.Columns} from creations where id = $1 and {IsPublished}", CreationSummary.Row, id));

    /// <summary>The newest version that has or had this readable address.</summary>
    public async Task<CreationSummary?> FindBySlug(string slug) => await database.Read(session => session.First(
        $"select {CreationSummary.Columns} from creations where slug = $1 and {IsPublished} order by version desc limit 1", CreationSummary.Row, slug));

    /// <summary>Counts a view. Returns the new count.</summary>
    public Task<long> CountView(Guid id) => database.Write(session => Move(session, id, "view_count", 1));

    /// <summary>Moves the like counter within the transaction of the like. Returns the new count.</summary>
    public ValueTask<long> CountLike(SqlSession session, Guid id, int by) => Move(session, id, "like_count", by);

    /// <summary>Takes a like off the counter of a creation that may be gone.</summary>
    public async ValueTask ForgetLike(SqlSession session, Guid id)
    {
        await session.Execute("update creations set like_count = like_count - 1 where id = $1", id);
        session.AfterCommit(() => signals.Send(CreationEvents.CountersChanged, id.ToString()));
    }

    /// <summary>Everything that belongs to a user, published or not.</summary>
    public ValueTask<List<Guid>> OfUser(SqlSession session, string userId) =>
        session.Query("select id from creations where created_by = $1", row => row.GetGuid(0), userId);

    private async ValueTask<long> Move(SqlSession session, Guid id, string counter, int by)
    {
        var count = await session.Query($"update creations set {counter} = {counter} + $1 where id = $2 and {IsPublished} returning {counter}",
            row => row.GetInt64(0), by, id);
        session.AfterCommit(() => signals.Send(CreationEvents.CountersChanged, id.ToString()));
        return count.Count > 0 ? count[0] : throw Fault.NotFound("Creation");
    }
}
