using Remix.AgentCloud.Queries;
using Remix.AgentCloud.Records;

namespace Remix.Tests.AgentCloud.Queries;

/// <summary>Makes queries and records up, from few names and values, so that they often meet.</summary>
internal sealed class QueryMaker(int seed)
{
    public static readonly string LongText = new string('x', 511) + "é" + new string('y', 90);

    private static readonly string[] Names = ["a", "b", "count", "we`ird name", "ä\"ö"];

    private static readonly string[] Systems =
        [SystemField.Id, SystemField.Rev, SystemField.Row, SystemField.Recordset, SystemField.CreatedBy, SystemField.ModifiedAt, SystemField.Previous,
            SystemField.Superseded, SystemField.Deleted];

    private readonly Random random = new(seed);

    public Query Query() => new(Stages());

    /// <summary>JSON of a record's content.</summary>
    public string Content() => $"{{{string.Join(",", Names.Where(_ => random.Next(3) > 0).Select(name =>
        $"{System.Text.Json.JsonSerializer.Serialize(name)}:{Json(2)}"))}}}";

    public int Next(int max) => random.Next(max);

    public Condition Condition(int depth) => random.Next(depth > 0 ? 8 : 4) switch
    {
        0 => new Exists(Key()),
        1 or 2 or 3 => Comparison(),
        4 => new Not(Condition(depth - 1)),
        5 => new All(Conditions(depth)),
        6 => new Any(Conditions(depth)),
        _ => Comparison(),
    };

    private List<Stage> Stages()
    {
        var stages = Enumerable.Range(0, random.Next(6)).Select(_ => Stage()).ToList();
        if (random.Next(4) == 0)
        {
            stages.Add(new Count());
        }

        return stages;
    }

    private Stage Stage() => random.Next(12) switch
    {
        0 => new Skip(random.Next(6)),
        1 => new Limit(random.Next(12)),
        2 => new Reverse(),
        3 or 4 => new Order([.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Key())], random.Next(2) == 0),
        5 => new Group(Key()),
        6 => new Project(Map(2)),
        _ => new Filter(Condition(3)),
    };

    private ProjectedMap Map(int depth) => new([.. Names.Append("key").Where(_ => random.Next(2) == 0).Select(name => (name, Projected(depth)))]);

    private Projected Projected(int depth) => random.Next(4) switch
    {
        0 => new ProjectedValue(Value()),
        1 when depth > 0 => Map(depth - 1),
        _ => new ProjectedPath(Key()),
    };

    /// <summary>Never one alone, which is written as what it is.</summary>
    private List<Condition> Conditions(int depth) => random.Next(6) == 0 ? []
        : [.. Enumerable.Range(0, random.Next(2, 4)).Select(_ => Condition(depth - 1))];

    private Comparison Comparison()
    {
        var op = (CompareOp)random.Next(12);
        var key = Key();
        if (op == CompareOp.Contains && key.IsSystem)
        {
            key = new FieldPath(["a"]);
        }

        return new Comparison(op, key, op.TakesMany() ? new ManyOperands([.. Enumerable.Range(0, random.Next(4)).Select(_ => new Literal(Value()))])
            : op != CompareOp.Like ? new Literal(Value())
            : new Literal(FieldValue.Text(Pick("", "a", "ab", "x", "é", "\uFFFD", "2", "def", "\U0010FFFF"))));
    }

    private FieldPath Key() => random.Next(10) switch
    {
        0 => new FieldPath([Pick(Systems)]),
        1 or 2 => new FieldPath([Pick(Names), Pick(Names)]),
        3 => new FieldPath(["key"]),
        _ => new FieldPath([Pick(Names)]),
    };

    private FieldValue Value() => random.Next(10) switch
    {
        0 => FieldValue.Null,
        1 => FieldValue.Bool(random.Next(2) == 0),
        2 or 3 => FieldValue.Number(Pick(0, 1, 2, -1.5, 1e300, double.PositiveInfinity, double.NegativeInfinity, double.NaN)),
        4 => FieldValue.Ref(Pick("a", "b")),
        5 => FieldValue.Bin(Pick("AAAA", "AQ==")),
        _ => FieldValue.Text(Pick(Texts)),
    };

    private static readonly string[] Texts =
        ["", "a", "ab", "abc", "b", "1", "é", "\uFFFD", "\U0001F600", "' or 1=1 --", "a\"b\\", "line\nbreak", LongText, LongText + "z", "default",
            "2030-01-01T12:00:00.000Z", "2030"];

    private string Json(int depth) => random.Next(depth > 0 ? 12 : 8) switch
    {
        0 => "null",
        1 => Pick("true", "false"),
        2 or 3 => Pick("0", "-0.0", "1", "2", "-1.5", "1e300", """{"_rmx_type":"{tag}posinf","_rmx_value":null}""",
            """{"_rmx_type":"{tag}nan","_rmx_value":null}"""),
        4 => Pick("""{"_rmx_type":"{tag}case:db.ref","_rmx_value":"a"}""", """{"_rmx_type":"{tag}case:db.ref","_rmx_value":"b"}""",
            """{"_rmx_type":"{tag}bin","_rmx_value":"AAAA"}""", """{"_rmx_type":"{tag}undefined","_rmx_value":null}"""),
        5 or 6 or 7 => System.Text.Json.JsonSerializer.Serialize(Pick(Texts)),
        8 or 9 => Content(depth - 1),
        10 => $"[{string.Join(',', Enumerable.Repeat("1", 101))}]",
        _ => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Json(depth - 1)))}]",
    };

    private string Content(int depth) => $"{{{string.Join(",", Names.Where(_ => random.Next(2) == 0).Select(name =>
        $"{System.Text.Json.JsonSerializer.Serialize(name)}:{Json(depth)}"))}}}";

    private T Pick<T>(params T[] from) => from[random.Next(from.Length)];
}
