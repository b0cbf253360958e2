using System.Globalization;
using System.Text;

namespace Remix.Creations.Scan.Styles;

/// <summary>
/// Cuts a style sheet into tokens as CSS Syntax 3 does, comments and white space left out. Never throws, one pass.
/// </summary>
internal sealed class CssTokenizer
{
    private readonly string source;
    private readonly List<CssToken> tokens = [];
    private int at;

    private CssTokenizer(string source) => this.source = source;

    private char this[int offset] => at + offset < source.Length ? source[at + offset] : '\0';

    public static IReadOnlyList<CssToken> Read(string source)
    {
        var tokenizer = new CssTokenizer(source);
        while (tokenizer.at < source.Length) tokenizer.Next();
        return tokenizer.tokens;
    }

    private void Next()
    {
        var start = at;
        var c = source[at];
        if (IsSpace(c)) at++;
        else if (c == '/' && this[1] == '*') Comment();
        else if (c is '"' or '\'') Add(CssTokenKind.String, Text(), start);
        else if (StartsNumber()) Number();
        else if (c == '@' && IsNameAt(1))
        {
            at++;
            Add(CssTokenKind.AtKeyword, Name(), start);
        }
        else if (IsNameAt(0)) NameOrFunction();
        else
        {
            at++;
            Add(CssTokenKind.Other, c < 128 ? AsciiTexts[c] : c.ToString(), start);
        }
    }

    private static readonly string[] AsciiTexts = [.. Enumerable.Range(0, 128).Select(c => ((char)c).ToString())];

    private void Comment()
    {
        var end = source.IndexOf("*/", at + 2, StringComparison.Ordinal);
        at = end < 0 ? source.Length : end + 2;
    }

    private void NameOrFunction()
    {
        var start = at;
        var name = Name();
        if (this[0] != '(')
        {
            Add(CssTokenKind.Name, name, start);
            return;
        }

        at++;
        if (!name.Equals("url", StringComparison.OrdinalIgnoreCase))
        {
            Add(CssTokenKind.Function, name, start);
            return;
        }
        while (at < source.Length && IsSpace(source[at])) at++;
        Add(CssTokenKind.Url, this[0] is '"' or '\'' ? Text() : BareUrl(), start);
    }

    private string BareUrl()
    {
        var url = new StringBuilder();
        while (at < source.Length && source[at] != ')')
        {
            if (source[at] == '\\') Escape(url);
            else url.Append(source[at++]);
        }
        at++;
        return url.ToString().Trim();
    }

    private string Text()
    {
        var quote = source[at++];
        var text = new StringBuilder();
        while (at < source.Length && source[at] != '\n')
        {
            if (source[at] == quote)
            {
                at++;
                break;
            }
            if (source[at] == '\\') Escape(text);
            else text.Append(source[at++]);
        }
        return text.ToString();
    }

    private string Name()
    {
        var start = at;
        while (at < source.Length && IsNamePart(source[at])) at++;
        if (this[0] != '\\') return source[start..at];

        var name = new StringBuilder().Append(source, start, at - start);
        while (at < source.Length && (IsNamePart(source[at]) || (source[at] == '\\' && this[1] != '\n')))
        {
            if (source[at] == '\\') Escape(name);
            else name.Append(source[at++]);
        }
        return name.ToString();
    }

    private void Escape(StringBuilder text)
    {
        at++;
        var digits = 0;
        while (digits < 6 && char.IsAsciiHexDigit(this[digits])) digits++;
        if (digits == 0)
        {
            if (at < source.Length && source[at] != '\n') text.Append(source[at]);
            at++;
            return;
        }
        var point = int.Parse(source.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        text.Append(Rune.IsValid(point) ? new Rune(point).ToString() : "\uFFFD");
        at += digits;
        if (at < source.Length && IsSpace(source[at])) at++;
    }

    private void Number()
    {
        var start = at;
        if (this[0] is '+' or '-') at++;
        Digits();
        if (this[0] == '.' && char.IsAsciiDigit(this[1]))
        {
            at++;
            Digits();
        }
        if (this[0] is 'e' or 'E' && char.IsAsciiDigit(this[this[1] is '+' or '-' ? 2 : 1]))
        {
            at += 2;
            Digits();
        }
        var value = double.Parse(source.AsSpan(start, at - start), NumberStyles.Float, CultureInfo.InvariantCulture);
        var unit = this[0] == '%' ? source[at++].ToString() : IsNameAt(0) ? Name() : "";
        Add(CssTokenKind.Number, unit, start, value);
    }

    private void Digits()
    {
        while (char.IsAsciiDigit(this[0])) at++;
    }

    private bool StartsNumber()
    {
        var sign = this[0] is '+' or '-' ? 1 : 0;
        return char.IsAsciiDigit(this[sign]) || (this[sign] == '.' && char.IsAsciiDigit(this[sign + 1]));
    }

    private bool IsNameAt(int offset)
    {
        var c = this[offset];
        if (c == '-') return IsNamePart(this[offset + 1]) || this[offset + 1] == '\\';
        return (IsNamePart(c) && !char.IsAsciiDigit(c)) || (c == '\\' && this[offset + 1] is not ('\n' or '\0'));
    }

    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' || c > 127;

    private static bool IsSpace(char c) => c is ' ' or '\n' or '\t' or '\r' or '\f';

    private void Add(CssTokenKind kind, string text, int start, double value = 0) =>
        tokens.Add(new CssToken(kind, text, start, value));
}
