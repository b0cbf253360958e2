using System.Text.Json;
using Remix.Platform.Http;

namespace Remix.Games.Play;

/// <summary>What a score may be.</summary>
internal static class Scores
{
    /// <summary>As far as whole numbers are exact.</summary>
    public const double Max = 9_007_199_254_740_991;

    public static double? Read(Fields fields, string field, bool isRequired = true)
    {
        if (isRequired && !fields.Required(field))
        {
            return null;
        }

        if (fields.Read(field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || !double.IsFinite(number) || Math.Abs(number) > Max)
        {
            fields.Problem(field, $"Expected a finite number between -{Max:0} and {Max:0}", "invalid_type");
            return null;
        }

        return number;
    }
}
