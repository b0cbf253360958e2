using Remix.AgentCloud.Records;

namespace Remix.AgentCloud.Queries;

/// <summary>
/// Reads the textual form of a query: conditions and stages, divided by <c>|</c>. The grammar is in
/// docs/subsystems/cloud-queries.md.
/// </summary>
internal sealed class QueryParser
{
    /// <summary>The words that are no field's name unless they stand in backquotes.</summary>
    public static readonly IReadOnlySet<string> Words = new HashSet<string>(StringComparer.Ordinal)
    {
        "all", "where", "orderAsc", "orderDesc", "reverse", "skip", "limit", "count", "group", "object", "and", "or",
        "not", "exists", "true", "false", "null", "nan", "inf", "ref", "bin", "contains", "like", "in", "not_in", "all_in", "not_all_in",
    };

    private readonly QueryTokenReader tokens;
    private readonly ConditionParser conditions;

    private QueryParser(string text)
    {
        tokens = new QueryTokenReader(QueryTokens.Read(text));
        conditions = new ConditionParser(tokens);
    }

    /// <summary>The query; throws <see cref="QuerySyntaxException"/> when the text is none.</summary>
    public static Query Parse(string text) => new QueryParser(text).Read();

    private Query Read()
    {
        var stages = new List<Stage>();
        if (tokens.Take("all") && !tokens.Take("|"))
        {
            tokens.ExpectEnd();
            return new Query(stages);
        }

        do
        {
            if (stages.Count == Query.StagesMax)
            {
                throw tokens.Wrong($"a query has at most {Query.StagesMax} stages");
            }

            if (stages.LastOrDefault() is Count)
            {
                throw tokens.Wrong("nothing can follow count");
            }

            stages.Add(Stage());
        }
        while (tokens.Take("|"));
        tokens.ExpectEnd();
        return new Query(stages);
    }

    private Stage Stage()
    {
        if (tokens.Take("orderAsc"))
        {
            return new Order(Keys(), false);
        }

        if (tokens.Take("orderDesc"))
        {
            return new Order(Keys(), true);
        }

        if (tokens.Take("reverse"))
        {
            return new Reverse();
        }

        if (tokens.Take("count"))
        {
            return new Count();
        }

        if (tokens.Take("group"))
        {
            return new Group(conditions.Key());
        }

        if (tokens.Take("skip"))
        {
            return new Skip(Number("skip", Query.SkipMax));
        }

        if (tokens.Take("limit"))
        {
            return new Limit(Number("limit", Query.RowsMax));
        }

        if (tokens.Take("object"))
        {
            return new Project(Map());
        }

        tokens.Take("where");
        return new Filter(conditions.Read());
    }

    private List<FieldPath> Keys()
    {
        var keys = new List<FieldPath> { conditions.Key() };
        while (tokens.Take(","))
        {
            keys.Add(keys.Count < FieldPath.DepthMax ? conditions.Key() : throw tokens.Wrong($"at most {FieldPath.DepthMax} keys give an order"));
        }

        return keys;
    }

    private long Number(string stage, int max)
    {
        var token = tokens.Next;
        if (token.Kind != QueryTokenKind.Number || token.Number < 0 || token.Number > max || token.Number != Math.Floor(token.Number))
        {
            throw tokens.Wrong($"{stage} takes a whole number from 0 to {max}, not {token}");
        }

        tokens.Advance();
        return (long)token.Number;
    }

    private ProjectedMap Map()
    {
        using var depth = tokens.Enter();
        tokens.Expect("{");
        var members = new List<(string Name, Projected Value)>();
        while (!tokens.Take("}"))
        {
            if (members.Count > 0)
            {
                tokens.Expect(",");
            }

            var place = tokens.Next;
            var name = tokens.Name();
            if (members.Any(member => member.Name == name))
            {
                throw tokens.Wrong($"{place} is there twice", place);
            }

            tokens.Expect(":");
            members.Add((name, Projected()));
        }

        return new ProjectedMap(members);
    }

    private Projected Projected() => tokens.Next.Is("{") ? Map()
        : conditions.TryValue() is { } value ? new ProjectedValue(value)
        : new ProjectedPath(conditions.Key());
}
