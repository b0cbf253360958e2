using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Data;
using Remix.AgentCloud.Records;
using Remix.Platform.Data;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Queries;

/// <summary>What a query came to.</summary>
/// <param name="Value">An array of rows, or a number when the query ends with <c>count</c>.</param>
/// <param name="Rows">How many rows; of a count, 1.</param>
internal sealed record QueryAnswer(JsonElement Value, int Rows);

/// <summary>Runs queries: in the database, on one moment's state, within a time and a size.</summary>
internal sealed class QueryRunner(WorkspaceData data, int fewMax)
{
    public const int AnswerBytesMax = 32 * 1024 * 1024;

    /// <summary>How long the database may work on one query.</summary>
    public static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(5);

    /// <summary>How many queries of one workspace run at once: the others wait, and other workspaces do not.</summary>
    public const int AtOnceMax = 4;

    private const int FetchRows = 500;

    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new(StringComparer.Ordinal);

    public QueryRunner(WorkspaceData data) : this(data, QueryDriver.FewMax)
    {
    }

    public Task<QueryAnswer> Run(string workspaceId, string app, Query query) => Run(workspaceId, app, query, RecordScope.Current);

    /// <summary>Runs a query whose parameters are bound.</summary>
    public async Task<QueryAnswer> Run(string workspaceId, string app, Query query, RecordScope scope)
    {
        var plan = QueryPlan.Of(query);
        var turn = turns.GetOrAdd(workspaceId, _ => new SemaphoreSlim(AtOnceMax));
        if (!await turn.WaitAsync(2 * TimeMax))
        {
            throw Fault.Overloaded();
        }

        try
        {
            return await data.ReadWithin(workspaceId, TimeMax, async session =>
                await CloudApps.Find(session, workspaceId, app) is { } home
                    ? await Run(session, home, plan, scope)
                    : Answer(plan, [], 0));
        }
        catch (Exception e) when (DatabaseKind.IsOutOfTime(e))
        {
            throw new Fault(503, "QUERY_TOO_SLOW", $"The query took longer than {TimeMax.TotalSeconds:0} seconds and was stopped")
            {
                Hint = "Compare a field with ==, <, > or in, so that few records are left to look at, or order by one field and limit the rows.",
            };
        }
        finally
        {
            turn.Release();
        }
    }

    private async ValueTask<QueryAnswer> Run(SqlSession session, App app, QueryPlan plan, RecordScope scope)
    {
        var lastRow = scope.AsOf is { } moment ? await RecordStore.RowAt(session, app, moment) : long.MaxValue;
        var (set, isFew) = plan.Where is All { Of: [] } ? (null, false)
            : await new QueryDriver(app, scope.IsCurrent, fewMax).Choose(session, plan.Where);
        var sql = new QuerySql(session, app, scope, lastRow, plan, isFew ? set : null, set);
        switch (plan.End)
        {
            case PlanEnd.Count:
                return Answer(plan, [], await sql.CountRows());
            case PlanEnd.Groups:
                return Answer(plan, await Groups(sql, plan), 0);
            default:
                var rows = plan.Limit == 0 ? [] : await sql.Rows(plan.Skip + plan.Limit);
                return Answer(plan, await Fetch(session, app, plan, [.. rows.Skip((int)plan.Skip)], lastRow), 0);
        }
    }

    private static QueryAnswer Answer(QueryPlan plan, IReadOnlyList<JsonElement> rows, long count)
    {
        if (plan.End == PlanEnd.Count)
        {
            var left = Math.Max(0, count - plan.Skip);
            return new QueryAnswer(JsonSerializer.SerializeToElement(plan.HasLimit ? Math.Min(left, plan.Limit) : left), 1);
        }

        var (remaining, number) = QueryRows.Run(rows, plan.Rest);
        return number is { } counted ? new QueryAnswer(JsonSerializer.SerializeToElement(counted), 1)
            : new QueryAnswer(Array(remaining), remaining.Count);
    }

    private static async ValueTask<IReadOnlyList<JsonElement>> Groups(QuerySql sql, QueryPlan plan)
    {
        if (plan.GroupKey is not { } key)
        {
            var count = plan.GroupValue is { IsComparable: true } ? await sql.CountRows() : 0;
            return count > 0 ? [QueryRows.GroupRow(plan.GroupValue!.Value, count)] : [];
        }

        var groups = await sql.Groups(key);
        return groups.Count <= Query.RowsMax ? [.. groups.Select(group => QueryRows.GroupRow(group.Key, group.Count))]
            : throw Fault.BadRequest("TOO_MANY_GROUPS", $"'{key}' has more than {Query.RowsMax} different values", "Choose fewer records first.");
    }

    private static async ValueTask<List<JsonElement>> Fetch(SqlSession session, App app, QueryPlan plan, List<long> rows,
        long lastRow)
    {
        var result = new List<JsonElement>(rows.Count);
        var bytes = 0L;
        foreach (var chunk in rows.Chunk(FetchRows))
        {
            var found = await session.Query($"select {Record.Columns} from cloud_records r where r.app_id = $1 and "
                + session.Kind.IsAmong("r.row_no", "$2"), Record.Read, app.Id, session.Kind.Numbers(chunk));
            var byRow = found.ToDictionary(record => record.Row);
            foreach (var row in chunk)
            {
                var record = byRow[row];
                var shown = record.AsSeen(lastRow).Show();
                bytes += record.Content.Length;
                result.Add(plan.View is { } view ? QueryRows.View(view, shown) : shown);
            }

            if (bytes > AnswerBytesMax)
            {
                throw Fault.BadRequest("ANSWER_TOO_LARGE",
                    $"The records that the query chose are larger than {AnswerBytesMax / (1024 * 1024)} MB together",
                    "Give it a smaller limit, and ask for the rest with skip.");
            }
        }

        return result;
    }

    private static JsonElement Array(IReadOnlyList<JsonElement> rows)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, RecordJson.Writing))
        {
            json.WriteStartArray();
            foreach (var row in rows)
            {
                row.WriteTo(json);
            }

            json.WriteEndArray();
        }

        return JsonDocument.Parse(bytes.WrittenMemory).RootElement;
    }
}
