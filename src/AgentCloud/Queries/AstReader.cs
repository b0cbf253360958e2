using System.Text.Json;
using Remix.AgentCloud.Records;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Queries;

/// <summary>Reads a query from its AST in JSON, and says everything that is wrong with it and where.</summary>
internal sealed class AstReader
{
    private const int IssuesMax = 50;

    private readonly List<Issue> issues = [];
    public AstReader() => Conditions = new AstConditions(this);

    public AstConditions Conditions { get; }

    public IReadOnlyList<Issue> Issues => issues;

    public int Nodes { get; private set; }

    /// <summary>The query and what is wrong with it; it may be run only when nothing is.</summary>
    public static (Query Query, IReadOnlyList<Issue> Issues) Read(JsonElement ast)
    {
        var reader = new AstReader();
        try
        {
            return (new Query(reader.Stages(ast)), reader.issues);
        }
        catch (InvalidOperationException)
        {
            // So JsonElement refuses an escape that is half a character.
            return (new Query([]), [new Issue("invalid_string", [], "Texts must be valid Unicode")]);
        }
    }

    public void Problem(IReadOnlyList<object> path, string message, string code = "custom")
    {
        if (issues.Count < IssuesMax)
        {
            issues.Add(new Issue(code, path, message));
        }
    }

    /// <summary>Counts a node; false when there are too many, or they lie too deep.</summary>
    public bool Enter(IReadOnlyList<object> path)
    {
        Nodes++;
        if (Nodes == Query.NodesMax + 1)
        {
            Problem(path, $"A query has at most {Query.NodesMax} parts", "too_big");
        }

        if (path.Count > 2 * Query.DepthMax)
        {
            Problem(path, $"A query is nested at most {Query.DepthMax} deep", "too_big");
            return false;
        }

        return Nodes <= Query.NodesMax;
    }

    private List<Stage> Stages(JsonElement ast)
    {
        var isOne = ast.ValueKind == JsonValueKind.Array && ast.GetArrayLength() > 0 && ast[0].ValueKind == JsonValueKind.String;
        if (ast.ValueKind != JsonValueKind.Array)
        {
            Problem([], "A query is a stage, such as [\"comparison\", \"==\", \"name\", \"Ada\"], or an array of stages", "invalid_type");
            return [];
        }

        if (!isOne && ast.GetArrayLength() > Query.StagesMax)
        {
            Problem([], $"A query has at most {Query.StagesMax} stages", "too_big");
            return [];
        }

        var stages = new List<Stage>();
        foreach (var (element, index) in isOne ? [(ast, -1)] : ast.EnumerateArray().Select((element, index) => (element, index)))
        {
            IReadOnlyList<object> path = isOne ? [] : [index];
            if (stages.LastOrDefault() is Count)
            {
                Problem(path, "Nothing can follow count");
            }

            if (Stage(element, path) is { } stage)
            {
                stages.Add(stage);
            }
        }

        return stages;
    }

    private Stage? Stage(JsonElement element, IReadOnlyList<object> path)
    {
        if (!Enter(path))
        {
            return null;
        }

        switch (HeadOf(element))
        {
            case "object":
                return Arity(element, 2, path) && Map(element[1], [.. path, 1]) is { } map ? new Project(map) : null;
            case "invoke":
                return Invoke(element, path);
            case "skip" or "limit":
                return Arity(element, 2, path) ? Window(HeadOf(element)!, element[1], [.. path, 1]) : null;
            case "comparison" or "exists" or "and" or "or" or "not":
                return Conditions.Read(element, path) is { } condition ? new Filter(condition) : null;
            case { } other:
                Problem([.. path, 0], $"'{Shortened(other)}' is no stage: it is comparison, exists, and, or, not, object, invoke, skip or limit",
                    "invalid_enum_value");
                return null;
            case null:
                Problem(path, "A stage is an array that begins with its name", "invalid_type");
                return null;
        }
    }

