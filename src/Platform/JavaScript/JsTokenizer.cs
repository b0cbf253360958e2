using System.Text;
using static Remix.Platform.JavaScript.JsCharacters;

namespace Remix.Platform.JavaScript;

/// <summary>
/// Cuts a script into tokens in one pass, as ECMAScript 2024 does. It never throws: what no script may hold comes out
/// as <see cref="JsTokenKind.Invalid"/>. Tokens and the white space between them cover the whole source.
/// </summary>
public sealed class JsTokenizer
{
    private readonly string source;
    private readonly JsGoal goal;
    private readonly JsSlash slash;
    private readonly List<JsToken> tokens;
    private int at;
    private bool newline = true;

    private JsTokenizer(string source, JsGoal goal)
    {
        this.source = source;
        this.goal = goal;
        slash = new JsSlash(source, goal);
        tokens = new List<JsToken>(source.Length / 5);
    }

    /// <summary>Characters looked at, a measure of time that no busy machine disturbs.</summary>
    private long Steps { get; set; }

    public static JsTokens Read(string source, JsGoal goal = JsGoal.Script)
    {
        var tokenizer = new JsTokenizer(source, goal);
        tokenizer.ReadAll();
        return new JsTokens(source, tokenizer.tokens, tokenizer.Steps);
    }

    private char this[int offset] => at + offset < source.Length ? source[at + offset] : '\0';

    private void ReadAll()
    {
        if (source.StartsWith("#!", StringComparison.Ordinal)) LineComment();
        while (at < source.Length)
        {
            var c = source[at];
            if (IsLineEnd(c)) Space(isLineEnd: true);
            else if (IsSpace(c)) Space(isLineEnd: false);
            else if (StartsLineComment(c)) LineComment();
            else if (c == '/' && this[1] == '*') BlockComment();
            else Token(c);
        }
    }

    private void Space(bool isLineEnd)
    {
        newline |= isLineEnd;
        at++;
        Steps++;
    }

    // A browser reads <!-- as a comment in scripts, and --> where nothing but space and comments precede it on its
    // line.
    private bool StartsLineComment(char c) => (c == '/' && this[1] == '/') || (goal == JsGoal.Script
        && ((c == '<' && this[1] == '!' && this[2] == '-' && this[3] == '-')
            || (c == '-' && newline && this[1] == '-' && this[2] == '>')));

    private void LineComment()
    {
        var start = at;
        while (at < source.Length && !IsLineEnd(source[at])) at++;
        Steps += at - start;
        tokens.Add(new JsToken(JsTokenKind.Comment, start, at, JsTokenMarks.None));
    }

    private void BlockComment()
    {
        var start = at;
        var end = source.IndexOf("*/", at + 2, StringComparison.Ordinal);
        at = end < 0 ? source.Length : end + 2;
        newline |= source.AsSpan(start, at - start).ContainsAny("\n\r\u2028\u2029");
        Steps += 2 * (at - start);
        tokens.Add(new JsToken(end < 0 ? JsTokenKind.Invalid : JsTokenKind.Comment, start, at, JsTokenMarks.None));
    }

    private void Token(char c)
    {
        var start = at;
        var escaped = false;
        var kind = c switch
        {
            '"' or '\'' => Text(c),
            '`' => Template(),
            '}' when slash.InTemplate => TemplateGoesOn(),
            '/' when slash.RegexAllowed => Regex(),
            '#' => PrivateName(ref escaped),
            '.' when char.IsAsciiDigit(this[1]) => Number(),
            >= '0' and <= '9' => Number(),
            _ => Name(ref escaped) ? JsTokenKind.Name : Punctuator(),
        };
        Steps += at - start;
        var marks = newline ? JsTokenMarks.NewlineBefore : JsTokenMarks.None;
        if (escaped) marks |= JsTokenMarks.Escaped;
        var token = new JsToken(kind, start, at, marks);
        if (slash.Observe(token)) token = token with { Marks = marks | JsTokenMarks.Property };
        tokens.Add(token);
        newline = false;
    }

    private JsTokenKind Text(char quote)
    {
        for (at++; at < source.Length; at++)
        {
            var c = source[at];
            if (c == quote)
            {
                at++;
                return JsTokenKind.String;
            }
            if (c is '\n' or '\r') break;
            if (c == '\\') SkipEscape();
        }
        at = Math.Min(at, source.Length);
        return JsTokenKind.Invalid;
    }

    private void SkipEscape() => at += this[1] == '\r' && this[2] == '\n' ? 2 : 1;

    private JsTokenKind TemplateGoesOn()
    {
        slash.LeaveTemplate();
        return Template();
    }

    private JsTokenKind Template()
    {
        for (at++; at < source.Length; at++)
        {
            if (source[at] == '\\') at++;
            else if (source[at] == '`' || (source[at] == '$' && this[1] == '{'))
            {
                at += source[at] == '`' ? 1 : 2;
                return JsTokenKind.Template;
            }
        }
        at = Math.Min(at, source.Length);
        return JsTokenKind.Invalid;
    }

    private JsTokenKind Regex()
    {
        var inClass = false;
        for (at++; at < source.Length && !IsLineEnd(source[at]); at++)
        {
            var c = source[at];
            if (c == '\\' && at + 1 < source.Length && !IsLineEnd(source[at + 1])) at++;
            else if (c == '[') inClass = true;
            else if (c == ']') inClass = false;
            else if (c == '/' && !inClass)
            {
                at++;
                while (at < source.Length && IsNamePart(source[at])) at++;
                return JsTokenKind.Regex;
            }
        }
        return JsTokenKind.Invalid;
    }

    private JsTokenKind Number()
    {
        at += NumberLength(source.AsSpan(at));
        return JsTokenKind.Number;
    }

    private JsTokenKind PrivateName(ref bool escaped)
    {
        at++;
        return Name(ref escaped) ? JsTokenKind.PrivateName : JsTokenKind.Invalid;
    }

    private bool Name(ref bool escaped)
    {
        var start = at;
        while (at < source.Length)
        {
            var c = source[at];
            if (at == start ? IsNameStart(c) : IsNamePart(c)) at++;
            else if (c == '\\' && JsText.EscapeLength(source.AsSpan(at)) is > 0 and var length)
            {
                escaped = true;
                at += length;
            }
            else if (c > 127 && Rune.TryGetRuneAt(source, at, out var rune)
                && (at == start ? IsNameStart(rune) : IsNamePart(rune))) at += rune.Utf16SequenceLength;
            else break;
        }
        return at > start;
    }

    private JsTokenKind Punctuator()
    {
        var length = PunctuatorLength(source.AsSpan(at));
        at += Math.Max(length, 1);
        return length > 0 ? JsTokenKind.Punctuator : JsTokenKind.Invalid;
    }
}
