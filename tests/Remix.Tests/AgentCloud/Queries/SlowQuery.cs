using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Remix.AgentCloud.Queries;
using Remix.AgentCloud.Records;
using Record = Remix.AgentCloud.Records.Record;

namespace Remix.Tests.AgentCloud.Queries;

/// <summary>What a query means, said as plainly as possible and without any index: one stage after the other, on all rows.</summary>
internal static class SlowQuery
{
    /// <summary>The answer on these versions, which come in the order of their rows.</summary>
    public static JsonNode Run(Query query, IEnumerable<Record> records)
    {
        var rows = records.Select(record => (record.Row, Json: JsonNode.Parse(record.Show().GetRawText())!)).ToList();
        var isOrdered = false;
        foreach (var stage in query.Stages)
        {
            switch (stage)
            {
                case Filter filter:
                    rows = rows.Where(row => Is(filter.Condition, row.Json) == true).ToList();
                    break;
                case Order order:
                    if (!isOrdered)
                    {
                        rows = (order.IsDescending ? rows.OrderByDescending(row => row.Row) : rows.OrderBy(row => row.Row)).ToList();
                    }

                    isOrdered = true;
                    foreach (var key in order.Keys.Reverse())
                    {
                        var there = rows.Where(row => Value(row.Json, key) is not null);
                        var sorted = order.IsDescending ? there.OrderByDescending(row => Value(row.Json, key))
                            : there.OrderBy(row => Value(row.Json, key));
                        rows = sorted.Concat(rows.Where(row => Value(row.Json, key) is null)).ToList();
                    }

                    break;
                case Reverse:
                    rows.Reverse();
                    break;
                case Skip skip:
                    (rows, isOrdered) = (rows.Skip((int)skip.Count).ToList(), true);
                    break;
                case Limit limit:
                    (rows, isOrdered) = (rows.Take((int)limit.Count).ToList(), true);
                    break;
                case Count:
                    return JsonValue.Create(rows.Count);
                case Project project:
                    rows = rows.Select(row => (row.Row, (JsonNode)Object(project.Map, row.Json))).ToList();
                    break;
                case Group group:
                    rows = rows.Select(row => (Key: Value(row.Json, group.Key), Json: Find(row.Json, group.Key)))
                        .Where(row => row.Key is { Rank: < 7 and not 3 })
                        .GroupBy(row => row.Key!.Value).OrderBy(same => same.Key)
                        .Select(same => (0L, (JsonNode)new JsonObject
                        {
                            ["key"] = same.First().Json.Node?.DeepClone(),
                            ["count"] = same.Count(),
                        })).ToList();
                    isOrdered = true;
                    break;
            }
        }

        return new JsonArray([.. rows.Select(row => row.Json.DeepClone())]);
    }

    private static bool? Is(Condition condition, JsonNode row)
    {
        switch (condition)
        {
            case Not not:
                return !Is(not.Of, row);
            case All all:
                var all2 = all.Of.Select(one => Is(one, row)).ToList();
                return all2.Contains(false) ? false : all2.Contains(null) ? null : true;
            case Any any:
                var any2 = any.Of.Select(one => Is(one, row)).ToList();
                return any2.Contains(true) ? true : any2.Contains(null) ? null : false;
            case Exists exists:
                return Find(row, exists.Key).IsThere;
            default:
                var comparison = (Comparison)condition;
                return Find(row, comparison.Key) is (true, var left) ? Is(comparison.Op, left, comparison.Operand) : null;
        }
    }

