using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Remix.Platform.Faults;
using Remix.Platform.Http.Describing;
using Remix.Platform.Text;

namespace Remix.Platform.Http;

/// <summary>
/// The fields of a JSON body or of a query string, read one by one. Every problem is kept, in the shape of a Zod issue,
/// and all are answered at once by <see cref="ThrowIfInvalid"/>. Unknown fields are ignored, but named where something is wrong.
/// </summary>
public sealed partial class Fields
{
    private const int UnknownMax = 10;

    private readonly JsonElement body;
    private readonly IQueryCollection? query;
    private readonly IReadOnlyList<object> path;
    private readonly List<Issue> issues;

    /// <summary>The names that were asked for.</summary>
    private readonly List<string> known = [];

    /// <summary>Where it is written down what is read, when the fields are surveyed to describe them.</summary>
    private readonly FieldShapes? shapes;

    private Fields(JsonElement body, IQueryCollection? query, IReadOnlyList<object> path, List<Issue> issues, FieldShapes? shapes)
    {
        (this.body, this.query, this.path, this.issues, this.shapes) = (body, query, path, issues, shapes);
    }

    public static Fields OfBody(JsonElement body) => OfBody(body, null);

    public static Fields OfQuery(IQueryCollection query) => OfQuery(query, null);

    internal static Fields OfBody(JsonElement body, FieldShapes? shapes) => new(body, null, [], [], shapes);

    internal static Fields OfQuery(IQueryCollection query, FieldShapes? shapes) => new(default, query, [], [], shapes);

    internal IReadOnlyList<Issue> Issues => issues;

    /// <summary>Whether nothing was wrong so far.</summary>
    public bool IsValid => issues.Count == 0;

    public void ThrowIfInvalid()
    {
        if (issues.Count > 0)
        {
            throw Fault.Invalid(issues, Unknown());
        }
    }

    /// <summary>What was sent and is not taken may be what is missing, under another name.</summary>
    private string? Unknown()
    {
        var unknown = body.ValueKind != JsonValueKind.Object ? [] : body.EnumerateObject().Select(property => property.Name)
            .Except(known, StringComparer.Ordinal).Take(UnknownMax).Select(Shortened).ToList();
        return unknown.Count == 0 || known.Count == 0 ? null
            : $"Not taken here: {string.Join(", ", unknown)}. What is: {string.Join(", ", known.Distinct(StringComparer.Ordinal))}.";
    }

    public void Problem(string field, string message, string code = "custom") => issues.Add(new Issue(code, [.. path, field], message));

    /// <summary>The same for one of the values in a list.</summary>
    public void Problem(string field, int index, string message, string code = "custom") =>
        issues.Add(new Issue(code, [.. path, field, index], message));

    /// <summary>The same for something that lies within a value.</summary>
    public void Problem(IEnumerable<object> place, string message, string code = "custom") =>
        issues.Add(new Issue(code, [.. path, .. place], message));

    /// <summary>Whether the field is there at all; one that is null is there, and clears.</summary>
    public bool Has(string field)
    {
        known.Add(field);
        return query is null ? body.ValueKind == JsonValueKind.Object && body.TryGetProperty(field, out _) : query.ContainsKey(field);
    }

    public bool IsNull(string field) => query is null && Has(field) && body.GetProperty(field).ValueKind == JsonValueKind.Null;

    private JsonElement? Value(string field)
    {
        known.Add(field);
        if (query is not null)
        {
            return query.TryGetValue(field, out var values) && values.Count > 0
                ? JsonSerializer.SerializeToElement(values[^1] ?? "", RemixJson.Options)
                : null;
        }

        return body.ValueKind == JsonValueKind.Object && body.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
    }

    /// <summary>Says that the field is missing unless it is there.</summary>
    public bool Required(string field)
    {
        shapes?.Require(field);
        if (Value(field) is not null)
        {
            return true;
        }

        issues.Add(new Issue("invalid_type", [.. path, field], IsNull(field) ? "Expected a value, received null" : "Required"));
        return false;
    }

    private string? Wrong(string field, string expected, JsonElement value)
    {
        Problem(field, $"Expected {expected}, received {(query is null ? Kind(value) : $"'{Shortened(value.GetString() ?? "")}'")}", "invalid_type");
        return null;
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number when !value.TryGetInt64(out _) => $"number {Shortened(value.GetRawText())}",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    private static string Shortened(string text) => text.Length <= 80 ? text : text[..79] + "…";
}
