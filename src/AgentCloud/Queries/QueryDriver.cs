using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Records;
using Remix.Platform.Data;

namespace Remix.AgentCloud.Queries;

/// <summary>Rows that the index finds at once, and among which all that are looked for are.</summary>
/// <param name="Selects">Each writes a select that finds some; a row may be found twice.</param>
/// <param name="IsExact">Whether all that are found are looked for, so that the condition need not be asked again.</param>
/// <param name="IsInOrder">Whether they are found in the order of their rows, so that the first are found without the rest.</param>
internal sealed record RowSet(IReadOnlyList<Func<SqlText, string>> Selects, bool IsExact, bool IsInOrder = false)
{
    public string Write(SqlText sql) => string.Join(" union all ", Selects.Select(select => select(sql)));
}

/// <summary>
/// Finds, for a condition, the part of the index that leads to its rows on the shortest way. How many rows each part has
/// is counted, up to a bound: guesses from statistics are wrong for a table of everybody's fields.
/// </summary>
internal sealed class QueryDriver(App app, bool isCurrent, int fewMax)
{
    /// <summary>Beyond so many, going through the rows in their order is as quick.</summary>
    public const int FewMax = 10_000;

    /// <summary>So few that it is not worth looking for fewer.</summary>
    private const int FewEnough = 200;

    /// <summary>The smallest set, and whether it is small; null when the index leads nowhere.</summary>
    public async ValueTask<(RowSet? Set, bool IsFew)> Choose(SqlSession session, Condition condition)
    {
        RowSet? best = null;
        var least = long.MaxValue;
        foreach (var set in Sets(condition, false).Take(Query.DepthMax))
        {
            var sql = new SqlText(session.Kind);
            var text = $"select count(*) from (select 1 from ({set.Write(sql)}) s limit {sql.Add(fewMax + 1L)}) few";
            var rows = await session.Scalar<long>(text, sql.Arguments);
            if (rows < least)
            {
                (best, least) = (set, rows);
            }

            if (least <= FewEnough)
            {
                break;
            }
        }

        return (best, least <= fewMax);
    }

    /// <summary>The sets in one of which all rows are where the condition is true (or, negated, false).</summary>
    private IEnumerable<RowSet> Sets(Condition condition, bool isNegated) => condition switch
    {
        Not not => Sets(not.Of, !isNegated),
        All all => isNegated ? Either(all.Of, true) : Both(all.Of, false),
        Any any => isNegated ? Both(any.Of, true) : Either(any.Of, false),
        Exists { Key.IsSystem: false } exists when !isNegated => [new RowSet([Select(exists.Key.Field, _ => null)], true)],
        Comparison { Key.IsSystem: false } comparison => Of(comparison, isNegated),
        Comparison { Key.Names: [SystemField.Id], Op: CompareOp.Equal, Operand: Literal { Value: { Kind: FieldKind.Text } id } } when !isNegated =>
            [new RowSet([sql => $"select x.row_no from cloud_records x where x.app_id = {sql.Add(app.Id)} and x.id = {sql.Add(id.Written)}"], false)],
        Comparison { Key.Names: [SystemField.Recordset], Op: CompareOp.Equal, Operand: Literal { Value: { Kind: FieldKind.Text } name } }
            when !isNegated && isCurrent => [new RowSet([sql => OfRecordset(sql, name.Written)], true, true)],
        _ => [],
    };

    /// <summary>An index of what is current has the records of each recordset in the order of their rows.</summary>
    private string OfRecordset(SqlText sql, string name) => $"select f.row_no from cloud_records f{sql.Kind.By("cloud_records_by_set")} "
        + $"where f.app_id = {sql.Add(app.Id)} and f.recordset = {sql.Add(name)} and f.superseded is null and f.deleted = false";

    private IEnumerable<RowSet> Both(IReadOnlyList<Condition> of, bool isNegated) =>
        of.SelectMany(one => Sets(one, isNegated)).Select(set => set with { IsExact = set.IsExact && of.Count == 1 });

    /// <summary>All of them together, when the index leads to each.</summary>
    private IEnumerable<RowSet> Either(IReadOnlyList<Condition> of, bool isNegated)
    {
        var sets = of.Select(one => Sets(one, isNegated).FirstOrDefault()).ToList();
        return sets.Count is 0 or > Query.DepthMax || sets.Contains(null) ? []
            : [new RowSet([.. sets.SelectMany(set => set!.Selects)], sets.All(set => set!.IsExact))];
    }

    private IEnumerable<RowSet> Of(Comparison comparison, bool isNegated)
    {
        var op = isNegated ? comparison.Op.Opposite() ?? comparison.Op : comparison.Op;
        if (op is CompareOp.AllIn or CompareOp.NotAllIn || (op == CompareOp.Contains && isNegated))
        {
            return op == CompareOp.Contains ? [] : [new RowSet([Select(comparison.Key.Field, _ => ConditionSql.ShortList)], false)];
        }

        var values = Select(comparison.Key.Field, sql =>
            new ValueSql(sql).Compare(comparison.Op, isNegated, comparison.Operand, ValueColumns.Index) ?? "1 = 0");
        return op == CompareOp.Contains && comparison.Operand is Literal { Value: { IsComparable: true } value }
            ? [new RowSet([values, Select(comparison.Key.Elements, sql => new ValueSql(sql).Equal(value, ValueColumns.Index))], true)]
            : [new RowSet([values], true, op == CompareOp.Equal)];
    }

    private Func<SqlText, string> Select(long field, Func<SqlText, string?> condition) => sql =>
        $"select f.row_no from cloud_fields f where f.app_id = {sql.Add(app.Id)} and f.field = {sql.Add(field)} and {Live(sql, isCurrent)}"
        + (condition(sql) is { } text ? " and " + text : "");

    /// <summary>The part of the index that knows what is current, or both parts: named, so that the index is used to its end.</summary>
    public static string Live(SqlText sql, bool isCurrent) => isCurrent
        ? $"f.live = {sql.Add(true)}" : $"f.live in ({sql.Add(false)}, {sql.Add(true)})";
}