    private static bool? Is(CompareOp op, JsonNode? left, Operand operand)
    {
        var value = Of(left);
        var elements = left is JsonArray { Count: <= 100 } list ? list.Select(Of).ToList() : null;
        if (operand is ManyOperands many)
        {
            var among = many.Of.Select(one => Of(AstWriter.Value(((Literal)one).Value))).ToList();
            return op switch
            {
                CompareOp.AllIn => elements?.All(element => element.IsComparable && among.Contains(element)),
                CompareOp.NotAllIn => !elements?.All(element => element.IsComparable && among.Contains(element)),
                _ when !value.IsComparable || (among.Count > 0 && among.All(one => one.Rank != value.Rank)) => null,
                CompareOp.In => among.Contains(value),
                _ => !among.Contains(value),
            };
        }

        var right = Of(AstWriter.Value(((Literal)operand).Value));
        if (op == CompareOp.Contains && left is JsonArray)
        {
            return right.IsComparable ? elements?.Contains(right) : null;
        }

        if (value.Rank != right.Rank || !value.IsComparable)
        {
            return null;
        }

        var sign = value.CompareTo(right);
        return op switch
        {
            CompareOp.Equal => sign == 0,
            CompareOp.NotEqual => sign != 0,
            CompareOp.Greater => sign > 0,
            CompareOp.GreaterOrEqual => sign >= 0,
            CompareOp.Less => sign < 0,
            CompareOp.LessOrEqual => sign <= 0,
            CompareOp.Contains when value.Rank == 4 => value.Text.Contains(right.Text, StringComparison.Ordinal),
            CompareOp.Like when value.Rank == 4 => value.Text.StartsWith(right.Text, StringComparison.Ordinal),
            _ => null,
        };
    }

    private static Ranked? Value(JsonNode row, FieldPath key) => Find(row, key) is (true, var found) ? Of(found) : null;

    private static (bool IsThere, JsonNode? Node) Find(JsonNode row, FieldPath key)
    {
        JsonNode? at = row;
        foreach (var name in key.Names)
        {
            if (at is not JsonObject map || Tag(map) is not null || !map.TryGetPropertyValue(name, out at))
            {
                return (false, null);
            }
        }

        return (at is not JsonObject last || Tag(last) != "undefined", at);
    }

    private static JsonObject Object(ProjectedMap map, JsonNode row)
    {
        var made = new JsonObject();
        foreach (var (name, value) in map.Members)
        {
            if (value is ProjectedMap inner)
            {
                made[name] = Object(inner, row);
            }
            else if (value is ProjectedValue literal)
            {
                made[name] = AstWriter.Value(literal.Value);
            }
            else if (Find(row, ((ProjectedPath)value).Path) is (true, var found))
            {
                made[name] = found?.DeepClone();
            }
        }

        return made;
    }

    private static string? Tag(JsonObject map) => map["_rmx_type"]?.GetValue<string>()?.Replace("{tag}", "", StringComparison.Ordinal);

    private static Ranked Of(JsonNode? node) => node switch
    {
        null => new Ranked(0, 0, ""),
        JsonArray list => new Ranked(7, list.Count, ""),
        JsonObject map => Tag(map) switch
        {
            "nan" => new Ranked(3, 0, ""),
            "posinf" => new Ranked(2, double.PositiveInfinity, ""),
            "neginf" => new Ranked(2, double.NegativeInfinity, ""),
            "db.ref" or "case:db.ref" => new Ranked(5, 0, map["_rmx_value"]!.GetValue<string>()),
            "bin" => new Ranked(6, 0, map["_rmx_value"]!.GetValue<string>()),
            _ => new Ranked(8, 0, ""),
        },
        _ => node.GetValueKind() switch
        {
            JsonValueKind.True or JsonValueKind.False => new Ranked(1, node.GetValueKind() == JsonValueKind.True ? 1 : 0, ""),
            JsonValueKind.Number => new Ranked(2, JsonSerializer.Deserialize<double>(node), ""),
            _ => new Ranked(4, 0, JsonSerializer.Deserialize<string>(node)!),
        },
    };

    /// <summary>A value's rank among the kinds, and its place in its kind.</summary>
    private readonly record struct Ranked(int Rank, double Number, string Text) : IComparable<Ranked>
    {
        public bool IsComparable => Rank is not (3 or 7 or 8);

        public int CompareTo(Ranked other) => Rank != other.Rank ? Rank - other.Rank
            : Number != other.Number ? Number.CompareTo(other.Number)
            : Encoding.UTF8.GetBytes(Sorted).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other.Sorted));

        /// <summary>Beyond 512 characters, the order is that of the hash.</summary>
        private string Sorted => Text.Length <= 512 ? Text
            : Text[..512] + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
    }
}
