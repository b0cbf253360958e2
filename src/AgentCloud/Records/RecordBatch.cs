using Remix.AgentCloud.Apps;
using Remix.Platform.Data;

namespace Remix.AgentCloud.Records;

/// <summary>
/// Versions on their way into the tables. On PostgreSQL rows are sent a few hundred at a time, because each statement is
/// a journey; on SQLite a statement costs nothing but itself.
/// </summary>
internal sealed class RecordBatch(SqlSession session, App app, long lastRow)
{
    private const int RowsMax = 500;
    private const int EntriesMax = 4000;

    private readonly Dictionary<string, Record> newest = new(StringComparer.Ordinal);
    private readonly List<Record> records = [];
    private readonly List<(long Row, FieldEntry Entry)> entries = [];
    private long row = lastRow;
    private long flushed = lastRow;

    /// <summary>The newest version of the record, written or still waiting here.</summary>
    public async ValueTask<Record?> Newest(string id) => newest.GetValueOrDefault(id) ?? await RecordStore.Get(session, app, id);

    /// <summary>Adds a version after the one before it, and numbers it.</summary>
    public async ValueTask<Record> Add(Record? before, Record record, IReadOnlyList<FieldEntry> values)
    {
        var numbered = record with { Row = ++row };
        if (before is not null)
        {
            if (before.Row > flushed)
            {
                await Flush();
            }

            await Supersede(before, numbered.Row);
        }

        newest[record.Id] = numbered;
        await Insert(numbered, values);
        return numbered;
    }

    /// <summary>Adds a version as it was elsewhere, with its own number; what superseded it comes later and says so itself.</summary>
    public async ValueTask Restore(Record record, IReadOnlyList<FieldEntry> values)
    {
        row = record.Row;
        await Insert(record, values);
    }

    /// <summary>Writes what still waits, and how far the numbers have come.</summary>
    public async ValueTask Finish()
    {
        await Flush();
        await session.Execute("update cloud_apps set last_row = $1 where id = $2", row, app.Id);
    }

    private async ValueTask Insert(Record record, IReadOnlyList<FieldEntry> values)
    {
        records.Add(record);
        foreach (var value in values)
        {
            entries.Add((record.Row, value));
        }

        if (records.Count >= RowsMax || entries.Count >= EntriesMax)
        {
            await Flush();
        }
    }

    /// <summary>The entries of an older version stay, beside those of the current ones: so its past can be asked, too.</summary>
    private async ValueTask Supersede(Record before, long by)
    {
        await session.Execute("update cloud_records set superseded = $1 where app_id = $2 and row_no = $3", by, app.Id, before.Row);
        await session.Execute("update cloud_fields set live = $1 where app_id = $2 and row_no = $3", false, app.Id, before.Row);
    }

    private async ValueTask Flush()
    {
        if (records.Count == 0)
        {
            return;
        }

        if (session.Kind.IsSqlite)
        {
            await FlushSqlite();
        }
        else
        {
            await FlushPostgres();
        }

        flushed = records[^1].Row;
        records.Clear();
        entries.Clear();
    }

    private async ValueTask FlushSqlite()
    {
        foreach (var r in records)
        {
            await session.Execute("insert into cloud_records (app_id, row_no, recordset, id, rev, created_at, created_by, modified_at, modified_by, "
                + "previous, superseded, deleted, content) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)", app.Id, r.Row,
                r.Recordset, r.Id, r.Rev, r.CreatedAt, r.CreatedBy, r.ModifiedAt, r.ModifiedBy, r.Previous, r.Superseded, r.Deleted, r.Content);
        }

        var superseded = records.Where(r => r.Superseded is not null).Select(r => r.Row).ToHashSet();
        foreach (var (at, (field, value)) in entries)
        {
            await session.Execute("insert into cloud_fields (app_id, live, field, kind, num, sort, row_no, whole) "
                + "values ($1, $2, $3, $4, $5, $6, $7, $8)",
                app.Id, !superseded.Contains(at), field, (int)value.Kind, value.Num, value.Sort, at, value.Whole);
        }
    }

    private async ValueTask FlushPostgres()
    {
        await session.Execute("insert into cloud_records (app_id, row_no, recordset, id, rev, created_at, created_by, modified_at, modified_by, "
            + "previous, superseded, deleted, content) select $1, * from unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], "
            + "$7::text[], $8::bigint[], $9::text[], $10::bigint[], $11::bigint[], $12::boolean[], $13::text[])", app.Id,
            Column(r => r.Row), Column(r => r.Recordset), Column(r => r.Id), Column(r => r.Rev), Column(r => r.CreatedAt), Column(r => r.CreatedBy),
            Column(r => r.ModifiedAt), Column(r => r.ModifiedBy), Column(r => r.Previous), Column(r => r.Superseded), Column(r => r.Deleted),
            Column(r => r.Content));
        if (entries.Count > 0)
        {
            var superseded = records.Where(r => r.Superseded is not null).Select(r => r.Row).ToHashSet();
            await session.Execute("insert into cloud_fields (app_id, live, field, kind, num, sort, row_no, whole) "
                + "select $1, * from unnest($2::boolean[], $3::bigint[], $4::smallint[], $5::float8[], $6::text[], $7::bigint[], $8::text[])", app.Id,
                Entry(e => !superseded.Contains(e.Row)), Entry(e => e.Entry.Field), Entry(e => (short)e.Entry.Value.Kind),
                Entry(e => e.Entry.Value.Num), Entry(e => e.Entry.Value.Sort), Entry(e => e.Row), Entry(e => e.Entry.Value.Whole));
        }

        T[] Column<T>(Func<Record, T> of) => [.. records.Select(of)];
        T[] Entry<T>(Func<(long Row, FieldEntry Entry), T> of) => [.. entries.Select(of)];
    }
}
