using Remix.Platform.JavaScript;

namespace Remix.JsRuntime.Agents;

/// <summary>The names that <c>export const a = 1, {b, c: [d = 2], ...e} = f</c> declares.</summary>
internal sealed class ExportedNames
{
    private readonly JsTokens tokens;
    private readonly List<string> names = [];

    private ExportedNames(JsTokens tokens) => this.tokens = tokens;

    /// <summary>Reads the declarators that begin at a token.</summary>
    public static IReadOnlyList<string> Read(JsTokens tokens, int i)
    {
        var reading = new ExportedNames(tokens);
        while (i < tokens.Count)
        {
            i = reading.Skip(reading.Pattern(i), statement: true);
            if (!tokens.IsPunctuator(i, ","))
            {
                break;
            }

            i++;
        }

        return reading.names;
    }

    /// <summary>Reads a name, or names in brackets; returns the index after them.</summary>
    private int Pattern(int i)
    {
        if (!tokens.IsPunctuator(i, "{") && !tokens.IsPunctuator(i, "["))
        {
            if (tokens.NameAt(i) is { } name)
            {
                names.Add(name);
            }

            return i + 1;
        }

        var isObject = tokens.IsPunctuator(i, "{");
        i++;
        while (i < tokens.Count && !tokens.IsPunctuator(i, isObject ? "}" : "]"))
        {
            if (tokens.IsPunctuator(i, ",") || tokens.IsPunctuator(i, "..."))
            {
                i++;
                continue;
            }

            i = Skip(isObject ? Member(i) : Pattern(i), statement: false);
        }

        return i + 1;
    }

    /// <summary><c>a</c>, <c>a: pattern</c>, <c>"a": pattern</c>, <c>[key]: pattern</c>.</summary>
    private int Member(int i)
    {
        var colon = i + 1;
        if (tokens.IsPunctuator(i, "["))
        {
            for (var depth = 1; depth > 0 && colon < tokens.Count; colon++)
            {
                depth += Bracket(colon);
            }
        }

        return Pattern(tokens.IsPunctuator(colon, ":") ? colon + 1 : i);
    }

    /// <summary>Passes over an initial value, to the comma or bracket behind it, or to the end of the statement.</summary>
    private int Skip(int i, bool statement)
    {
        if (!tokens.IsPunctuator(i, "="))
        {
            return i;
        }

        var depth = 0;
        for (i++; i < tokens.Count; i++)
        {
            var bracket = Bracket(i);
            if (depth == 0 && (bracket < 0 || tokens.IsPunctuator(i, ",") || tokens.IsPunctuator(i, ";")
                || (statement && EndsBefore(i))))
            {
                return i;
            }

            depth += bracket;
        }

        return i;
    }

    private int Bracket(int i)
    {
        var raw = tokens.Raw(tokens[i]);
        return tokens[i].Kind switch
        {
            JsTokenKind.Punctuator => raw is "(" or "[" or "{" ? 1 : raw is ")" or "]" or "}" ? -1 : 0,
            JsTokenKind.Template => (raw.EndsWith("${") ? 1 : 0) - (raw[0] == '}' ? 1 : 0),
            _ => 0,
        };
    }

    /// <summary>Whether a line end before the token ends the statement, since neither side of it asks for more.</summary>
    private bool EndsBefore(int i)
    {
        if (!tokens[i].NewlineBefore || tokens.IsPunctuator(i - 1, "="))
        {
            return false;
        }

        var before = tokens[i - 1];
        var isOpen = before.Kind == JsTokenKind.Punctuator && tokens.Raw(before) is not (")" or "]" or "}" or "++" or "--");
        var goesOn = tokens[i].Kind == JsTokenKind.Template
            || (tokens[i].Kind == JsTokenKind.Punctuator && tokens.Raw(tokens[i]) is not ("{" or "!" or "~" or "++" or "--" or ";"))
            || tokens.IsName(i, "in") || tokens.IsName(i, "instanceof");
        var asksForMore = before.Kind == JsTokenKind.Name && !before.IsProperty
            && tokens.Raw(before) is "typeof" or "void" or "new" or "await" or "delete" or "in" or "instanceof" or "extends" or "class";
        return !isOpen && !goesOn && !asksForMore;
    }
}
