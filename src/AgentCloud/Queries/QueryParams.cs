using Remix.AgentCloud.Agents;
using Remix.AgentCloud.Records;

namespace Remix.AgentCloud.Queries;

/// <summary>The values that a run of a query must give: their names, and what each can be by where it stands.</summary>
internal static class QueryParams
{
    /// <summary>The names, in their order.</summary>
    public static IReadOnlyList<string> Of(Query query) =>
        [.. Places(query).Select(place => place.Name).Distinct(StringComparer.Ordinal)];

    /// <summary>What the value must be so that the query can be run: of most comparisons anything that fields can hold.</summary>
    public static ParamType TypeOf(Query query, string name) => Places(query).Where(place => place.Name == name)
        .Select(place => place.Type).Distinct().ToList() is [var one] ? one : ParamType.Any;

    private static IEnumerable<(string Name, ParamType Type)> Places(Query query) =>
        query.Stages.OfType<Filter>().SelectMany(filter => Places(filter.Condition));

    private static IEnumerable<(string Name, ParamType Type)> Places(Condition condition) => condition switch
    {
        Comparison { Operand: Param param } comparison => [(param.Name, TypeAt(comparison))],
        Comparison { Operand: ManyOperands many } => many.Of.OfType<Param>().Select(param => (param.Name, ParamType.Any)),
        All all => all.Of.SelectMany(Places),
        Any any => any.Of.SelectMany(Places),
        Not not => Places(not.Of),
        _ => [],
    };

    private static ParamType TypeAt(Comparison comparison) => comparison.Op.TakesMany() ? ParamType.List
        : comparison.Op == CompareOp.Like ? ParamType.String
        : comparison.Key.IsSystem ? OfSystem(comparison.Key.Names[0]) : ParamType.Any;

    private static ParamType OfSystem(string field) => field switch
    {
        SystemField.Rev or SystemField.Row => ParamType.Integer,
        SystemField.Superseded or SystemField.Deleted => ParamType.Boolean,
        SystemField.Previous => ParamType.Any,
        _ => ParamType.String,
    };
}