    private Stage? Invoke(JsonElement element, IReadOnlyList<object> path)
    {
        if (!Arity(element, 3, path))
        {
            return null;
        }

        var name = HeadOf(element[1]) == "token" && element[1].GetArrayLength() == 2 && element[1][1].ValueKind == JsonValueKind.String
            ? element[1][1].GetString() : null;
        IReadOnlyList<object> place = [.. path, 2];
        if (element[2].ValueKind != JsonValueKind.Array)
        {
            Problem(place, "The arguments are an array", "invalid_type");
            return null;
        }

        var arguments = element[2].EnumerateArray().ToList();
        switch (name)
        {
            case "count" or "reverse" when arguments.Count == 0:
                return name == "count" ? new Count() : new Reverse();
            case "skip" or "limit" when arguments.Count == 1:
                return Window(name, arguments[0], [.. place, 0]);
            case "group" when arguments.Count == 1:
                return Conditions.Key(arguments[0], [.. place, 0]) is { } key ? new Group(key) : null;
            case "orderAsc" or "orderDesc" when arguments.Count is > 0 and <= FieldPath.DepthMax:
                var keys = arguments.Select((argument, index) => Conditions.Key(argument, [.. place, index])).ToList();
                return keys.Contains(null) ? null : new Order(keys!, name == "orderDesc");
            case "count" or "reverse" or "skip" or "limit" or "group" or "orderAsc" or "orderDesc":
                Problem(place, name is "count" or "reverse" ? $"{name} takes no arguments" : name is "orderAsc" or "orderDesc"
                    ? $"{name} takes 1 to {FieldPath.DepthMax} keys" : $"{name} takes one argument", "invalid_arity");
                return null;
            default:
                Problem([.. path, 1], "What is invoked is [\"token\", name]: count, group, orderAsc, orderDesc, reverse, skip or limit",
                    "invalid_enum_value");
                return null;
        }
    }

    private Stage? Window(string name, JsonElement number, IReadOnlyList<object> path)
    {
        var max = name == "limit" ? Query.RowsMax : Query.SkipMax;
        if (number.ValueKind != JsonValueKind.Number || !number.TryGetInt64(out var count) || count < 0 || count > max)
        {
            Problem(path, $"{name} takes a whole number from 0 to {max}", "invalid_type");
            return null;
        }

        return name == "limit" ? new Limit(count) : new Skip(count);
    }

    /// <summary>The members of a projection: an array of pairs, in their order, or an object.</summary>
    private ProjectedMap? Map(JsonElement element, IReadOnlyList<object> path)
    {
        if (!Enter(path))
        {
            return null;
        }

        var members = new List<(string Name, Projected Value)>();
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                Add(member.Name, member.Value, [.. path, member.Name]);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var (pair, index) in element.EnumerateArray().Select((pair, index) => (pair, index)))
            {
                if (pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2 && pair[0].ValueKind == JsonValueKind.String)
                {
                    Add(pair[0].GetString()!, pair[1], [.. path, index, 1]);
                }
                else
                {
                    Problem([.. path, index], "A member is [name, key]", "invalid_type");
                }
            }
        }
        else
        {
            Problem(path, "A projection has an array of [name, key] or an object", "invalid_type");
        }

        return new ProjectedMap(members);

        void Add(string name, JsonElement value, IReadOnlyList<object> place)
        {
            if (!AstConditions.IsName(name) || members.Any(member => member.Name == name))
            {
                Problem(place, $"'{Shortened(name)}' is there twice, or is no name for a field", "invalid_string");
            }
            else if (Enter(place) && Projected(value, place) is { } projected)
            {
                members.Add((name, projected));
            }
        }
    }

    /// <summary>A key, <c>["object", …]</c> for a map, <c>["value", …]</c> for a text, or any other value as it is.</summary>
    private Projected? Projected(JsonElement value, IReadOnlyList<object> path)
    {
        switch (HeadOf(value))
        {
            case "object" when Arity(value, 2, path):
                return Map(value[1], [.. path, 1]);
            case "value" when Arity(value, 2, path):
                return Conditions.Scalar(value[1], [.. path, 1]) is { } scalar ? new ProjectedValue(scalar) : null;
            case "object" or "value":
                return null;
        }

        if (value.ValueKind is JsonValueKind.String or JsonValueKind.Array)
        {
            return Conditions.Key(value, path) is { } key ? new ProjectedPath(key) : null;
        }

        return Conditions.Scalar(value, path) is { } literal ? new ProjectedValue(literal) : null;
    }

    public bool Arity(JsonElement element, int count, IReadOnlyList<object> path)
    {
        if (element.GetArrayLength() == count)
        {
            return true;
        }

        var parts = $"{count - 1} part{(count == 2 ? "" : "s")}";
        Problem(path, $"{Shortened(HeadOf(element)!)} has {parts}, not {element.GetArrayLength() - 1}", "invalid_arity");
        return false;
    }

    public static string? HeadOf(JsonElement element) => element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0
        && element[0].ValueKind == JsonValueKind.String ? element[0].GetString() : null;

    public static string Shortened(string text) => text.Length <= 80 ? text : text[..79] + "…";
}
