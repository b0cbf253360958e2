using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Records;
using Remix.Platform.Data;

namespace Remix.AgentCloud.Queries;

/// <summary>The statements of one query on one app, as of one moment. They find rows; contents are read afterwards.</summary>
internal sealed class QuerySql(SqlSession session, App app, RecordScope scope, long lastRow, QueryPlan plan, RowSet? few, RowSet? many)
{
    public async ValueTask<long> CountRows()
    {
        var set = few ?? many;
        var sql = new SqlText(session.Kind);
        if (set is { IsExact: true, Selects: [var one] } && scope.IsCurrent)
        {
            // What the index calls live is current and not deleted, and has one value in each field.
            return await session.Scalar<long>($"select count(*) from ({one(sql)}) s", sql.Arguments);
        }

        var text = $"select count(*) from cloud_records r where {Wanted(sql, set, set == few)}";
        return await session.Scalar<long>(text, sql.Arguments);
    }

    /// <summary>The values of the group's key, how often each is there, in their order; one more than may be.</summary>
    public async ValueTask<List<(FieldValue Key, long Count)>> Groups(FieldPath key)
    {
        var sql = new SqlText(session.Kind);
        var at = key.IsSystem ? System(sql).Columns(key.Names[0]) : ValueColumns.Index;
        var from = key.IsSystem ? "cloud_records r" : "cloud_fields f join cloud_records r on r.app_id = f.app_id and r.row_no = f.row_no";
        var where = key.IsSystem ? "" : $"f.app_id = {sql.Add(app.Id)} and f.field = {sql.Add(key.Field)} "
            + $"and {QueryDriver.Live(sql, scope.IsCurrent)} and f.kind in ({string.Join(", ", ValueSql.Comparable.Select(kind => (int)kind))}) and ";
        var isBare = !key.IsSystem && scope.IsCurrent && plan.Where is All { Of: [] };
        var text = $"select {at.Kind} as k, {at.Num} as n, {at.Sort} as s, count(*) from {(isBare ? "cloud_fields f" : from)} "
            + $"where {where}{(isBare ? "1 = 1" : Wanted(sql, few, true))} group by {(key.IsSystem ? "1, 2, 3" : "f.kind, f.num, f.sort")} "
            + $"order by 1, 2, 3 limit {sql.Add(Query.RowsMax + 1L)}";
        var groups = await session.Query(text, row => (Key: QueryValues.Of(key, Convert.ToInt32(row.GetValue(0), null),
            Convert.ToDouble(row.GetValue(1), null), row.Text(2) ?? ""), Count: row.GetInt64(3)), sql.Arguments);
        for (var i = 0; i < groups.Count && !key.IsSystem; i++)
        {
            if (groups[i].Key.IsCut)
            {
                groups[i] = (groups[i].Key with { Whole = await Whole(key, groups[i].Key) }, groups[i].Count);
            }
        }

        return groups;
    }

    /// <summary>A long text is asked for by itself: it is not in the index, by which the groups are counted.</summary>
    private async ValueTask<string?> Whole(FieldPath key, FieldValue value)
    {
        var sql = new SqlText(session.Kind);
        return await session.Scalar<string>("select f.whole from cloud_fields f "
            + $"where f.app_id = {sql.Add(app.Id)} and f.field = {sql.Add(key.Field)} and {QueryDriver.Live(sql, scope.IsCurrent)} "
            + $"and f.kind = {(int)value.Kind} and f.num = 0 and f.sort = {sql.Add(value.Sort)} limit 1",
            sql.Arguments);
    }

