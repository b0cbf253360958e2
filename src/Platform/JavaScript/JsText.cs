using System.Globalization;
using System.Text;

namespace Remix.Platform.JavaScript;

/// <summary>
/// What the escapes in names and literals stand for: <c>\u0065val</c> is <c>eval</c>, <c>"co\x6fkie"</c> is
/// <c>cookie</c>.
/// </summary>
internal static class JsText
{
    private const int CodePointMax = 0x10FFFF;

    /// <summary>The length of the <c>\uXXXX</c> or <c>\u{X…}</c> that begins the text, 0 when none does.</summary>
    public static int EscapeLength(ReadOnlySpan<char> text) => ReadUnicode(text, out _);

    public static string DecodeName(ReadOnlySpan<char> name)
    {
        if (!name.Contains('\\')) return name.ToString();
        var decoded = new StringBuilder(name.Length);
        for (var at = 0; at < name.Length;)
        {
            var length = name[at] == '\\' ? ReadUnicode(name[at..], out var point) : Plain(name[at], out point);
            if (length == 0) length = Plain(name[at], out point);
            Append(decoded, point);
            at += length;
        }
        return decoded.ToString();
    }

    /// <summary>The value of a string literal, or of a template without substitutions, given with its quotes.</summary>
    public static string DecodeLiteral(ReadOnlySpan<char> literal)
    {
        var body = literal.Length < 2 ? [] : literal[1..^1];
        if (!body.Contains('\\')) return body.ToString();
        var decoded = new StringBuilder(body.Length);
        for (var at = 0; at < body.Length;)
        {
            var length = body[at] == '\\' ? ReadEscape(body[at..], out var point) : Plain(body[at], out point);
            Append(decoded, point);
            at += length;
        }
        return decoded.ToString();
    }

    private static int Plain(char c, out int point)
    {
        point = c;
        return 1;
    }

    private static int ReadEscape(ReadOnlySpan<char> text, out int point)
    {
        point = -1;
        if (text.Length < 2) return 1;
        if (ReadUnicode(text, out point) is > 0 and var length) return length;
        if (text[1] == 'x' && text.Length >= 4 && TryHex(text[2..4], out point)) return 4;
        if (text[1] is >= '0' and <= '7') return ReadOctal(text, out point);
        point = text[1] switch
        {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\b',
            'f' => '\f',
            'v' => '\v',
            '\n' or '\r' or '\u2028' or '\u2029' => -1,
            var c => c,
        };
        return text[1] == '\r' && text.Length > 2 && text[2] == '\n' ? 3 : 2;
    }

    private static int ReadOctal(ReadOnlySpan<char> text, out int point)
    {
        point = 0;
        var at = 1;
        for (; at < Math.Min(text.Length, 4) && text[at] is >= '0' and <= '7'; at++)
        {
            var next = (point * 8) + text[at] - '0';
            if (next > 255) break;
            point = next;
        }
        return at;
    }

    private static int ReadUnicode(ReadOnlySpan<char> text, out int point)
    {
        point = -1;
        if (text.Length < 3 || text[0] != '\\' || text[1] != 'u') return 0;
        if (text[2] != '{') return text.Length >= 6 && TryHex(text[2..6], out point) ? 6 : 0;

        // Leading zeros may be many, and are skipped so that the search stays within a bounded window per call.
        var end = 3;
        while (end < text.Length && text[end] == '0') end++;
        var close = text[end..Math.Min(end + 7, text.Length)].IndexOf('}');
        if (close < 0 || (close == 0 && end == 3)) return 0;
        var isPoint = close == 0 ? (point = 0) == 0 : TryHex(text.Slice(end, close), out point);
        return isPoint && point <= CodePointMax ? end + close + 1 : 0;
    }

    private static bool TryHex(ReadOnlySpan<char> digits, out int value) =>
        int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    private static void Append(StringBuilder decoded, int point)
    {
        if (point < 0) return;
        if (point <= char.MaxValue) decoded.Append((char)point);
        else decoded.Append(char.ConvertFromUtf32(point));
    }
}
