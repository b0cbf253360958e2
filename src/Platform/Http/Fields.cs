using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Http.Describing;
using Remix.Platform.Text;

namespace Remix.Platform.Http;

/// <summary>
/// The fields of a JSON body or of a query string, read one by one. Every problem is kept, in the shape of a Zod issue,
/// and all are answered at once by <see cref="ThrowIfInvalid"/>. Unknown fields are ignored.
/// </summary>
public sealed class Fields
{
    private readonly JsonElement body;
    private readonly IQueryCollection? query;
    private readonly IReadOnlyList<object> path;
    private readonly List<Issue> issues;

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
            throw Fault.Invalid(issues);
        }
    }

    public void Problem(string field, string message, string code = "custom") => issues.Add(new Issue(code, [.. path, field], message));

    /// <summary>The same for one of the values in a list.</summary>
    public void Problem(string field, int index, string message, string code = "custom") =>
        issues.Add(new Issue(code, [.. path, field, index], message));

    /// <summary>Whether the field is there at all; one that is null is there, and clears.</summary>
    public bool Has(string field) => query is null ? body.ValueKind == JsonValueKind.Object
        && body.TryGetProperty(field, out _) : query.ContainsKey(field);

    public bool IsNull(string field) => query is null && Has(field) && body.GetProperty(field).ValueKind == JsonValueKind.Null;

    /// <summary>Text with at most <paramref name="max"/> characters; null when absent or null.</summary>
    public string? Text(string field, int max, int min = 0)
    {
        shapes?.Of(field).Add(new FieldType(FieldKind.String) { Min = min > 0 ? min : null, Max = max });
        return Written(field, max, min);
    }

    private string? Written(string field, int max, int min = 0)
    {
        if (Value(field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return Wrong(field, "string", value);
        }

        return Sized(field, value.GetString()!, min, max);
    }

    public string RequiredText(string field, int max, int min = 1)
    {
        shapes?.Of(field).Add(new FieldType(FieldKind.String) { Min = min, Max = max });
        return Required(field) ? Written(field, max, min) ?? "" : "";
    }

    /// <summary>One of the words.</summary>
    public string? OneOf(string field, IReadOnlyList<string> words)
    {
        shapes?.Of(field).Add(new FieldType(FieldKind.String) { Choices = words });
        var text = Written(field, 64);
        if (text is null || words.Contains(text))
        {
            return text;
        }

        Problem(field, $"Expected {string.Join(" | ", words)}, received '{Shortened(text)}'", "invalid_enum_value");
        return null;
    }

    /// <summary>A name, or <c>name/name</c> when <paramref name="pair"/>.</summary>
    public string RequiredName(string field, bool pair, string example)
    {
        shapes?.Of(field).Add(new FieldType(FieldKind.String)
        {
            Min = 1,
            Max = pair ? 2 * Names.LengthMax + 1 : Names.LengthMax,
            Note = $"For example {example}: {(pair ? "owner/name, each half of " : "")}{Names.Rule}.",
        });
        var text = RequiredText(field, 2 * Names.LengthMax + 1);
        if (text.Length > 0 && !(pair ? Names.IsPair(text) : Names.IsName(text)))
        {
            Problem(field, $"'{Shortened(text)}' must be {(pair ? "owner/name, each half of " : "")}{Names.Rule}, for example {example}", "invalid_string");
        }

        return text;
    }

    public long? Number(string field, long min, long max)
    {
        shapes?.Of(field).Add(new FieldType(FieldKind.Integer) { Min = min, Max = max is int.MaxValue or long.MaxValue ? null : max });
        if (Value(field) is not { } value)
        {
            return null;
        }

        long number;
        if (query is not null ? !long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
            : value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out number))
        {
            Wrong(field, "integer", value);
            return null;
        }

        if (number < min || number > max)
        {
            Problem(field, number < min ? $"Number must be at least {min}" : $"Number must be at most {max}", number < min ? "too_small" : "too_big");
            return null;
        }

        return number;
    }

    /// <summary>A number that need not be whole.</summary>
    public double? Real(string field, long min, long max)
    {
        shapes?.Of(field).Add(new FieldType(FieldKind.Real) { Min = min, Max = max });
        if (Value(field) is not { } value)
        {
            return null;
        }

        double number;
        if ((query is not null ? double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number)
            : TryDouble(value, out number)) && double.IsFinite(number) && number >= min && number <= max)
        {
            return number;
        }

        Problem(field, $"Expected a finite number between {min} and {max}", "invalid_type");
        return null;
    }

    private static bool TryDouble(JsonElement value, out double number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out number);
    }

    /// <summary>How many rows to give: a larger wish than allowed is granted as far as it goes.</summary>
    public int Limit(int otherwise, int most, string field = "limit")
    {
        shapes?.Of(field).Add(new FieldType(FieldKind.Integer) { Min = 1, Default = otherwise, Note = $"A larger wish gets {most}." });
        return (int)Math.Min(Number(field, 1, int.MaxValue) ?? otherwise, most);
    }

    public bool? Truth(string field)
    {
        shapes?.Of(field).Add(new FieldType(FieldKind.Boolean));
        if (Value(field) is not { } value)
        {
            return null;
        }

        if (query is not null)
        {
            switch (value.GetString()?.ToLowerInvariant())
            {
                case "true" or "1" or "yes" or "":
                    return true;
                case "false" or "0" or "no":
                    return false;
            }
        }
        else if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Wrong(field, "boolean", value);
        return null;
    }

    /// <summary>A word of the enumeration, but for those that may not be chosen here.</summary>
    public T? Choice<T>(string field, params T[] except) where T : struct, Enum
    {
        if (shapes is null && Value(field) is null)
        {
            return null;
        }

        var words = EnumText.All<T>().Where(word => !except.Any(value => EnumText.Of(value) == word)).ToList();
        return OneOf(field, words) is { } word && EnumText.TryParse<T>(word, out var value) ? value : null;
    }

    public Guid? Id(string field)
    {
        shapes?.Of(field).Add(new FieldType(FieldKind.Uuid));
        if (Written(field, 64) is not { } text)
        {
            return null;
        }

        if (Guid.TryParse(text, out var id))
        {
            return id;
        }

        Problem(field, $"Expected a UUID, received '{Shortened(text)}'", "invalid_string");
        return null;
    }

    /// <summary>A moment in Unix milliseconds, written in ISO 8601 (taken as UTC when it names no zone) or as milliseconds.</summary>
    public long? Time(string field)
    {
        shapes?.Of(field).Add(new FieldType(FieldKind.Time));
        if (Value(field) is not { } value)
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms < 253402300800000)
        {
            return ms;
        }

        // A plus sign in a query arrives as a space unless it was escaped.
        if (DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time))
        {
            return time.ToUnixTimeMilliseconds();
        }

        Problem(field, $"Expected a time such as 2026-01-31T12:00:00Z, received '{Shortened(text)}'", "invalid_string");
        return null;
    }

    /// <summary>A list of texts; in a query, separated by commas.</summary>
    public string[]? Texts(string field, int countMax, int lengthMax)
    {
        shapes?.Of(field).Add(new FieldType(FieldKind.Texts) { Max = countMax, TextMax = lengthMax });
        if (Value(field) is not { } value)
        {
            return null;
        }

        if (query is not null)
        {
            var parts = value.GetString()!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return Counted(field, parts, countMax);
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Wrong(field, "array", value);
            return null;
        }

        var texts = new List<string>();
        foreach (var (element, index) in value.EnumerateArray().Take(countMax + 1).Select((element, index) => (element, index)))
        {
            if (element.ValueKind == JsonValueKind.String)
            {
                texts.Add(Sized($"{field}.{index}", element.GetString()!, 1, lengthMax) ?? "");
            }
            else
            {
                issues.Add(new Issue("invalid_type", [.. path, field, index], $"Expected string, received {Kind(element)}"));
            }
        }

        return Counted(field, [.. texts], countMax);
    }

    /// <summary>Free JSON of one kind, at most <paramref name="bytesMax"/> bytes as written.</summary>
    public JsonElement? Json(string field, JsonValueKind kind, int bytesMax)
    {
        if (kind is JsonValueKind.Object or JsonValueKind.Array)
        {
            shapes?.Of(field).Add(new FieldType(kind == JsonValueKind.Object ? FieldKind.Object : FieldKind.Array)
            {
                Note = $"At most {bytesMax} bytes of JSON.",
            });
        }
        else if (shapes is not null)
        {
            shapes.Of(field).IsRaw = true;
        }

        if (Value(field) is not { } value)
        {
            return null;
        }

        if (kind != JsonValueKind.Undefined && value.ValueKind != kind)
        {
            Wrong(field, kind.ToString().ToLowerInvariant(), value);
            return null;
        }

        if (Encoding.UTF8.GetByteCount(value.GetRawText()) > bytesMax)
        {
            Problem(field, $"Must be at most {bytesMax} bytes of JSON", "too_big");
            return null;
        }

        return Unescaped(field, value);
    }

    /// <summary>Letters as themselves, so that what is stored is found by them; many clients write <c>\u00fc</c> for ü.</summary>
    private JsonElement? Unescaped(string field, JsonElement value)
    {
        if (!value.GetRawText().Contains("\\u", StringComparison.Ordinal))
        {
            return value.Clone();
        }

        try
        {
            return JsonSerializer.SerializeToElement(value, RemixJson.Options);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            Problem(field, "Strings must be valid Unicode", "invalid_string");
            return null;
        }
    }

    /// <summary>The raw value, for fields that take more than one shape; null when absent or null.</summary>
    public JsonElement? Read(string field)
    {
        if (shapes is not null)
        {
            shapes.Of(field).IsRaw = true;
        }

        return Value(field);
    }

    private JsonElement? Value(string field)
    {
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

    /// <summary>The same fields with problems of their own: read apart, they throw by themselves.</summary>
    public Fields Apart() => new(body, query, [], [], shapes);

    /// <summary>The elements of an array of objects, each with problems of its own path.</summary>
    public IReadOnlyList<Fields> Objects(string field, int countMax)
    {
        var inner = Inside(field, FieldKind.Array, countMax);
        if (Value(field) is not { } value)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Wrong(field, "array", value);
            return [];
        }

        if (value.GetArrayLength() > countMax)
        {
            Problem(field, $"Array must contain at most {countMax} elements", "too_big");
            return [];
        }

        return [.. value.EnumerateArray().Select((element, index) => new Fields(element, null, [.. path, field, index], issues, inner))];
    }

    /// <summary>The elements of an array, each to be read by its record later, and on its own.</summary>
    public IReadOnlyList<Fields> Objects<T>(string field, int countMax) where T : IReadFields<T>
    {
        var objects = Objects(field, countMax);
        if (shapes is not null)
        {
            foreach (var fields in objects)
            {
                T.Read(fields);
            }
        }

        return objects;
    }

    /// <summary>The names in an object whose names are its sender's own.</summary>
    public IReadOnlyList<string> Keys()
    {
        if (shapes is not null)
        {
            shapes.IsMap = true;
        }

        return body.ValueKind != JsonValueKind.Object ? []
            : [.. body.EnumerateObject().Select(property => property.Name).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The fields of an object inside the body; null when absent.</summary>
    public Fields? Object(string field)
    {
        var inner = Inside(field, FieldKind.Object, null);
        if (Value(field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            Wrong(field, "object", value);
            return null;
        }

        return new Fields(value, null, [.. path, field], issues, inner);
    }

    private FieldShapes? Inside(string field, FieldKind kind, int? countMax)
    {
        if (shapes is null)
        {
            return null;
        }

        var shape = shapes.Of(field);
        shape.Add(new FieldType(kind) { Max = countMax });
        shape.Inner ??= new FieldShapes();
        shape.Inner.Begin();
        return shape.Inner;
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

    private string? Sized(string field, string text, int min, int max)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            Problem(field, "String must not contain a NUL character", "invalid_string");
        }
        else if (text.Length < min)
        {
            Problem(field, $"String must contain at least {min} character{(min == 1 ? "" : "s")}", "too_small");
        }
        else if (text.Length > max)
        {
            Problem(field, $"String must contain at most {max} characters", "too_big");
        }
        else if (HasLoneSurrogate(text))
        {
            Problem(field, "String must be valid Unicode", "invalid_string");
        }
        else
        {
            return text;
        }

        return null;
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    return true;
                }

                i++;
            }
        }

        return false;
    }

    private T[]? Counted<T>(string field, T[] items, int countMax)
    {
        if (items.Length <= countMax)
        {
            return items;
        }

        Problem(field, $"Array must contain at most {countMax} elements", "too_big");
        return null;
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
