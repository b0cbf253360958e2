using System.Text.Json;
using Remix.AgentCloud.Records;

namespace Remix.AgentCloud.Queries;

/// <summary>Reads conditions, keys and values of an AST.</summary>
internal sealed class AstConditions(AstReader reader)
{
    public const string ParamRule = "letters, digits and _, not beginning with a digit, at most 64";

    public static bool IsName(string name) => name.Length <= FieldPath.NameLengthMax && RecordContent.TextIsGood(name);

    public static bool IsParam(string? name) => name is { Length: > 0 and <= 64 } && !char.IsAsciiDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    public Condition? Read(JsonElement element, IReadOnlyList<object> path)
    {
        if (!reader.Enter(path))
        {
            return null;
        }

        switch (AstReader.HeadOf(element))
        {
            case "comparison":
                return reader.Arity(element, 4, path) ? Comparison(element, path) : null;
            case "exists":
                return reader.Arity(element, 2, path) && Key(element[1], [.. path, 1]) is { } key ? new Exists(key) : null;
            case "not":
                return reader.Arity(element, 2, path) && Read(element[1], [.. path, 1]) is { } negated ? new Not(negated) : null;
            case "and" or "or":
                return reader.Arity(element, 2, path) ? Many(AstReader.HeadOf(element) == "and", element[1], [.. path, 1]) : null;
            default:
                reader.Problem(path, "A condition is [\"comparison\", op, key, value], [\"exists\", key], [\"and\", […]], "
                    + "[\"or\", […]] or [\"not\", x]",
                    "invalid_enum_value");
                return null;
        }
    }

    /// <summary>A name, <c>["token", name]</c>, or <c>["objectMember", key, name, …]</c> for what lies inside.</summary>
    public FieldPath? Key(JsonElement element, IReadOnlyList<object> path)
    {
        var names = new List<string>();
        if (!Names(element, path, names))
        {
            return null;
        }

        if (names.Count > FieldPath.DepthMax)
        {
            reader.Problem(path, $"A key leads at most {FieldPath.DepthMax} deep", "too_big");
            return null;
        }

        var key = new FieldPath(names);
        if (key.IsSystem && !SystemField.All.Contains(names[0], StringComparer.Ordinal))
        {
            reader.Problem(path, $"'{AstReader.Shortened(names[0])}' is none of {string.Join(", ", SystemField.All)}", "invalid_enum_value");
            return null;
        }

        return key;
    }

