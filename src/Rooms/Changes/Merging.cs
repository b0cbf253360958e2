using System.Text;
using System.Text.Json;
using Remix.Platform.Faults;
using Remix.Platform.Http;

namespace Remix.Rooms.Changes;

/// <summary>Bodies and objects of which only a part is sent.</summary>
internal static class Merging
{
    /// <summary>Which of the fields were sent; the 400 when none was.</summary>
    public static IReadOnlySet<string> RequireAny(this Fields fields, params string[] known)
    {
        var sent = known.Where(fields.Has).ToHashSet(StringComparer.Ordinal);
        if (sent.Count > 0)
        {
            return sent;
        }

        fields.ThrowIfInvalid();
        throw new Fault(400, "NOTHING_TO_CHANGE", "The body names no field that can be changed")
        {
            Hint = $"Send at least one of {string.Join(", ", known)}.",
        };
    }

    /// <summary>Fields that may be left out, but not cleared.</summary>
    public static void RequireValues(this Fields fields, params string[] known)
    {
        foreach (var field in known.Where(fields.IsNull))
        {
            fields.Problem(field, "Expected a value, received null; leave the field out to keep what it is", "invalid_type");
        }
    }

    /// <summary>The fields of both, the change's where both have one, without those that the change has as null.</summary>
    public static JsonElement Of(JsonElement? before, JsonElement change)
    {
        // A dictionary, since what was sent may name a field twice.
        var merged = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in before is { ValueKind: JsonValueKind.Object } fields ? fields.EnumerateObject() : default)
        {
            merged[property.Name] = property.Value;
        }

        foreach (var property in change.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Null)
            {
                merged.Remove(property.Name);
            }
            else
            {
                merged[property.Name] = property.Value;
            }
        }

        return RemixJson.Element(merged);
    }

    /// <summary>A room's config with a change; null empties it.</summary>
    public static JsonElement Config(JsonElement before, JsonElement? change)
    {
        var merged = change is { } fields ? Of(before, fields) : RoomPolicies.NoConfig;
        return Encoding.UTF8.GetByteCount(merged.GetRawText()) <= Room.ConfigBytesMax ? merged
            : throw Fault.Invalid("config", $"With what is there already, it would be larger than {Room.ConfigBytesMax} bytes of JSON");
    }
}
