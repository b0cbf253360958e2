using System.Text;

namespace Remix.Creations.Submissions;

/// <summary>The readable part of an address, made from a topic.</summary>
internal static class Slug
{
    private const int LengthMax = 60;

    /// <summary>Latin letters with marks and what they are without; .NET takes none apart when it runs without ICU.</summary>
    private static readonly Dictionary<char, string> Plain = new[]
    {
        ("a", "àáâãäåāăą"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"), ("h", "ĥħ"), ("i", "ìíîïĩīĭįı"), ("j", "ĵ"), ("k", "ķ"),
        ("l", "ĺļľŀł"), ("n", "ñńņňŉ"), ("o", "òóôõöøōŏő"), ("r", "ŕŗř"), ("s", "śŝşšș"), ("t", "ţťŧț"), ("u",
            "ùúûüũūŭůűų"), ("w", "ŵ"), ("y", "ýÿŷ"),
        ("z", "źżž"), ("ss", "ß"), ("ae", "æ"), ("oe", "œ"), ("th", "þ"), ("", "'’"),
    }.SelectMany(pair => pair.Item2.Select(letter => (letter, pair.Item1))).ToDictionary();

    public static string Of(string topic)
    {
        var slug = new StringBuilder();
        foreach (var letter in topic.ToLowerInvariant().Where(letter => !IsMark(letter)))
        {
            if (Plain.TryGetValue(letter, out var plain))
            {
                slug.Append(plain);
            }
            else if (char.IsAsciiLetterOrDigit(letter))
            {
                slug.Append(letter);
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

    /// <summary>The combining accents, which a decomposed letter is followed by.</summary>
    private static bool IsMark(char letter) => letter is >= '\u0300' and <= '\u036F';
}
