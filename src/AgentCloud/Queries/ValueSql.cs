using Remix.AgentCloud.Records;

namespace Remix.AgentCloud.Queries;

/// <summary>The SQL expressions under which a value is found: columns of the index, or facts of a version.</summary>
internal sealed record ValueColumns(string Kind, string Num, string Sort, string Whole, bool IsRaw = false)
{
    public static readonly ValueColumns Index = Of("f");

    /// <summary>The columns of the index under that alias.</summary>
    public static ValueColumns Of(string alias) => new($"{alias}.kind", $"{alias}.num", $"{alias}.sort", $"coalesce({alias}.whole, {alias}.sort)");
}

/// <summary>Comparisons of one value in SQL. Null stands for what is never true.</summary>
internal sealed class ValueSql(SqlText sql)
{
    private const string Never = "1 = 0";

    /// <summary>Where the comparison is true; <paramref name="isNegated"/>: where it is false.</summary>
    public string? Compare(CompareOp op, bool isNegated, Operand operand, ValueColumns at)
    {
        op = isNegated ? op.Opposite() ?? op : op;
        return operand switch
        {
            ManyOperands when op is CompareOp.AllIn or CompareOp.NotAllIn => null,
            ManyOperands many => Many(op, [.. many.Of.OfType<Literal>().Select(literal => literal.Value)], at),
            Literal { Value: { IsComparable: true } value } => op switch
            {
                CompareOp.Equal => Equal(value, at),
                CompareOp.Like => value.Kind == FieldKind.Text ? Like(value.Written, isNegated, at) : null,
                CompareOp.Contains => value.Kind == FieldKind.Text ? Contains(value.Written, isNegated, at) : null,
                _ => Than(op, value, at),
            },
            _ => null,
        };
    }

    /// <summary>All columns are named, so that the index gives the rows in their order.</summary>
    public string Equal(FieldValue value, ValueColumns at) => value.Kind switch
    {
        FieldKind.Null => $"({Of(value.Kind, at)} and {at.Num} = 0 and {at.Sort} = '')",
        FieldKind.Bool or FieldKind.Number => $"({Of(value.Kind, at)}{And("=", value, at)} and {at.Sort} = '')",
        _ => $"({Of(value.Kind, at)}{And("=", value, at)})",
    };

    /// <summary>Whether it is any of the values; two-valued, whatever the kind.</summary>
    public string IsAny(IReadOnlyList<FieldValue> values, ValueColumns at) => !values.Any(value => value.IsComparable) ? Never
        : $"({string.Join(" or ", ByKind(values).Select(kind => OneOf(kind.Key, kind, "in", at)))})";

    private string? Many(CompareOp op, IReadOnlyList<FieldValue> values, ValueColumns at)
    {
        if (values.Count == 0)
        {
            return op == CompareOp.NotIn ? $"{at.Kind} in ({string.Join(", ", Comparable.Select(kind => (int)kind))})" : null;
        }

        var kinds = ByKind(values).ToList();
        return kinds.Count == 0 ? null
            : $"({string.Join(" or ", kinds.Select(kind => OneOf(kind.Key, kind, op == CompareOp.In ? "in" : "not in", at)))})";
    }

    private static IEnumerable<IGrouping<FieldKind, FieldValue>> ByKind(IReadOnlyList<FieldValue> values) =>
        values.Where(value => value.IsComparable).GroupBy(value => value.Kind);

    /// <summary>The kinds that have an order among themselves.</summary>
    public static readonly IReadOnlyList<FieldKind> Comparable =
        [FieldKind.Null, FieldKind.Bool, FieldKind.Number, FieldKind.Text, FieldKind.Ref, FieldKind.Bin];

    private string OneOf(FieldKind kind, IEnumerable<FieldValue> values, string word, ValueColumns at) => kind switch
    {
        FieldKind.Null => word == "in" ? $"{at.Kind} = 0" : Never,
        FieldKind.Bool or FieldKind.Number =>
            $"({Of(kind, at)} and {at.Num} {word} ({string.Join(", ", values.Select(value => sql.Add(value.Num)))}))",
        _ => $"({Of(kind, at)} and {at.Sort} {word} ({string.Join(", ", values.Select(value => sql.Add(Text(value, at))))}))",
    };

    private string? Than(CompareOp op, FieldValue value, ValueColumns at)
    {
        var sign = op switch
        {
            CompareOp.NotEqual => "<>",
            CompareOp.Greater => ">",
            CompareOp.GreaterOrEqual => ">=",
            CompareOp.Less => "<",
            _ => "<=",
        };
        return value.Kind != FieldKind.Null ? $"({Of(value.Kind, at)}{And(sign, value, at)})"
            : sign.EndsWith('=') ? Of(value.Kind, at) : null;
    }

    private string And(string sign, FieldValue value, ValueColumns at) => value.Kind switch
    {
        FieldKind.Null => "",
        FieldKind.Bool or FieldKind.Number => $" and {at.Num} {sign} {sql.Add(value.Num)}",
        _ => $" and {at.Sort} {sign} {sql.Add(Text(value, at))}",
    };

    /// <summary>Texts have no number, which is said so that the index is used to its last column.</summary>
    private static string Of(FieldKind kind, ValueColumns at) => kind >= FieldKind.Text && !at.IsRaw
        ? $"{at.Kind} = {(int)kind} and {at.Num} = 0" : $"{at.Kind} = {(int)kind}";

    private static string Text(FieldValue value, ValueColumns at) => at.IsRaw ? value.Written : value.Sort;

    private string Like(string beginning, bool isNegated, ValueColumns at)
    {
        var kind = Of(FieldKind.Text, at);
        if (beginning.Length == 0)
        {
            return isNegated ? Never : kind;
        }

        var after = TextRange.After(beginning);
        var (from, to) = (sql.Add(beginning), after is null ? null : sql.Add(after));
        return isNegated ? $"({kind} and ({at.Sort} < {from}{(to is null ? "" : $" or {at.Sort} >= {to}")}))"
            : $"({kind} and {at.Sort} >= {from}{(to is null ? "" : $" and {at.Sort} < {to}")})";
    }

    private string Contains(string part, bool isNegated, ValueColumns at) =>
        $"({Of(FieldKind.Text, at)} and {sql.Kind.Position(at.Whole, sql.Add(part))} {(isNegated ? "=" : ">")} 0)";
}
