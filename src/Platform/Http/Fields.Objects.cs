using System.Text;
using System.Text.Json;
using Remix.Platform.Http.Describing;
using Remix.Platform.Text;

namespace Remix.Platform.Http;

/// <content>What lies inside: objects, arrays, and JSON of any shape.</content>
public sealed partial class Fields
{
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
}
