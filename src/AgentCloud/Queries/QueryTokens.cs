using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Remix.AgentCloud.Queries;

internal enum QueryTokenKind
{
    End,
    Word,

    /// <summary>A name in backquotes, which is no word of the language whatever it says.</summary>
    Name,
    Param,
    Text,
    Number,
    Sign,
}

/// <param name="Text">What it means: of a text or a name in quotes, what is inside.</param>
internal readonly record struct QueryToken(QueryTokenKind Kind, string Text, double Number, int Line, int Column)
{
    public bool Is(string text) => Kind is QueryTokenKind.Word or QueryTokenKind.Sign && Text == text;

    public override string ToString() => Kind switch
    {
        QueryTokenKind.End => "the end",
        QueryTokenKind.Param => "$" + Text,
        QueryTokenKind.Text => JsonSerializer.Serialize(AstReader.Shortened(Text)),
        _ => AstReader.Shortened(Text),
    };
}

/// <summary>A query's text that cannot be read, and the place where that came out.</summary>
internal sealed class QuerySyntaxException(int line, int column, string problem) : Exception($"Line {line}, column {column}: {problem}")
{
    public int Line { get; } = line;

    public int Column { get; } = column;
}

/// <summary>Cuts the text of a query into its words. Columns count characters from 1.</summary>
internal sealed partial class QueryTokens(string text)
{
    private static readonly string[] Signs = ["==", "!=", ">=", "<=", ">", "<", "(", ")", "[", "]", "{", "}", ",", ":", ".", "|"];

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex JsonNumber { get; }

    private int at;
    private int line = 1;
    private int lineStart;
    private int startLine;
    private int startColumn;

    public static List<QueryToken> Read(string text)
    {
        var reader = new QueryTokens(text);
        var tokens = new List<QueryToken>();
        do
        {
            tokens.Add(reader.Next());
        }
        while (tokens[^1].Kind != QueryTokenKind.End);
        return tokens;
    }

    public static bool IsWordStart(char c) => char.IsLetter(c) || c == '_';

    /// <summary>Letters of any script, with the marks that are written on them.</summary>
    public static bool IsWordPart(char c) => char.IsLetterOrDigit(c) || c == '_'
        || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private QueryToken Next()
    {
        SkipSpace();
        (startLine, startColumn) = (line, at - lineStart + 1);
        if (at == text.Length)
        {
            return Token(QueryTokenKind.End, "");
        }

        var start = at;
        var c = text[at];
        if (IsWordStart(c))
        {
            return Token(QueryTokenKind.Word, Run(IsWordPart));
        }

        if (c == '$')
        {
            at++;
            var name = Run(IsWordPart);
            return AstConditions.IsParam(name) ? Token(QueryTokenKind.Param, name)
                : throw Wrong($"the name of a parameter has {AstConditions.ParamRule}");
        }

        if (c == '"')
        {
            return QuotedText(start);
        }

        if (c == '`')
        {
            return QuotedName();
        }

        if (char.IsAsciiDigit(c) || c == '-')
        {
            return Number(start);
        }

        var sign = Array.Find(Signs, sign => string.CompareOrdinal(text, at, sign, 0, sign.Length) == 0)
            ?? throw Wrong(text[at] switch
            {
                '\'' => "a text is written in double quotes",
                '=' => "to compare is ==",
                _ => $"'{(Rune.TryGetRuneAt(text, at, out var rune) ? rune : Rune.ReplacementChar)}' means nothing here",
            });
        at += sign.Length;
        return Token(QueryTokenKind.Sign, sign);
    }

    private void SkipSpace()
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\r' or '\n')
        {
            if (text[at++] == '\n')
            {
                (line, lineStart) = (line + 1, at);
            }
        }
    }

    private string Run(Func<char, bool> isPart)
    {
        var start = at;
        while (at < text.Length && isPart(text[at]))
        {
            at++;
        }

        return text[start..at];
    }

    /// <summary>As JSON has it.</summary>
    private QueryToken QuotedText(int start)
    {
        at++;
        while (at < text.Length && text[at] is not ('"' or '\n'))
        {
            at += text[at] == '\\' ? 2 : 1;
        }

        if (at >= text.Length || text[at] != '"')
        {
            throw Wrong("this text has no closing quote");
        }

        at++;
        try
        {
            var value = JsonSerializer.Deserialize<string>(text[start..at])!;
            return Records.RecordContent.TextIsGood(value) ? Token(QueryTokenKind.Text, value)
                : throw Wrong("a text must be valid Unicode without NUL characters");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw Wrong("this text is not written as JSON has it: \\ begins an escape, control characters are escaped");
        }
    }

    /// <summary>Up to the next backquote; one inside is written twice.</summary>
    private QueryToken QuotedName()
    {
        var name = new System.Text.StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '`')
            {
                name.Append(text[at]);
                (line, lineStart) = text[at] == '\n' ? (line + 1, at + 1) : (line, lineStart);
            }
            else if (at + 1 < text.Length && text[at + 1] == '`')
            {
                name.Append(text[at++]);
            }
            else
            {
                at++;
                return AstConditions.IsName(name.ToString()) ? Token(QueryTokenKind.Name, name.ToString())
                    : throw Wrong($"a field's name has at most {Records.FieldPath.NameLengthMax} characters of valid Unicode, and no NUL");
            }
        }

        throw Wrong("this name has no closing backquote");
    }

    private QueryToken Number(int start)
    {
        at++;
        if (string.CompareOrdinal(text, start, "-inf", 0, 4) == 0 && (start + 4 == text.Length || !IsWordPart(text[start + 4])))
        {
            at = start + 4;
            return Token(QueryTokenKind.Number, "-inf") with { Number = double.NegativeInfinity };
        }

        Run(c => char.IsAsciiDigit(c) || c is '.' or 'e' or 'E' || (c is '+' or '-' && text[at - 1] is 'e' or 'E'));
        return text[start..at] is var written && double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) && JsonNumber.IsMatch(written)
            ? Token(QueryTokenKind.Number, written) with { Number = number }
            : throw Wrong($"'{AstReader.Shortened(text[start..at])}' is no number");
    }

    private QueryToken Token(QueryTokenKind kind, string value) => new(kind, value, 0, startLine, startColumn);

    private QuerySyntaxException Wrong(string problem) => new(startLine, startColumn, problem);
}
