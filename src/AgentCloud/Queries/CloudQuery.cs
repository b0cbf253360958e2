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

    /// <summary>Whether its answer is a number and not rows.</summary>
    public bool IsCount => Query.Stages is [.., Count];

    /// <summary>The query with its own skip and limit behind it.</summary>
    public Query Whole => IsCount ? Query : Query.Then(
        new Stage?[] { Skip is { } skip ? new Skip(skip) : null, Limit is { } limit ? new Limit(limit) : null }.OfType<Stage>());

    /// <summary>The names of the values that a run must give, in their order.</summary>
    public IReadOnlyList<string> Params => QueryParams.Of(Query);

    public DateTime CreatedTime => CreatedAt.ToTime();
}
