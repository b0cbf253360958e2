using Remix.AgentCloud.Records;

namespace Remix.AgentCloud.Queries;

/// <summary>A query: records go in, each stage passes its rows on to the next.</summary>
internal sealed record Query(IReadOnlyList<Stage> Stages)
{
    public const int RowsMax = 10_000;
    public const int SkipMax = 1_000_000;
    public const int StagesMax = 50;
    public const int DepthMax = 32;
    public const int NodesMax = 1000;
    public const int ListMax = 1000;
    public const int BytesMax = 64 * 1024;

    /// <summary>A longer beginning cannot be looked for: texts are indexed by about so many characters.</summary>
    public const int LikeLengthMax = 500;

    /// <summary>The same of one recordset's records alone.</summary>
    public Query Within(string? recordset) => recordset is null ? this : new([
        new Filter(new Comparison(CompareOp.Equal, new FieldPath([SystemField.Recordset]), new Literal(FieldValue.Text(recordset)))), .. Stages]);

    /// <summary>The stages with further ones behind them.</summary>
    public Query Then(IEnumerable<Stage> more) => new([.. Stages, .. more]);
}

internal abstract record Stage;

internal sealed record Filter(Condition Condition) : Stage;

/// <summary>The first one breaks ties by row, in its own direction; each further one keeps the order it finds.</summary>
internal sealed record Order(IReadOnlyList<FieldPath> Keys, bool IsDescending) : Stage;

internal sealed record Reverse : Stage;

internal sealed record Skip(long Count) : Stage;

internal sealed record Limit(long Count) : Stage;

/// <summary>How many rows there are, instead of them; nothing can follow.</summary>
internal sealed record Count : Stage;

/// <summary>One row <c>{key, count}</c> for each value that the field has, in their order.</summary>
internal sealed record Group(FieldPath Key) : Stage;

/// <summary>Rows with other fields, made from the ones there are.</summary>
internal sealed record Project(ProjectedMap Map) : Stage;

internal abstract record Projected;

internal sealed record ProjectedPath(FieldPath Path) : Projected;

internal sealed record ProjectedValue(FieldValue Value) : Projected;

internal sealed record ProjectedMap(IReadOnlyList<(string Name, Projected Value)> Members) : Projected;

/// <summary>
/// Something that is true, false or unknown of a row: unknown where a field is missing or is of another kind than what it
/// is compared with. Only rows of which it is true are chosen.
/// </summary>
internal abstract record Condition;

internal sealed record Comparison(CompareOp Op, FieldPath Key, Operand Operand) : Condition;

internal sealed record Exists(FieldPath Key) : Condition;

/// <summary>True when all are, and so when there are none.</summary>
internal sealed record All(IReadOnlyList<Condition> Of) : Condition;

internal sealed record Any(IReadOnlyList<Condition> Of) : Condition;

internal sealed record Not(Condition Of) : Condition;

internal abstract record Operand;

internal sealed record Literal(FieldValue Value) : Operand;

/// <summary>A value that the one who runs the query gives.</summary>
internal sealed record Param(string Name) : Operand;

internal sealed record ManyOperands(IReadOnlyList<Operand> Of) : Operand;

internal enum CompareOp
{
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,

    /// <summary>A text has this in it, or a list this element.</summary>
    Contains,

    /// <summary>A text begins with this.</summary>
    Like,
    In,
    NotIn,

    /// <summary>All elements of a list are among these.</summary>
    AllIn,
    NotAllIn,
}

internal static class CompareOps
{
    private static readonly Dictionary<string, CompareOp> ByName = new(StringComparer.Ordinal)
    {
        ["=="] = CompareOp.Equal,
        ["!="] = CompareOp.NotEqual,
        [">"] = CompareOp.Greater,
        [">="] = CompareOp.GreaterOrEqual,
        ["<"] = CompareOp.Less,
        ["<="] = CompareOp.LessOrEqual,
        ["contains"] = CompareOp.Contains,
        ["like"] = CompareOp.Like,
        ["in"] = CompareOp.In,
        ["not_in"] = CompareOp.NotIn,
        ["all_in"] = CompareOp.AllIn,
        ["not_all_in"] = CompareOp.NotAllIn,
    };

    private static readonly Dictionary<CompareOp, string> Names = ByName.ToDictionary(pair => pair.Value, pair => pair.Key);

    public static IEnumerable<string> All => ByName.Keys;

    public static bool TryParse(string? name, out CompareOp op)
    {
        op = default;
        return name is not null && ByName.TryGetValue(name, out op);
    }

    public static string Name(this CompareOp op) => Names[op];

    /// <summary>Whether it compares with a list of values.</summary>
    public static bool TakesMany(this CompareOp op) => op is CompareOp.In or CompareOp.NotIn or CompareOp.AllIn or CompareOp.NotAllIn;

    /// <summary>The one that is true where this is false; unknown stays unknown. Null: it has no name of its own.</summary>
    public static CompareOp? Opposite(this CompareOp op) => op switch
    {
        CompareOp.Equal => CompareOp.NotEqual,
        CompareOp.NotEqual => CompareOp.Equal,
        CompareOp.Greater => CompareOp.LessOrEqual,
        CompareOp.LessOrEqual => CompareOp.Greater,
        CompareOp.Less => CompareOp.GreaterOrEqual,
        CompareOp.GreaterOrEqual => CompareOp.Less,
        CompareOp.In => CompareOp.NotIn,
        CompareOp.NotIn => CompareOp.In,
        CompareOp.AllIn => CompareOp.NotAllIn,
        CompareOp.NotAllIn => CompareOp.AllIn,
        _ => null,
    };
}
