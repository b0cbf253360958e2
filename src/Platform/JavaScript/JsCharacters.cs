using System.Globalization;
using System.Text;

namespace Remix.Platform.JavaScript;

/// <summary>The character classes of ECMAScript's lexical grammar, and its punctuators.</summary>
internal static class JsCharacters
{
    private static readonly string[] Punctuators =
    [
        ">>>=", "...", "===", "!==", "**=", "<<=", ">>=", ">>>", "&&=", "||=", "??=", "=>", "==", "!=", "<=", ">=",
        "&&", "||", "??", "?.", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>", "**",
        "{", "}", "(", ")", "[", "]", ";", ",", "<", ">", "+", "-", "*", "/", "%", "&", "|", "^", "!", "~", "?", ":",
        "=", ".", "@",
    ];

    private static readonly string[][] PunctuatorsByFirst = [.. Enumerable.Range(0, 128)
        .Select(c => Punctuators.Where(p => p[0] == c).ToArray())];

    public static bool IsLineEnd(char c) => c is '\n' or '\r' or '\u2028' or '\u2029';

    public static bool IsSpace(char c) => c is ' ' or '\t' or '\v' or '\f' or '\uFEFF' or '\u00A0'
        || (c > 127 && char.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator);

    public static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c is '$' or '_';

    public static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c is '$' or '_';

    public static bool IsNameStart(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber => true,
        _ => rune.Value is '$' or '_' or 0x1885 or 0x1886 or 0x2118 or 0x212E or 0x309B or 0x309C,
    };

    public static bool IsNamePart(Rune rune) => IsNameStart(rune) || Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation => true,
        _ => rune.Value is 0x200C or 0x200D or 0xB7 or 0x387 or (>= 0x1369 and <= 0x1371) or 0x19DA
            or 0x30FB or 0xFF65,
    };

    /// <summary>The length of the longest punctuator that begins the text, 0 when none does.</summary>
    public static int PunctuatorLength(ReadOnlySpan<char> text)
    {
        if (text[0] > 127) return 0;
        foreach (var candidate in PunctuatorsByFirst[text[0]])
        {
            if (!text.StartsWith(candidate)) continue;
            if (candidate is "?." && text.Length > 2 && char.IsAsciiDigit(text[2])) continue;
            return candidate.Length;
        }
        return 0;
    }

    /// <summary>
    /// The length of the number that begins the text, which starts with a digit, or a dot and a digit.
    /// </summary>
    public static int NumberLength(ReadOnlySpan<char> text)
    {
        if (text.Length > 1 && text[0] == '0' && text[1] is 'x' or 'X' or 'o' or 'O' or 'b' or 'B')
            return Suffix(text, 2 + Run(text[2..], char.IsAsciiHexDigit));

        var end = Run(text, char.IsAsciiDigit);
        var isLegacyOctal = end > 1 && text[0] == '0' && !text[..end].ContainsAny("89_.");
        if (isLegacyOctal) return end;
        if (end < text.Length && text[end] == 'n') return end + 1;
        if (end < text.Length && text[end] == '.') end += 1 + Run(text[(end + 1)..], char.IsAsciiDigit);
        return end + ExponentLength(text[end..]);
    }

    private static int ExponentLength(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] is not ('e' or 'E')) return 0;
        var sign = text.Length > 1 && text[1] is '+' or '-' ? 2 : 1;
        var digits = Run(text[sign..], char.IsAsciiDigit);
        return digits == 0 ? 0 : sign + digits;
    }

    private static int Run(ReadOnlySpan<char> text, Func<char, bool> isDigit)
    {
        var end = 0;
        while (end < text.Length && (isDigit(text[end]) || text[end] == '_')) end++;
        return end;
    }

    private static int Suffix(ReadOnlySpan<char> text, int end) =>
        end < text.Length && text[end] == 'n' ? end + 1 : end;
}
