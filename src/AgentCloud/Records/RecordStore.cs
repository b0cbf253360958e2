using System.Runtime.InteropServices;
using System.Text.Json;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Data;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Records;

/// <summary>A moment of an app's past: after a version, or at a time.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AsOf(long? Row, long? AtMs);

/// <summary>One page of versions; <see cref="Next"/> is where the following begins, null at the end.</summary>
internal sealed record RecordPage(IReadOnlyList<Record> Records, long? Next);

/// <summary>The newest version of an app's record store, and how many records there are; row 0 when nothing was ever written.</summary>
internal sealed record RecordHead(long Row, long AtMs, long Count);

/// <summary>
/// The records of an app: versions that are only ever added. It alone writes them and their index, and what it has
/// acknowledged is on disk.
/// </summary>
internal sealed class RecordStore(WorkspaceData data, TimeProvider clock)
{
    public const int PageMax = 1000;

    /// <summary>How many changes are made in one transaction.</summary>
    public const int ChangesMax = 10_000;

    /// <summary>Makes one change; an app that does not exist yet is made.</summary>
    public async Task<RecordChanged> Change(string workspaceId, string app, string by, RecordChange change) =>
        (await Change(workspaceId, app, by, [change]))[0];

    /// <summary>Makes all changes or, when one cannot be made, none.</summary>
    public Task<IReadOnlyList<RecordChanged>> Change(string workspaceId, string app, string by, IReadOnlyList<RecordChange> changes)
    {
        var checkedChanges = RecordWrite.Check(changes);
        return data.Write(workspaceId, async session =>
        {
            var now = clock.NowMs();
            var home = await CloudApps.Ensure(session, workspaceId, app, by, now);
            return await RecordWrite.Apply(session, home, by, now, checkedChanges);
        });
    }

    /// <summary>The record as it is, or as it was; null when there is none, or it was deleted.</summary>
    public Task<Record?> Get(string workspaceId, string app, string id, AsOf? asOf = null) => data.Read(workspaceId, async session =>
        await CloudApps.Find(session, workspaceId, app) is { } home && await Get(session, home, id, asOf) is { Deleted: false } found ? found : null);

    /// <summary>The versions of one record, the newest first; <paramref name="before"/> is the <c>Next</c> of the page before.</summary>
    public Task<RecordPage> History(string workspaceId, string app, string id, long? before, int limit) => data.Read(workspaceId, async session =>
    {
        var records = await CloudApps.Find(session, workspaceId, app) is { } home
            ? await session.Query($"select {Record.Columns} from cloud_records r where r.app_id = $1 and r.id = $2 and r.rev < $3 "
                + "order by r.rev desc limit $4", Record.Read, home.Id, id, before ?? long.MaxValue, Bounded(limit) + 1)
            : [];
        return Page(records, limit, record => record.Rev);
    });

    /// <summary>All versions that are wanted, in the order in which they were written.</summary>
    public Task<RecordPage> All(string workspaceId, string app, RecordScope scope, long after, int limit) => data.Read(workspaceId, async session =>
        await CloudApps.Find(session, workspaceId, app) is { } home ? await All(session, home, scope, after, limit) : new RecordPage([], null));

    public Task<RecordHead> Head(string workspaceId, string app) => data.Read(workspaceId, async session =>
        await CloudApps.Find(session, workspaceId, app) is not { } home ? new RecordHead(0, 0, 0) : new RecordHead(home.LastRow,
            await session.Scalar<long>("select last_at from cloud_apps where id = $1", home.Id),
            await session.Scalar<long>("select count(*) from cloud_records where app_id = $1 and superseded is null and deleted = false", home.Id)));

    /// <summary>The newest version, or the one of that moment, a tombstone too.</summary>
    public static async ValueTask<Record?> Get(SqlSession session, App app, string id, AsOf? asOf = null)
    {
        var row = asOf is { } moment ? await RowAt(session, app, moment) : long.MaxValue;
        return await session.First($"select {Record.Columns} from cloud_records r where r.app_id = $1 and r.id = $2 and r.row_no <= $3 "
            + "order by r.rev desc limit 1", found => Record.Read(found).AsSeen(row), app.Id, id, row);
    }

    public static async ValueTask<RecordPage> All(SqlSession session, App app, RecordScope scope, long after, int limit)
    {
        var row = scope.AsOf is { } moment ? await RowAt(session, app, moment) : long.MaxValue;
        var records = await session.Query($"select {Record.Columns} from cloud_records r where r.app_id = $1 and r.row_no > $2 "
            + $"and {scope.Condition("$4")} and ($5 = '' or r.recordset = $5) order by r.row_no limit $3",
            found => Record.Read(found).AsSeen(row), app.Id, after, Bounded(limit) + 1, row, scope.Recordset ?? "");
        return Page(records, limit, record => record.Row);
    }

    /// <summary>The last row that was written by that moment.</summary>
    public static async ValueTask<long> RowAt(SqlSession session, App app, AsOf moment) => moment.Row
        ?? await session.Scalar<long>("select coalesce(max(row_no), 0) from cloud_records where app_id = $1 and modified_at = "
            + "(select max(modified_at) from cloud_records where app_id = $1 and modified_at <= $2)", app.Id, moment.AtMs);

    public static Fault NotFound() => Fault.NotFound("Record");

    private static int Bounded(int limit) => Math.Clamp(limit, 1, PageMax);

    private static RecordPage Page(List<Record> found, int limit, Func<Record, long> place)
    {
        var size = Bounded(limit);
        return found.Count <= size ? new RecordPage(found, null) : new RecordPage(found[..size], place(found[size - 1]));
    }
}