    /// <summary>The rows in their order, as far as they are needed.</summary>
    public async ValueTask<List<long>> Rows(long most)
    {
        if ((few ?? many) is { IsExact: true } set && scope.IsCurrent && plan.Order.Count == 0 && (few is not null || set.IsInOrder))
        {
            return await Found(set, most);
        }

        if (few is not null || plan.Order.Count == 0 || plan.Order[0].Key.IsSystem || !scope.IsCurrent)
        {
            return await Sorted(few, most);
        }

        if (plan.Order.Count > 1)
        {
            return await Sorted(await Foremost(plan.Order[0], most), most);
        }

        // The index has the order; rows without the field are not in it, and come before or after.
        var term = plan.Order[0];
        List<long> rows = [];
        foreach (var isMissing in term.MissingFirst ? [true, false] : (bool[])[false, true])
        {
            if (rows.Count < most)
            {
                rows.AddRange(isMissing ? await Without(term, most - rows.Count) : await InOrder(term, most - rows.Count));
            }
        }

        return rows;
    }

    /// <summary>What the index finds is the answer.</summary>
    private async ValueTask<List<long>> Found(RowSet set, long most)
    {
        var sql = new SqlText(session.Kind);

        // The sign keeps the database from going through everything only because it lies in the order of its rows.
        var text = set.Selects is [var one] ? $"{one(sql)} order by {(set.IsInOrder ? "" : "+")}f.row_no{Direction} limit {sql.Add(most)}"
            : $"select distinct s.row_no from ({set.Write(sql)}) s order by s.row_no{Direction} limit {sql.Add(most)}";
        return await session.Query(text, row => row.GetInt64(0), sql.Arguments);
    }

    /// <summary>
    /// Where several keys give the order: the rows up to the place in the first one's where there are enough, and all that share
    /// that place. Null where there are not so many that have the field.
    /// </summary>
    private async ValueTask<RowSet?> Foremost(OrderTerm term, long most)
    {
        if (term.MissingFirst || await InOrder(term, most) is not { Count: > 0 } rows || rows.Count < most)
        {
            return null;
        }

        var last = (await session.Query("select kind, num, sort from cloud_fields where app_id = $1 and row_no = $2 and field = $3",
            row => (Kind: (long)row.GetInt16(0), Num: row.GetDouble(1), Sort: row.GetString(2)), app.Id, rows[^1], term.Key.Field))[0];
        return new RowSet([sql => $"select f.row_no from cloud_fields f where f.app_id = {sql.Add(app.Id)} and f.field = {sql.Add(term.Key.Field)} "
            + $"and f.live = {sql.Add(true)} and (f.kind, f.num, f.sort) {(term.IsDescending ? ">=" : "<=")} "
            + $"({sql.Add(last.Kind)}, {sql.Add(last.Num)}, {sql.Add(last.Sort)})"], false);
    }

    private async ValueTask<List<long>> Sorted(RowSet? among, long most)
    {
        var sql = new SqlText(session.Kind);
        var (joins, order) = ("", "");
        foreach (var (term, index) in plan.Order.Select((term, index) => (term, index)))
        {
            var direction = term.IsDescending ? " desc" : "";
            if (term.Key.IsSystem)
            {
                var at = System(sql).Columns(term.Key.Names[0]);
                order += string.Concat(new[] { at.Kind, at.Num, at.Sort }.Where(IsNoConstant).Select(column => $"{column}{direction}, "));
                continue;
            }

            var o = $"o{index}";
            joins += $" left join cloud_fields {o} on {o}.app_id = r.app_id and {o}.row_no = r.row_no and {o}.field = {sql.Add(term.Key.Field)}";
            order += $"(case when {o}.kind is null then {(term.MissingFirst ? "0 else 1" : "1 else 0")} end), "
                + $"{o}.kind{direction}, {o}.num{direction}, {o}.sort{direction}, ";
        }

        var text = $"select r.row_no from cloud_records r{joins} where {Wanted(sql, among, true)} "
            + $"order by {order}r.row_no{Direction} limit {sql.Add(most)}";
        return await session.Query(text, row => row.GetInt64(0), sql.Arguments);
    }

