using System.Globalization;
using System.Text.Json;
using Remix.AgentCloud.Records;

namespace Remix.AgentCloud.Queries;

/// <summary>Writes the textual form of a query; parsing it gives the same query.</summary>
internal static class QueryPrinter
{
    public static string Print(Query query) => query.Stages.Count == 0 ? "all" : string.Join(" | ", query.Stages.Select(Stage));

    private static string Stage(Stage stage) => stage switch
    {
        Filter filter => "where " + Condition(filter.Condition),
        Order order => $"{(order.IsDescending ? "orderDesc" : "orderAsc")} {string.Join(", ", order.Keys.Select(Key))}",
        Reverse => "reverse",
        Skip skip => $"skip {skip.Count}",
        Limit limit => $"limit {limit.Count}",
        Count => "count",
        Group group => "group " + Key(group.Key),
        Project project => "object " + Map(project.Map),
        _ => throw new ArgumentException("A stage that nobody knows.", nameof(stage)),
    };

    private static string Condition(Condition condition) => condition switch
    {
        Comparison c => $"{Key(c.Key)} {c.Op.Name()} {Operand(c.Operand)}",
        Exists exists => "exists " + Key(exists.Key),
        Not not => "not " + Inner(not.Of),
        All { Of: [] } => "true",
        Any { Of: [] } => "false",
        All all => string.Join(" and ", all.Of.Select(Inner)),
        Any any => string.Join(" or ", any.Of.Select(Inner)),
        _ => throw new ArgumentException("A condition that nobody knows.", nameof(condition)),
    };

    private static string Inner(Condition condition) =>
        condition is All { Of.Count: > 0 } or Any { Of.Count: > 0 } ? $"({Condition(condition)})" : Condition(condition);

    private static string Operand(Operand operand) => operand switch
    {
        Literal literal => Value(literal.Value),
        Param param => "$" + param.Name,
        ManyOperands many => $"[{string.Join(", ", many.Of.Select(Operand))}]",
        _ => throw new ArgumentException("An operand that nobody knows.", nameof(operand)),
    };

    private static string Value(FieldValue value) => value.Kind switch
    {
        FieldKind.Null => "null",
        FieldKind.Bool => value.Num != 0 ? "true" : "false",
        FieldKind.Number when double.IsPositiveInfinity(value.Num) => "inf",
        FieldKind.Number when double.IsNegativeInfinity(value.Num) => "-inf",
        FieldKind.Number => value.Num.ToString("R", CultureInfo.InvariantCulture),
        FieldKind.NotANumber => "nan",
        FieldKind.Text => Quoted(value.Written),
        FieldKind.Ref => $"ref({Quoted(value.Written)})",
        FieldKind.Bin => $"bin({Quoted(value.Written)})",
        _ => throw new ArgumentException("No value that can be written.", nameof(value)),
    };

    private static string Map(ProjectedMap map) =>
        $"{{{string.Join(", ", map.Members.Select(member => $"{Name(member.Name)}: {Projected(member.Value)}"))}}}";

    private static string Projected(Projected projected) => projected switch
    {
        ProjectedPath path => Key(path.Path),
        ProjectedValue value => Value(value.Value),
        ProjectedMap map => Map(map),
        _ => throw new ArgumentException("A projection that nobody knows.", nameof(projected)),
    };

    private static string Key(FieldPath path) => string.Join('.', path.Names.Select(Name));

    private static string Name(string name) => name.Length > 0 && QueryTokens.IsWordStart(name[0]) && name.All(QueryTokens.IsWordPart)
        && !QueryParser.Words.Contains(name) ? name : $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
