using Remix.AgentCloud.Records;

namespace Remix.AgentCloud.Queries;

/// <summary>The facts of a version <c>r</c> as values: ids and names are texts, times are the texts that records show.</summary>
/// <param name="lastRow">The placeholder of the last row that is seen; what came later has not superseded anything yet.</param>
internal sealed class SystemSql(SqlText sql, string lastRow)
{
    public ValueColumns Columns(string name) => name switch
    {
        SystemField.Id => Text("r.id"),
        SystemField.Recordset => Text("r.recordset"),
        SystemField.CreatedBy => Text("r.created_by"),
        SystemField.ModifiedBy => Text("r.modified_by"),
        SystemField.CreatedAt => Number("r.created_at"),
        SystemField.ModifiedAt => Number("r.modified_at"),
        SystemField.Rev => Number("r.rev"),
        SystemField.Row => Number("r.row_no"),
        SystemField.Previous => Number("coalesce(r.previous, 0)") with { Kind = "(case when r.previous is null then 0 else 2 end)" },
        SystemField.Superseded => Bool($"r.superseded is not null and r.superseded <= {lastRow}"),
        _ => Bool("r.deleted"),
    };

    public string? Compare(Comparison comparison, bool isNegated)
    {
        var name = comparison.Key.Names[0];
        if (name is not (SystemField.CreatedAt or SystemField.ModifiedAt))
        {
            return new ValueSql(sql).Compare(comparison.Op, isNegated, comparison.Operand, Columns(name));
        }

        var op = isNegated ? comparison.Op.Opposite() ?? comparison.Op : comparison.Op;
        return comparison.Operand switch
        {
            Literal { Value: { Kind: FieldKind.Text } text } => Time(op, isNegated, text.Written, Columns(name).Num),
            ManyOperands many when op is CompareOp.In or CompareOp.NotIn => Times(op == CompareOp.In, many, Columns(name).Num),
            _ => null,
        };
    }

    private string Time(CompareOp op, bool isNegated, string text, string column) => op switch
    {
        CompareOp.Equal => $"({From(text, false)} <= {column} and {column} < {From(text, true)})",
        CompareOp.NotEqual => $"not ({From(text, false)} <= {column} and {column} < {From(text, true)})",
        CompareOp.Less => $"{column} < {From(text, false)}",
        CompareOp.LessOrEqual => $"{column} < {From(text, true)}",
        CompareOp.GreaterOrEqual => $"{column} >= {From(text, false)}",
        CompareOp.Greater => $"{column} >= {From(text, true)}",
        _ => $"{(isNegated ? "not " : "")}({column} >= {From(text, false)}"
            + $"{(TextRange.After(text) is { } after ? $" and {column} < {From(after, false)}" : "")})",
    };

    private string? Times(bool isIn, ManyOperands many, string column)
    {
        var texts = many.Of.OfType<Literal>().Where(literal => literal.Value.Kind == FieldKind.Text).ToList();
        if (texts.Count == 0)
        {
            return many.Of.Count == 0 && !isIn ? "1 = 1" : null;
        }

        return $"{(isIn ? "" : "not ")}({string.Join(" or ", texts.Select(text => Time(CompareOp.Equal, false, text.Value.Written, column)))})";
    }

    private string From(string text, bool isGreater) => sql.Add(TextRange.FirstTime(text, isGreater));

    private static ValueColumns Text(string column) => new("4", "0", column, column, IsRaw: true);

    private static ValueColumns Number(string column) => new("2", column, "''", "''");

    private static ValueColumns Bool(string condition) => new("1", $"(case when {condition} then 1 else 0 end)", "''", "''");
}
