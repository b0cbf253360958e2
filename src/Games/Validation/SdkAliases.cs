using Remix.Platform.JavaScript;

namespace Remix.Games.Validation;

/// <summary>
/// Finds by which names a page's scripts know the SDK or parts of it. Names are taken as global to the page: a wrong alias
/// can only come of two meanings of one name, which is rarer than a script that is cut into many.
/// </summary>
internal static class SdkAliases
{
    private const int RoundsMax = 4;

    public static SdkReader Of(IReadOnlyList<SdkScript> scripts)
    {
        var reader = new SdkReader();
        for (var round = 0; round < RoundsMax; round++)
        {
            var before = reader.Variables.Count + reader.Properties.Count + reader.Constants.Count;
            foreach (var script in scripts)
            {
                for (var i = 0; i < script.Tokens.Count; i++)
                {
                    Look(script, i, reader);
                }
            }

            if (reader.Variables.Count + reader.Properties.Count + reader.Constants.Count == before)
            {
                break;
            }
        }

        return reader;
    }

    private static void Look(SdkScript script, int i, SdkReader reader)
    {
        if (script.Is(i, "=") || script.Is(i, "??=") || script.Is(i, "||="))
        {
            Assignment(script, i, reader);
        }
        else if (script.Is(i, ":") && script.NameAt(i - 1) is { } key && script.Tokens[i - 1].IsProperty)
        {
            Entry(script, i, key, reader);
        }
        else if (script.Tokens.IsName(i, "import") && !script.Is(i + 1, "(") && !script.IsDot(i + 1))
        {
            Import(script, i, reader);
        }
        else if (script.Tokens.IsName(i, "return") && Enclosing(script, i) is var (name, isProperty)
            && reader.WithinOf(script, i + 1, script.EndOfExpression(i + 1)) is { Names: [] } returned)
        {
            Keep(reader, name, isProperty, returned);
        }
    }

    private static void Assignment(SdkScript script, int equals, SdkReader reader)
    {
        var start = equals + 1;
        var end = script.EndOfExpression(start);
        if (script.NameAt(equals - 1) is { } name)
        {
            if (reader.TextBetween(script, start, end) is { } text)
            {
                reader.Constants.TryAdd(name, text);
                return;
            }

            if (ValueOf(script, start, end, reader) is { } path)
            {
                Keep(reader, name, script.Tokens[equals - 1].IsProperty || script.IsDot(equals - 2), path);
            }
        }
        else if (script.Is(equals - 1, "}") && script.Brackets.PartnerOf(equals - 1) is >= 0 and var open
            && ValueOf(script, start, end, reader) is { } origin)
        {
            Pattern(script, open, equals - 1, origin, reader);
        }
    }

    private static void Entry(SdkScript script, int colon, string key, SdkReader reader)
    {
        var end = script.EndOfExpression(colon + 1);
        if (reader.TextBetween(script, colon + 1, end) is { } text)
        {
            reader.Constants.TryAdd(key, text);
        }
        else if (ValueOf(script, colon + 1, end, reader) is { } path)
        {
            reader.Properties.TryAdd(key, path);
        }
    }

    /// <summary>A path of the SDK, or a function that does nothing but return one.</summary>
    private static SdkPath? ValueOf(SdkScript script, int start, int end, SdkReader reader)
    {
        for (var i = start; i < end; i++)
        {
            if (script.Is(i, "=>"))
            {
                return script.Is(i + 1, "{") ? null : reader.WithinOf(script, i + 1, end) is { Names: [] } returned ? returned : null;
            }

            if (script.Tokens.IsName(i, "function") || script.Is(i, "{"))
            {
                return i == start ? null : reader.WithinOf(script, start, i);
            }
        }

        return reader.WithinOf(script, start, end);
    }

    private static void Pattern(SdkScript script, int open, int close, SdkPath origin, SdkReader reader)
    {
        for (var i = open + 1; i < close; i++)
        {
            var isComputed = script.Is(i, "[") && script.Brackets.PartnerOf(i) > i;
            var key = isComputed ? reader.TextBetween(script, i + 1, script.Brackets.PartnerOf(i)) : script.Tokens.LiteralAt(i) ?? script.NameAt(i);
            var at = isComputed ? script.Brackets.PartnerOf(i) + 1 : i + 1;
            if (script.Is(i, "...") && script.NameAt(i + 1) is { } rest)
            {
                reader.Variables.TryAdd(rest, origin);
            }
            else if (key is not null)
            {
                Binding(script, at, key, origin, reader);
            }

            i = NextEntry(script, i, close);
        }
    }

    private static void Binding(SdkScript script, int at, string key, SdkPath origin, SdkReader reader)
    {
        var path = origin.Then([key]);
        if (!script.Is(at, ":"))
        {
            reader.Variables.TryAdd(key, path);
        }
        else if (script.Is(at + 1, "{") && script.Brackets.PartnerOf(at + 1) is > 0 and var inner)
        {
            Pattern(script, at + 1, inner, path, reader);
        }
        else if (script.NameAt(at + 1) is { } target)
        {
            reader.Variables.TryAdd(target, path);
        }
    }

    private static int NextEntry(SdkScript script, int i, int close)
    {
        while (i < close && !script.Is(i, ","))
        {
            i = (script.Is(i, "{") || script.Is(i, "(") || script.Is(i, "[")) && script.Brackets.PartnerOf(i) > i
                ? script.Brackets.PartnerOf(i) + 1 : i + 1;
        }

        return i;
    }

    private static void Import(SdkScript script, int i, SdkReader reader)
    {
        const int tokensMax = 60;
        var from = i + 1;
        while (from < Math.Min(script.Tokens.Count, i + tokensMax) && !script.Tokens.IsName(from, "from") && !script.Is(from, ";"))
        {
            from++;
        }

        if (script.Tokens.LiteralAt(from + 1) is not { } address || !SdkReader.IsSdkAddress(address))
        {
            return;
        }

        for (var at = i + 1; at < from; at++)
        {
            if (script.Tokens.NameAt(at) is { } name && name is not "as")
            {
                reader.Variables.TryAdd(name, SdkPath.Sdk);
            }
        }
    }

    /// <summary>The function, by its name, whose body a statement stands in.</summary>
    private static (string Name, bool IsProperty)? Enclosing(SdkScript script, int i)
    {
        var brace = script.Brackets.Around(i);
        var before = brace - 1;
        if (script.Is(before, "=>"))
        {
            before--;
        }

        if (brace < 0 || !script.Is(before, ")") || script.Brackets.PartnerOf(before) is not (> 0 and var paren))
        {
            return null;
        }

        var name = paren - 1;
        if (script.Tokens.IsName(name, "function") || script.Is(name, "="))
        {
            name = script.Is(name, "=") ? name - 1 : script.Is(name - 1, "=") ? name - 2 : -1;
        }

        return name >= 0 && script.NameAt(name) is { } text && script.EndsOperand(name)
            ? (text, script.Tokens[name].IsProperty || script.IsDot(name - 1)) : null;
    }

    private static void Keep(SdkReader reader, string name, bool isProperty, SdkPath path)
    {
        (isProperty ? reader.Properties : reader.Variables).TryAdd(name, path);
    }
}
