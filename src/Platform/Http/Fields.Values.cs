using System.Globalization;
using System.Text.Json;
using Remix.Platform.Http.Describing;

namespace Remix.Platform.Http;

/// <content>Numbers, truths and moments.</content>
public sealed partial class Fields
{
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
}
