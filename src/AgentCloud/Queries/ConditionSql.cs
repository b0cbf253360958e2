using Remix.AgentCloud.Records;

namespace Remix.AgentCloud.Queries;

/// <summary>
/// Conditions on a version in SQL. <c>not</c> is carried down to the comparisons, each of which knows where it is true and
/// where it is false; where it is unknown, it is neither.
/// </summary>
/// <param name="row">The expression of the version's row.</param>
internal sealed class ConditionSql(SqlText sql, string app, string row, SystemSql system)
{
    private const string Always = "1 = 1";
    private const string Never = "1 = 0";

    private readonly ValueSql values = new(sql);

    public static string ShortList => $"f.kind = {(int)FieldKind.List} and f.num <= {RecordContent.ListIndexedMax}";

    public string Where(Condition condition, bool isNegated = false) => condition switch
    {
        All all => Series(all.Of, isNegated, isNegated ? " or " : " and "),
        Any any => Series(any.Of, isNegated, isNegated ? " and " : " or "),
        Not not => Where(not.Of, !isNegated),
        Known known => known.Value == !isNegated ? Always : Never,
        Exists { Key.IsSystem: true } => isNegated ? Never : Always,
        Exists exists => Probe(exists.Key.Field, null, isNegated),
        Comparison { Key.IsSystem: true } comparison => system.Compare(comparison, isNegated) ?? Never,
        Comparison comparison => Content(comparison, isNegated),
        _ => throw new ArgumentException("A condition that nobody knows.", nameof(condition)),
    };

    /// <summary>Whether a value of the row lies there; each is looked up by itself, whatever the database thinks of it.</summary>
    public string Probe(long field, string? condition, bool isNegated = false) =>
        $"{(isNegated ? "not " : "")}exists (select 1 from cloud_fields f{sql.Kind.By("cloud_fields_by_row")} "
        + $"where f.app_id = {app} and f.row_no = {row} and f.field = {sql.Add(field)}"
        + $"{(condition is null ? "" : " and " + condition)} limit 1 offset 0)";

    private string Series(IReadOnlyList<Condition> of, bool isNegated, string word) => of.Count == 0
        ? word == " and " ? Always : Never
        : $"({string.Join(word, of.Select(one => Where(one, isNegated)))})";

    private string Content(Comparison comparison, bool isNegated)
    {
        switch (isNegated ? comparison.Op.Opposite() ?? comparison.Op : comparison.Op)
        {
            case CompareOp.Contains:
                return Contains(comparison, isNegated);
            case CompareOp.AllIn:
                return $"({Probe(comparison.Key.Field, ShortList)} and {Probe(comparison.Key.Elements, Others(comparison), isNegated: true)})";
            case CompareOp.NotAllIn:
                return $"({Probe(comparison.Key.Field, ShortList)} and {Probe(comparison.Key.Elements, Others(comparison))})";
            default:
                return values.Compare(comparison.Op, isNegated, comparison.Operand, ValueColumns.Index) is { } condition
                    ? Probe(comparison.Key.Field, condition) : Never;
        }
    }

    /// <summary>The elements that are none of the values.</summary>
    private string Others(Comparison comparison) => $"not {values.IsAny(
        [.. ((ManyOperands)comparison.Operand).Of.OfType<Literal>().Select(literal => literal.Value)], ValueColumns.Index)}";

    private string Contains(Comparison comparison, bool isNegated)
    {
        if (comparison.Operand is not Literal { Value: { IsComparable: true } value })
        {
            return Never;
        }

        var element = Probe(comparison.Key.Elements, values.Equal(value, ValueColumns.Index), isNegated);
        var list = isNegated ? $"({Probe(comparison.Key.Field, ShortList)} and {element})" : element;
        return values.Compare(CompareOp.Contains, isNegated, comparison.Operand, ValueColumns.Index) is { } text
            ? $"({Probe(comparison.Key.Field, text)} or {list})" : list;
    }
}