    /// <summary>A value that is no list and no map, or a tagged one.</summary>
    public FieldValue? Scalar(JsonElement element, IReadOnlyList<object> path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Null:
                return FieldValue.Null;
            case JsonValueKind.True or JsonValueKind.False:
                return FieldValue.Bool(element.GetBoolean());
            case JsonValueKind.Number when element.TryGetDouble(out var number) && double.IsFinite(number):
                return FieldValue.Number(number);
            case JsonValueKind.String when RecordContent.TextIsGood(element.GetString()!):
                return FieldValue.Text(element.GetString()!);
            case JsonValueKind.Object when Tagged.TagOf(element) is { } tag && Tagged.Problem(tag, element) is null
                && Tagged.Read(tag, element) is { } tagged:
                return tagged;
            default:
                reader.Problem(path, "A value is null, true, false, a number, a text or a tagged "
                    + "{tag}case:db.ref, {tag}bin, {tag}nan, {tag}posinf, {tag}neginf",
                    "invalid_type");
                return null;
        }
    }

    /// <summary>What a comparison compares with: a value, a list of values, <c>["param", name]</c>; <c>["array", […]]</c> is a list.</summary>
    public Operand? Operand(JsonElement element, IReadOnlyList<object> path, bool isMany)
    {
        if (AstReader.HeadOf(element) == "param" && element.GetArrayLength() == 2 && element[1].ValueKind == JsonValueKind.String)
        {
            if (IsParam(element[1].GetString()))
            {
                return new Param(element[1].GetString()!);
            }

            reader.Problem([.. path, 1], $"The name of a parameter has {ParamRule}", "invalid_string");
            return null;
        }

        if (!isMany)
        {
            return Values(element, path, isMany: false);
        }

        var list = AstReader.HeadOf(element) == "array" && element.GetArrayLength() == 2 && element[1].ValueKind == JsonValueKind.Array
            ? element[1] : element;
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > Query.ListMax)
        {
            reader.Problem(path, $"Expected an array of at most {Query.ListMax} values", "invalid_type");
            return null;
        }

        return Operands(list, path, Operand);
    }

    /// <summary>A value, or a list of values, among which nothing is a parameter.</summary>
    public Operand? Values(JsonElement element, IReadOnlyList<object> path, bool isMany)
    {
        if (!isMany)
        {
            return Scalar(element, path) is { } value ? new Literal(value) : null;
        }

        if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() <= Query.ListMax)
        {
            return Operands(element, path, Values);
        }

        reader.Problem(path, $"Expected an array of at most {Query.ListMax} values", "invalid_type");
        return null;
    }

    private static ManyOperands? Operands(JsonElement list, IReadOnlyList<object> path,
        Func<JsonElement, IReadOnlyList<object>, bool, Operand?> read)
    {
        var operands = list.EnumerateArray().Select((one, index) => read(one, [.. path, index], false)).ToList();
        return operands.Contains(null) ? null : new ManyOperands(operands!);
    }

    private Comparison? Comparison(JsonElement element, IReadOnlyList<object> path)
    {
        var key = Key(element[2], [.. path, 2]);
        if (element[1].ValueKind != JsonValueKind.String || !CompareOps.TryParse(element[1].GetString(), out var op))
        {
            reader.Problem([.. path, 1], $"'{AstReader.Shortened(element[1].ToString())}' is no operator: {string.Join(" ", CompareOps.All)}",
                "invalid_enum_value");
            return null;
        }

        var operand = Operand(element[3], [.. path, 3], op.TakesMany());
        if (operand is not null && Misfit(op, key, operand) is { } misfit)
        {
            reader.Problem([.. path, 3], misfit, "invalid_type");
            return null;
        }

        return key is null || operand is null ? null : new Comparison(op, key, operand);
    }

    /// <summary>Why this operator cannot be used with this; null when it can.</summary>
    public static string? Misfit(CompareOp op, FieldPath? key, Operand operand) => (op, operand) switch
    {
        (CompareOp.Contains, _) when key?.Names is [SystemField.CreatedAt or SystemField.ModifiedAt] =>
            "contains does not look into a time: like does, or <",
        (CompareOp.Like, Literal { Value.Kind: not FieldKind.Text }) => "like takes a text",
        (CompareOp.Like, Literal { Value.Written.Length: > Query.LikeLengthMax }) => $"like takes a text of at most {Query.LikeLengthMax} characters",
        _ => null,
    };

    private Condition? Many(bool isAll, JsonElement list, IReadOnlyList<object> path)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            reader.Problem(path, "Expected an array of conditions", "invalid_type");
            return null;
        }

        var read = list.EnumerateArray().Select((one, index) => Read(one, [.. path, index])).ToList();
        return read.Contains(null) ? null : read.Count == 1 ? read[0] : isAll ? new All(read!) : new Any(read!);
    }

    private bool Names(JsonElement element, IReadOnlyList<object> path, List<string> names)
    {
        if (path.Count > 2 * Query.DepthMax + 4)
        {
            reader.Problem(path, $"A key leads at most {FieldPath.DepthMax} deep", "too_big");
            return false;
        }

        if (element.ValueKind == JsonValueKind.String)
        {
            return Name(element.GetString()!, path, names);
        }

        switch (AstReader.HeadOf(element))
        {
            case "token" when element.GetArrayLength() == 2 && element[1].ValueKind == JsonValueKind.String:
                return Name(element[1].GetString()!, [.. path, 1], names);
            case "objectMember" when element.GetArrayLength() is >= 3 and <= FieldPath.DepthMax + 2:
                return Enumerable.Range(1, element.GetArrayLength() - 1).All(index => Names(element[index], [.. path, index], names));
            default:
                reader.Problem(path, "A key is a field's name, [\"token\", name] or [\"objectMember\", key, name, …]", "invalid_type");
                return false;
        }
    }

    private bool Name(string name, IReadOnlyList<object> path, List<string> names)
    {
        if (IsName(name))
        {
            names.Add(name);
            return true;
        }

        reader.Problem(path, $"A field's name has at most {FieldPath.NameLengthMax} characters, and no NUL", "invalid_string");
        return false;
    }
}
