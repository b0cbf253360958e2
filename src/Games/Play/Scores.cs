using Remix.Platform.Http;

namespace Remix.Games.Play;

/// <summary>What a score may be.</summary>
internal static class Scores
{
    /// <summary>As far as whole numbers are exact.</summary>
    public const long Max = 9_007_199_254_740_991;

    public static double? Read(Fields fields, string field, bool isRequired = true)
    {
        if (isRequired && !fields.Required(field))
        {
            return null;
        }

        return fields.Real(field, -Max, Max);
    }
}
