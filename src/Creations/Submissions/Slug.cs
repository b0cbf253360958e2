using System.Globalization;
using System.Text;

namespace Remix.Creations.Submissions;

/// <summary>The readable part of an address, made from a topic.</summary>
internal static class Slug
{
    private const int LengthMax = 60;

    public static string Of(string topic)
    {
        var slug = new StringBuilder();
        foreach (var rune in topic.Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark || rune.Value is '\'' or '’')
            {
                continue;
            }

            if (Rune.IsLetterOrDigit(rune) && rune.IsAscii)
            {
                slug.Append(char.ToLowerInvariant((char)rune.Value));
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        var text = slug.ToString().Trim('-');
        text = text.Length > LengthMax ? text[..LengthMax].TrimEnd('-') : text;
        return text.Length > 0 ? text : "creation";
    }
}
