using Remix.AgentCloud.Records;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Queries;

/// <summary>One key of an order.</summary>
/// <param name="MissingFirst">Where rows without the field go: to the end, unless the order was turned round.</param>
internal sealed record OrderTerm(FieldPath Key, bool IsDescending, bool MissingFirst)
{
    public OrderTerm Turned() => new(Key, !IsDescending, !MissingFirst);
}

/// <summary>What the first part of a query comes to.</summary>
internal enum PlanEnd
{
    Rows,
    Count,
    Groups,
}

/// <summary>
/// A query in two parts: what the database does (choose, order, cut, count or group, in whichever order the stages say
/// so), and the stages that remain for the rows that come out of it, which are at most <see cref="Query.RowsMax"/>.
/// </summary>
internal sealed class QueryPlan
{
    private readonly List<Condition> conditions = [];
    private readonly List<OrderTerm> terms = [];
    private bool isOrdered;
    private bool isCut;

    private QueryPlan()
    {
    }

    public Condition Where => conditions.Count == 1 ? conditions[0] : new All(conditions);

    public IReadOnlyList<OrderTerm> Order => terms;

    /// <summary>Whether ties, or all rows when there is no order, come with the newest first.</summary>
    public bool NewestFirst { get; private set; }

    public long Skip { get; private set; }

    public long Limit { get; private set; } = Query.RowsMax;

    public bool HasLimit { get; private set; }

    /// <summary>What the rows look like; null: as the records are.</summary>
    public ProjectedMap? View { get; private set; }

    public PlanEnd End { get; private set; }

    public FieldPath? GroupKey { get; private set; }

    /// <summary>Grouped by something that is the same for all rows.</summary>
    public FieldValue? GroupValue { get; private set; }

    public IReadOnlyList<Stage> Rest { get; private set; } = [];

    public static QueryPlan Of(Query query)
    {
        var plan = new QueryPlan();
        for (var at = 0; at < query.Stages.Count; at++)
        {
            if (!plan.Take(query.Stages[at]))
            {
                plan.Rest = [.. query.Stages.Skip(at)];
                break;
            }
        }

        return plan;
    }

    /// <summary>False when the database does not do this stage at this place.</summary>
    private bool Take(Stage stage)
    {
        if (End != PlanEnd.Rows)
        {
            return false;
        }

        switch (stage)
        {
            case Skip skip:
                isCut = true;
                Skip += skip.Count;
                Limit = HasLimit ? Math.Max(0, Limit - skip.Count) : Limit;
                return Skip <= Query.SkipMax ? true : throw Fault.Invalid("skip", $"At most {Query.SkipMax} rows are left out");
            case Limit limit:
                isCut = HasLimit = true;
                Limit = Math.Min(Limit, limit.Count);
                return true;
            case Project project:
                View = Seen(project.Map);
                return true;
            case Count:
                End = PlanEnd.Count;
                return true;
            default:
                return !isCut && TakeUncut(stage);
        }
    }

    private bool TakeUncut(Stage stage)
    {
        switch (stage)
        {
            case Filter filter:
                conditions.Add(Seen(filter.Condition));
                return true;
            case Order order:
                terms.InsertRange(0, order.Keys.Select(key => (Seen(key) as ProjectedPath)?.Path).Where(key => key is not null)
                    .Select(key => new OrderTerm(key!, order.IsDescending, false)));
                NewestFirst = isOrdered ? NewestFirst : order.IsDescending;
                isOrdered = true;
                return true;
            case Reverse:
                for (var i = 0; i < terms.Count; i++)
                {
                    terms[i] = terms[i].Turned();
                }

                NewestFirst = !NewestFirst;
                return true;
            case Group group:
                End = PlanEnd.Groups;
                GroupKey = (Seen(group.Key) as ProjectedPath)?.Path;
                GroupValue = (Seen(group.Key) as ProjectedValue)?.Value;
                return true;
            default:
                return false;
        }
    }

    /// <summary>What a key of the view means for the records; null: the field is missing from every row.</summary>
    private Projected? Seen(FieldPath key)
    {
        Projected? at = View;
        if (at is null)
        {
            return new ProjectedPath(key);
        }

        for (var i = 0; i < key.Names.Count; i++)
        {
            if (at is ProjectedPath path)
            {
                var names = (IReadOnlyList<string>)[.. path.Path.Names, .. key.Names.Skip(i)];
                return path.Path.IsSystem ? null : names.Count <= FieldPath.DepthMax ? new ProjectedPath(new FieldPath(names))
                    : throw Fault.Invalid("ast", $"A key leads at most {FieldPath.DepthMax} deep, also through a projection");
            }

            at = (at as ProjectedMap)?.Members.FirstOrDefault(member => member.Name == key.Names[i]).Value;
        }

        return at;
    }

    private Projected? Seen(Projected projected) => projected switch
    {
        ProjectedPath path => Seen(path.Path),
        ProjectedMap map => Seen(map),
        _ => projected,
    };

    private ProjectedMap Seen(ProjectedMap map) =>
        new([.. map.Members.Select(member => (member.Name, Value: Seen(member.Value)!)).Where(member => member.Value is not null)]);

    private Condition Seen(Condition condition) => View is null ? condition : condition switch
    {
        All all => new All([.. all.Of.Select(Seen)]),
        Any any => new Any([.. any.Of.Select(Seen)]),
        Not not => new Not(Seen(not.Of)),
        Exists exists => Seen(exists.Key) switch
        {
            ProjectedPath path => new Exists(path.Path),
            null => new Any([]),
            _ => new All([]),
        },
        Comparison c => Seen(c.Key) switch
        {
            ProjectedPath path when AstConditions.Misfit(c.Op, path.Path, c.Operand) is { } misfit => throw Fault.Invalid("ast", misfit),
            ProjectedPath path => c with { Key = path.Path },
            ProjectedValue value => new Known(QueryRows.Compare(c.Op, value.Value, null, c.Operand)),
            _ => new Known(null),
        },
        _ => condition,
    };
}

/// <summary>A condition of which it is known beforehand what it is.</summary>
internal sealed record Known(bool? Value) : Condition;
