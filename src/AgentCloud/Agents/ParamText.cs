using System.Text.Encodings.Web;
using System.Text.Json;
using Remix.AgentCloud.Records;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Agents;

/// <summary>Checks the parameters of a run against what the agent declares, all problems at once.</summary>
internal static class ParamText
{
    public static readonly JsonSerializerOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int IssuesMax = 50;

    /// <summary>Refuses parameters that are not what was declared, or hold a tag that nobody knows.</summary>
    public static void Check(AgentDefinition agent, JsonElement given, ReadOnlySpan<byte> text)
    {
        var issues = new List<Issue>();
        foreach (var param in agent.InParams)
        {
            var isGiven = given.TryGetProperty(param.Name, out var value) && value.ValueKind != JsonValueKind.Null
                && Tagged.TagOf(value) is not "undefined";
            if (!isGiven && param.IsRequired)
            {
                issues.Add(new Issue("invalid_type", [param.Name], "Required"));
            }
            else if (isGiven && param.Problem(value) is { } problem)
            {
                issues.Add(new Issue("invalid_type", [param.Name], problem));
            }
        }

        if (text.IndexOf("_rmx_"u8) >= 0 || text.IndexOf("\\u"u8) >= 0)
        {
            CheckTags(given, [], issues);
        }

        if (issues.Count > 0)
        {
            throw Invalid(agent, issues);
        }
    }

    public static Fault Invalid(AgentDefinition agent, IReadOnlyList<Issue> issues)
    {
        var fault = Fault.Invalid(issues);
        return agent.InParams.Count == 0 ? fault : new Fault(fault.Status, fault.Code, fault.Message)
        {
            Details = issues,
            Hint = $"{agent.Name} takes {string.Join(", ", agent.InParams.Select(param => $"{param.Name} ({param.TypeName})"))}.",
        };
    }

    private static void CheckTags(JsonElement value, object[] path, List<Issue> issues)
    {
        if (issues.Count >= IssuesMax)
        {
            return;
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var (index, item) in value.EnumerateArray().Index())
            {
                CheckTags(item, [.. path, index], issues);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            if (Tagged.TagOf(value) is { } tag && Problem(tag, value) is { } problem)
            {
                issues.Add(new Issue("custom", path, problem));
                return;
            }

            foreach (var member in value.EnumerateObject())
            {
                CheckTags(member.Value, [.. path, member.Name], issues);
            }
        }
    }

    private static string? Problem(string tag, JsonElement value) => tag switch
    {
        "undefined" or "nan" or "posinf" or "neginf" => null,
        "bin" => Tagged.Problem(tag, value),
        _ when Tagged.IsRef(tag) => Tagged.Problem(tag, value),
        _ when tag.StartsWith("case:", StringComparison.Ordinal) && tag.Length > 5 => null,
        _ => $"'{{tag}}{(tag.Length > 40 ? tag[..39] + "…" : tag)}' is no kind of value",
    };
}