    private async ValueTask<List<long>> InOrder(OrderTerm term, long most)
    {
        var sql = new SqlText(session.Kind);
        var number = sql.Add(app.Id);
        var (direct, others) = OnField(term.Key);
        var needsRecord = others.Any(NamesSystem);
        var conditions = new ConditionSql(sql, number, "t.row_no", System(sql));
        var values = new ValueSql(sql);
        var where = string.Concat(direct.Select(c => " and " + (values.Compare(c.Op, false, c.Operand, ValueColumns.Of("t")) ?? "1 = 0"))
            .Concat(others.Select(one => " and " + conditions.Where(one))));
        var direction = term.IsDescending ? " desc" : "";
        var record = needsRecord ? " join cloud_records r on r.app_id = t.app_id and r.row_no = t.row_no" : "";
        var text = $"select t.row_no from cloud_fields t{record} "
            + $"where t.app_id = {number} and t.field = {sql.Add(term.Key.Field)} and t.live = {sql.Add(true)}{where} "
            + $"order by t.kind{direction}, t.num{direction}, t.sort{direction}, t.row_no{Direction} limit {sql.Add(most)}";
        return await session.Query(text, row => row.GetInt64(0), sql.Arguments);
    }

    private async ValueTask<List<long>> Without(OrderTerm term, long most)
    {
        if (OnField(term.Key).Direct.Count > 0)
        {
            return [];
        }

        var sql = new SqlText(session.Kind);
        var number = sql.Add(app.Id);
        var missing = new ConditionSql(sql, number, "r.row_no", System(sql)).Probe(term.Key.Field, null, isNegated: true);
        var text = $"select r.row_no from cloud_records r where {Wanted(sql, null, true)} and {missing} "
            + $"order by r.row_no{Direction} limit {sql.Add(most)}";
        return await session.Query(text, row => row.GetInt64(0), sql.Arguments);
    }

    /// <summary>What must hold of the very field that gives the order, and can be looked up in the same place; and the rest.</summary>
    private (List<Comparison> Direct, List<Condition> Others) OnField(FieldPath key)
    {
        var parts = plan.Where is All all ? all.Of : [plan.Where];
        var direct = parts.OfType<Comparison>().Where(part => part.Key.Equals(key)
            && part.Op is not (CompareOp.Contains or CompareOp.AllIn or CompareOp.NotAllIn)).ToList();
        return (direct, [.. parts.Except(direct, ReferenceEqualityComparer.Instance).Cast<Condition>()]);
    }

    private static bool NamesSystem(Condition condition) => condition switch
    {
        All all => all.Of.Any(NamesSystem),
        Any any => any.Of.Any(NamesSystem),
        Not not => NamesSystem(not.Of),
        Comparison comparison => comparison.Key.IsSystem,
        _ => false,
    };

    private string Direction => plan.NewestFirst ? " desc" : "";

    /// <summary>The condition on a version <c>r</c>: seen at all, among the set, and what the query says.</summary>
    private string Wanted(SqlText sql, RowSet? set, bool isFew)
    {
        var number = sql.Add(app.Id);
        var seen = $"r.app_id = {number}";
        if (scope.AsOf is not null)
        {
            seen += $" and {scope.Condition(sql.Add(lastRow))}";
        }
        else
        {
            seen += (scope.IncludeSuperseded ? "" : " and r.superseded is null") + (scope.IncludeDeleted ? "" : " and r.deleted = false");
        }

        if (set is not null)
        {
            seen += " and " + (isFew ? session.Kind.IsAmongFew("r.row_no", set.Write(sql)) : $"r.row_no in ({set.Write(sql)})");
        }

        return set is { IsExact: true } || plan.Where is All { Of: [] } ? seen
            : $"{seen} and {new ConditionSql(sql, number, "r.row_no", System(sql)).Where(plan.Where)}";
    }

    private SystemSql System(SqlText sql) => new(sql, sql.Add(lastRow));

    /// <summary>In an order, a number would mean a column of the answer.</summary>
    private static bool IsNoConstant(string expression) => expression.Contains("r.", StringComparison.Ordinal);
}
