using System.Text.Json;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Http.Describing;
using Remix.Platform.Text;

namespace Remix.Platform.Http;

/// <content>Texts: plain ones, names, words of a list, ids.</content>
public sealed partial class Fields
{
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
}
