using Remix.AgentCloud.Records;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Queries;

/// <summary>A query that an app keeps under a name, and that is run as an agent is.</summary>
/// <param name="Db">The app of the same workspace whose records it asks; null: its own.</param>
/// <param name="Skip">Rows left out at the end of all, and <paramref name="Limit"/> of those that remain.</param>
internal sealed record CloudQuery(string Name, Query Query, string? Db, long? Skip, long? Limit, bool IncludeSuperseded, bool IncludeDeleted,
    long CreatedAt, string CreatedBy)
{
    public const int CountMax = 1000;

    public RecordScope Scope => new(IncludeSuperseded: IncludeSuperseded, IncludeDeleted: IncludeDeleted);

    /// <summary>The query with its own skip and limit behind it.</summary>
    public Query Whole => Query.Stages is [.., Count] ? Query : Query.Then(
        new Stage?[] { Skip is { } skip ? new Skip(skip) : null, Limit is { } limit ? new Limit(limit) : null }.OfType<Stage>());

    /// <summary>The names of the values that a run must give, in their order.</summary>
    public IReadOnlyList<string> Params => ParamsOf(Query);

    public DateTime CreatedTime => CreatedAt.ToTime();

    public static IReadOnlyList<string> ParamsOf(Query query) => [.. query.Stages.OfType<Filter>()
        .SelectMany(filter => ParamsOf(filter.Condition)).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<string> ParamsOf(Condition condition) => condition switch
    {
        Comparison comparison => ParamsOf(comparison.Operand),
        All all => all.Of.SelectMany(ParamsOf),
        Any any => any.Of.SelectMany(ParamsOf),
        Not not => ParamsOf(not.Of),
        _ => [],
    };

    private static IEnumerable<string> ParamsOf(Operand operand) => operand switch
    {
        Param param => [param.Name],
        ManyOperands many => many.Of.SelectMany(ParamsOf),
        _ => [],
    };
}
