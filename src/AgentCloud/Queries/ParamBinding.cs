using System.Text.Json;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Queries;

/// <summary>Puts the values that a run gives into the places of a query's parameters.</summary>
internal sealed class ParamBinding(JsonElement values)
{
    private readonly AstReader reader = new();
    private readonly HashSet<string> missing = new(StringComparer.Ordinal);

    public IReadOnlyList<Issue> Issues => [.. missing.Select(name => new Issue("invalid_type", [name], "Required: the query has this parameter")),
        .. reader.Issues];

    public Condition Bind(Condition condition) => condition switch
    {
        Comparison c => c with { Operand = Bind(c.Op, c.Operand, c.Op.TakesMany()) },
        All all => new All([.. all.Of.Select(Bind)]),
        Any any => new Any([.. any.Of.Select(Bind)]),
        Not not => new Not(Bind(not.Of)),
        _ => condition,
    };

    private Operand Bind(CompareOp op, Operand operand, bool isMany)
    {
        switch (operand)
        {
            case ManyOperands many:
                return new ManyOperands([.. many.Of.Select(one => Bind(op, one, isMany: false))]);
            case Param param when values.ValueKind != JsonValueKind.Object || !values.TryGetProperty(param.Name, out var value):
                missing.Add(param.Name);
                return param;
            case Param param:
                var given = values.GetProperty(param.Name);
                var bound = reader.Conditions.Values(given, [param.Name], isMany);
                if (bound is not null && AstConditions.Misfit(op, null, bound) is { } misfit)
                {
                    reader.Problem([param.Name], misfit, "invalid_type");
                }

                return bound ?? param;
            default:
                return operand;
        }
    }
}
