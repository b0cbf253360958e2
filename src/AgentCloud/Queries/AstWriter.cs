using System.Text.Json.Nodes;
using Remix.AgentCloud.Records;

namespace Remix.AgentCloud.Queries;

/// <summary>Writes a query as its AST, in one way only: reading it gives the same query, and the same query the same JSON.</summary>
internal static class AstWriter
{
    public static string Write(Query query) =>
        new JsonArray([.. query.Stages.Select(Stage)]).ToJsonString(new() { Encoder = RecordJson.Writing.Encoder!, MaxDepth = 1000 });

    private static JsonNode Stage(Stage stage) => stage switch
    {
        Filter filter => Condition(filter.Condition),
        Order order => Invoke(order.IsDescending ? "orderDesc" : "orderAsc", [.. order.Keys.Select(Key)]),
        Reverse => Invoke("reverse"),
        Skip skip => new JsonArray("skip", skip.Count),
        Limit limit => new JsonArray("limit", limit.Count),
        Count => Invoke("count"),
        Group group => Invoke("group", Key(group.Key)),
        Project project => new JsonArray("object", Members(project.Map)),
        _ => throw new ArgumentException("A stage that nobody knows.", nameof(stage)),
    };

    private static JsonArray Invoke(string name, params JsonNode[] arguments) =>
        new("invoke", new JsonArray("token", name), new JsonArray(arguments));

    private static JsonNode Condition(Condition condition) => condition switch
    {
        Comparison c => new JsonArray("comparison", c.Op.Name(), Key(c.Key), Operand(c.Operand)),
        Exists exists => new JsonArray("exists", Key(exists.Key)),
        All all => new JsonArray("and", new JsonArray([.. all.Of.Select(Condition)])),
        Any any => new JsonArray("or", new JsonArray([.. any.Of.Select(Condition)])),
        Not not => new JsonArray("not", Condition(not.Of)),
        _ => throw new ArgumentException("A condition that nobody knows.", nameof(condition)),
    };

    private static JsonNode Key(FieldPath path) => path.Names.Count == 1
        ? JsonValue.Create(path.Names[0])
        : new JsonArray([JsonValue.Create("objectMember"), .. path.Names.Select(name => JsonValue.Create(name))]);

    private static JsonNode? Operand(Operand operand) => operand switch
    {
        Literal literal => Value(literal.Value),
        Param param => new JsonArray("param", param.Name),

        // Written out, because a list of two texts could be taken for a parameter.
        ManyOperands many => new JsonArray("array", new JsonArray([.. many.Of.Select(Operand)])),
        _ => throw new ArgumentException("An operand that nobody knows.", nameof(operand)),
    };

    private static JsonArray Members(ProjectedMap map) =>
        new([.. map.Members.Select(member => (JsonNode)new JsonArray(member.Name, Projected(member.Value)))]);

    private static JsonNode? Projected(Projected projected) => projected switch
    {
        ProjectedPath path => Key(path.Path),
        ProjectedValue { Value.Kind: FieldKind.Text } text => new JsonArray("value", text.Value.Written),
        ProjectedValue value => Value(value.Value),
        ProjectedMap map => new JsonArray("object", Members(map)),
        _ => throw new ArgumentException("A projection that nobody knows.", nameof(projected)),
    };

    /// <summary>A value as JSON; null is JSON's null.</summary>
    public static JsonNode? Value(FieldValue value) => value.Kind switch
    {
        FieldKind.Null => null,
        FieldKind.Bool => JsonValue.Create(value.Num != 0),
        FieldKind.Number when double.IsFinite(value.Num) => JsonValue.Create(value.Num),
        FieldKind.Number => Tag(value.Num > 0 ? "posinf" : "neginf", null),
        FieldKind.NotANumber => Tag("nan", null),
        FieldKind.Text => JsonValue.Create(value.Written),
        FieldKind.Ref => Tag(Tagged.Ref, value.Written),
        FieldKind.Bin => Tag("bin", value.Written),
        _ => throw new ArgumentException("No value that can be written.", nameof(value)),
    };

    private static JsonObject Tag(string tag, string? value) => new() { [Tagged.Type] = "{tag}" + tag, [Tagged.Value] = value };
}
