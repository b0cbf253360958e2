using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Remix.Platform.Faults;

namespace Remix.Platform.Http.Describing;

/// <summary>
/// Finds out which fields a record reads, by letting it read: first nothing, then samples of all that it was seen to read
/// so far, in each of their forms, so that it shows its other branches, too. What is documented is what is read.
/// </summary>
internal sealed class FieldSurvey
{
    /// <summary>Twice as many as the forms of a value times the words of most choices.</summary>
    private const int ReadingsMax = 40;

    private FieldSurvey(FieldShapes fields, Exception? broken)
    {
        (Fields, Broken) = (fields, broken);
    }

    public FieldShapes Fields { get; }

    /// <summary>What a reading failed with that was no refusal. It is a bug of that record; the description does without that reading.</summary>
    public Exception? Broken { get; }

    public static FieldSurvey Of(Action<Fields> read, bool ofQuery)
    {
        var shapes = new FieldShapes();
        Exception? broken = null;
        for (var reading = 0; reading < ReadingsMax; reading++)
        {
            shapes.Begin();
            shapes.End(Reads(read, Sample(shapes, reading, ofQuery), ref broken));
        }

        foreach (var field in ofQuery ? [] : shapes.All.Where(field => !shapes.IsRequired(field)))
        {
            var sample = Sample(shapes, 0);
            sample[field.Name] = null;
            var fields = Http.Fields.OfBody(RemixJson.Element(sample));
            field.IsNullable = (Reads(read, fields, ref broken) || fields.IsValid)
                && !fields.Issues.Any(issue => issue.Path is [string name, ..] && name == field.Name);
        }

        return new FieldSurvey(shapes, broken);
    }

    /// <summary>Whether it was read to the end; a sample may be refused at once, and the next differs.</summary>
    private static bool Reads(Action<Fields> read, Fields fields, ref Exception? broken)
    {
        try
        {
            read(fields);
            return true;
        }
        catch (Fault)
        {
            return false;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or NullReferenceException or FormatException
            or KeyNotFoundException or IndexOutOfRangeException or OverflowException or InvalidCastException or JsonException)
        {
            broken ??= e;
            return false;
        }
    }

    /// <summary>What a sender who follows the description could send.</summary>
    public static JsonObject Sample(FieldShapes shapes, int turn)
    {
        var sample = new JsonObject();
        foreach (var field in shapes.All)
        {
            sample[field.Name] = SampleOf(field, turn);
        }

        return sample;
    }

    private static Fields Sample(FieldShapes shapes, int reading, bool ofQuery)
    {
        var sample = reading == 0 ? [] : Sample(shapes, reading);
        return ofQuery
            ? Http.Fields.OfQuery(new QueryCollection(sample.ToDictionary(field => field.Key, field => new StringValues(Written(field.Value)),
                StringComparer.Ordinal)), shapes)
            : Http.Fields.OfBody(RemixJson.Element(sample), shapes);
    }

    private static string Written(JsonNode? value) => value switch
    {
        JsonArray list => string.Join(',', list.Select(Written)),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>(),
        _ => value?.ToJsonString() ?? "",
    };

    private static JsonNode? SampleOf(FieldShape field, int turn)
    {
        if (field.IsRaw || field.Types.Count == 0)
        {
            return (turn % 5) switch
            {
                0 => Text(field.Types.FirstOrDefault(type => type.Kind == FieldKind.String), turn),
                1 => Inside(field, turn),
                2 => new JsonArray(Inside(field, turn)),
                3 => 1,
                _ => true,
            };
        }

        var type = field.Types[turn % field.Types.Count];
        return type.Kind switch
        {
            FieldKind.Integer or FieldKind.Real => Math.Max(type.Min ?? 1, Math.Min(1, type.Max ?? 1)),
            FieldKind.Boolean => turn % 2 == 0,
            FieldKind.Uuid => "00000000-0000-0000-0000-000000000001",
            FieldKind.Time => "2026-01-31T12:00:00Z",
            FieldKind.Texts => new JsonArray("a/b"),
            FieldKind.Object => Inside(field, turn),
            FieldKind.Array => new JsonArray(Inside(field, turn)),
            _ => Text(type, turn),
        };
    }

    private static JsonObject Inside(FieldShape field, int turn) => field.Inner switch
    {
        null => [],
        { IsMap: true, All.Count: 0 } => new JsonObject { ["name"] = "a/b" },
        var inner => Sample(inner, turn),
    };

    /// <summary>Most texts that must have a form are names or pairs of them.</summary>
    private static string Text(FieldType? type, int turn)
    {
        if (type?.Choices is { Count: > 0 } choices)
        {
            return choices[turn % choices.Count];
        }

        const string text = "a/b";
        return type?.Max < text.Length ? "a" : text.PadRight((int)(type?.Min ?? 0), 'b');
    }
}
