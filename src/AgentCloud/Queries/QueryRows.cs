using System.Text.Json;
using System.Text.Json.Nodes;
using Remix.AgentCloud.Records;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Queries;

/// <summary>What comes after a cut or a grouping: stages on the few rows that are left, in memory.</summary>
internal static class QueryRows
{
    /// <summary>The rows that come out, or their number.</summary>
    public static (IReadOnlyList<JsonElement> Rows, long? Count) Run(IReadOnlyList<JsonElement> rows, IReadOnlyList<Stage> stages)
    {
        foreach (var stage in stages)
        {
            if (stage is Count)
            {
                return ([], rows.Count);
            }

            rows = stage switch
            {
                Filter filter => [.. rows.Where(row => IsTrue(filter.Condition, row) == true)],
                Order order => Sorted(rows, order),
                Reverse => [.. rows.Reverse()],
                Skip skip => [.. rows.Skip((int)skip.Count)],
                Limit limit => [.. rows.Take((int)limit.Count)],
                Group group => Groups(rows, group.Key),
                Project project => [.. rows.Select(row => View(project.Map, row))],
                _ => throw new ArgumentException("A stage that nobody knows.", nameof(stages)),
            };
        }

        return (rows, null);
    }

    public static JsonElement View(ProjectedMap map, JsonElement row) => JsonSerializer.SerializeToElement(Object(map, row));

    public static JsonElement GroupRow(FieldValue key, long count) =>
        JsonSerializer.SerializeToElement(new JsonObject { ["key"] = AstWriter.Value(key), ["count"] = count });

    /// <summary>Whether it holds for a value, of whose list the elements are given; null is unknown.</summary>
    public static bool? Compare(CompareOp op, FieldValue? value, IReadOnlyList<FieldValue>? elements, Operand operand)
    {
        if (value is not { } left)
        {
            return null;
        }

        if (operand is ManyOperands many)
        {
            return Many(op, left, elements, [.. many.Of.OfType<Literal>().Select(literal => literal.Value)]);
        }

        var right = ((Literal)operand).Value;
        if (op == CompareOp.Contains && elements is not null)
        {
            return right.IsComparable ? elements.Any(element => IsSame(element, right)) : null;
        }

        if (left.Kind != right.Kind || !left.IsComparable)
        {
            return null;
        }

        var order = left.CompareTo(right);
        return op switch
        {
            CompareOp.Equal => order == 0,
            CompareOp.NotEqual => order != 0,
            CompareOp.Greater => order > 0,
            CompareOp.GreaterOrEqual => order >= 0,
            CompareOp.Less => order < 0,
            CompareOp.LessOrEqual => order <= 0,
            CompareOp.Contains => left.Kind == FieldKind.Text ? left.Written.Contains(right.Written, StringComparison.Ordinal) : null,
            _ => left.Kind == FieldKind.Text ? left.Written.StartsWith(right.Written, StringComparison.Ordinal) : null,
        };
    }

    private static bool? Many(CompareOp op, FieldValue left, IReadOnlyList<FieldValue>? elements, IReadOnlyList<FieldValue> values)
    {
        if (op is CompareOp.AllIn or CompareOp.NotAllIn)
        {
            return elements is null ? null : elements.All(element => values.Any(value => IsSame(element, value))) == (op == CompareOp.AllIn);
        }

        return !left.IsComparable || (values.Count > 0 && values.All(value => value.Kind != left.Kind)) ? null
            : values.Any(value => IsSame(left, value)) == (op == CompareOp.In);
    }

    private static bool IsSame(FieldValue a, FieldValue b) => a.IsComparable && a.CompareTo(b) == 0;

    private static bool? IsTrue(Condition condition, JsonElement row) => condition switch
    {
        All all => all.Of.Aggregate((bool?)true, (sum, one) => sum & IsTrue(one, row)),
        Any any => any.Of.Aggregate((bool?)false, (sum, one) => sum | IsTrue(one, row)),
        Not not => !IsTrue(not.Of, row),
        Exists exists => Read(row, exists.Key) is not null,
        Comparison c => Find(row, c.Key) is { } found ? Compare(c.Op, Value(found), Elements(found), c.Operand) : null,
        _ => null,
    };

    private static List<JsonElement> Sorted(IReadOnlyList<JsonElement> rows, Order order)
    {
        var keyed = rows.Select(row => (Row: row, Keys: order.Keys.Select(key => Read(row, key)).ToList())).ToList();
        return [.. keyed.Order(Comparer<(JsonElement Row, List<FieldValue?> Keys)>.Create((a, b) => a.Keys.Zip(b.Keys)
            .Select(pair => Compare(pair.First, pair.Second, order.IsDescending)).FirstOrDefault(sign => sign != 0))).Select(pair => pair.Row)];
    }

    /// <summary>What is missing comes last in both directions.</summary>
    private static int Compare(FieldValue? a, FieldValue? b, bool isDescending) => (a, b) switch
    {
        (null, null) => 0,
        (null, _) => 1,
        (_, null) => -1,
        _ => isDescending ? b.Value.CompareTo(a.Value) : a.Value.CompareTo(b.Value),
    };

    private static List<JsonElement> Groups(IReadOnlyList<JsonElement> rows, FieldPath key) => [.. rows.Select(row => Read(row, key))
        .Where(value => value is { IsComparable: true }).GroupBy(value => value!.Value with { Whole = null }).OrderBy(group => group.Key)
        .Select(group => GroupRow(group.First()!.Value, group.Count()))];

    private static JsonObject Object(ProjectedMap map, JsonElement row)
    {
        var made = new JsonObject();
        foreach (var (name, value) in map.Members)
        {
            switch (value)
            {
                case ProjectedMap inner:
                    made[name] = Object(inner, row);
                    break;
                case ProjectedValue literal:
                    made[name] = AstWriter.Value(literal.Value);
                    break;
                case ProjectedPath path when Find(row, path.Path) is { } found:
                    made[name] = JsonNode.Parse(found.GetRawText());
                    break;
            }
        }

        return made;
    }

    private static FieldValue? Read(JsonElement row, FieldPath path) => Find(row, path) is { } found ? Value(found) : null;

    /// <summary>What lies there; null also for what counts as absent.</summary>
    private static JsonElement? Find(JsonElement row, FieldPath path)
    {
        var at = row;
        foreach (var name in path.Names)
        {
            if (at.ValueKind != JsonValueKind.Object || IsClosed(at) || !at.TryGetProperty(name, out at))
            {
                return null;
            }
        }

        return Tagged.TagOf(at) is { } last && Tagged.IsUndefined(last) ? null : at;
    }

    /// <summary>Nobody looks into a tagged value.</summary>
    private static bool IsClosed(JsonElement map) => Tagged.TagOf(map) is { } tag && (Tagged.IsUndefined(tag) || Tagged.Read(tag, map) is not null);

    private static FieldValue Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => FieldValue.Null,
        JsonValueKind.True or JsonValueKind.False => FieldValue.Bool(element.GetBoolean()),
        JsonValueKind.Number => FieldValue.Number(element.GetDouble()),
        JsonValueKind.String => FieldValue.Text(element.GetString()!),
        JsonValueKind.Array => FieldValue.List(element.GetArrayLength()),
        _ => Tagged.TagOf(element) is { } tag && Tagged.Read(tag, element) is { } tagged ? tagged : FieldValue.Map,
    };

    /// <summary>The elements of a list that queries look into.</summary>
    private static List<FieldValue>? Elements(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array && element.GetArrayLength() <= RecordContent.ListIndexedMax
            ? [.. element.EnumerateArray().Select(Value)] : null;
}
