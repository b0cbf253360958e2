using Remix.Platform.JavaScript;

namespace Remix.Games.Validation;

/// <summary>
/// Finds by which names a page's scripts know the SDK or parts of it. Names are taken as global to the page, since a game may
/// be cut into many scripts; one that has several meanings keeps them all.
/// </summary>
internal static class SdkAliases
{
    private const int RoundsMax = 6;

    public static SdkReader Of(IReadOnlyList<SdkScript> scripts)
    {
        var reader = new SdkReader();
        var functions = new PageFunctions(scripts);
        for (var round = 0; round < RoundsMax; round++)
        {
            var before = reader.Names.Count;
            foreach (var script in scripts)
            {
                for (var i = 0; i < script.Tokens.Count; i++)
                {
                    Look(script, i, reader);
                    Handed(script, i, functions, reader);
                }
            }

            if (reader.Names.Count == before)
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
            && reader.Within(script, i + 1, script.EndOfExpression(i + 1)).Any(path => path.Names.Count == 0))
        {
            reader.Names.Add(name, isProperty, SdkPath.Sdk);
        }
    }

    /// <summary>A function that is called with the SDK knows it by the name of its parameter.</summary>
    private static void Handed(SdkScript script, int open, PageFunctions functions, SdkReader reader)
    {
        if (!script.Is(open, "(") || !script.EndsOperand(open - 1) || script.Brackets.PartnerOf(open) is not (> 0 and var close))
        {
            return;
        }

        var position = 0;
        for (var start = open + 1; start < close; position++)
        {
            var end = Math.Min(script.EndOfExpression(start), close);
            foreach (var path in ValuesOf(script, start, end, reader))
            {
                foreach (var (owner, at) in functions.Parameter(script, open, position))
                {
                    Bind(owner, at, path, reader);
                }
            }

            start = end + 1;
        }
    }

    private static void Bind(SdkScript script, int at, SdkPath path, SdkReader reader)
    {
        if (script.Is(at, "{") && script.Brackets.PartnerOf(at) is > 0 and var close)
        {
            Pattern(script, at, close, path, reader);
        }
        else if (script.Tokens.NameAt(at) is { } name)
        {
            reader.Names.Add(name, false, path);
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
                reader.Names.AddConstant(name, text);
                return;
            }

            var isProperty = script.Tokens[equals - 1].IsProperty || script.IsDot(equals - 2);
            foreach (var path in ValuesOf(script, start, end, reader))
            {
                reader.Names.Add(name, isProperty, path);
            }

            // What is made the window's SDK is the SDK by its own name too: the package does so where it is bundled.
            if (name is "FarcadeSDK" or "RemixSDK" && end == start + 1 && script.Tokens.NameAt(start) is { } made)
            {
                reader.Names.Add(made, false, SdkPath.Sdk);
            }
        }
        else if (script.Is(equals - 1, "}") && script.Brackets.PartnerOf(equals - 1) is >= 0 and var open)
        {
            foreach (var origin in ValuesOf(script, start, end, reader).DefaultIfEmpty(new SdkPath(false, [])))
            {
                Pattern(script, open, equals - 1, origin, reader);
            }
        }
    }

    private static void Entry(SdkScript script, int colon, string key, SdkReader reader)
    {
        var end = script.EndOfExpression(colon + 1);
        if (reader.TextBetween(script, colon + 1, end) is { } text)
        {
            reader.Names.AddConstant(key, text);
            return;
        }

        foreach (var path in ValuesOf(script, colon + 1, end, reader))
        {
            reader.Names.Add(key, true, path);
        }
    }

    /// <summary>Paths of the SDK, or a function that does nothing but return it.</summary>
    private static List<SdkPath> ValuesOf(SdkScript script, int start, int end, SdkReader reader)
    {
        for (var i = start; i < end; i++)
        {
            if (script.Is(i, "=>"))
            {
                return script.Is(i + 1, "{") ? [] : reader.Within(script, i + 1, end).FindAll(path => path.Names.Count == 0);
            }

            if (script.Tokens.IsName(i, "function") || script.Is(i, "{"))
            {
                return i == start ? [] : reader.Within(script, start, i);
            }
        }

        return reader.Within(script, start, end);
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
                reader.Names.Add(rest, false, origin);
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
        var path = key is "FarcadeSDK" or "RemixSDK" ? SdkPath.Sdk : origin.Then([key]);
        if (!origin.IsSdk && !path.IsSdk)
        {
            // Out of an object that is not known comes what stands under that key in any object of the page.
            foreach (var known in reader.Names.Property(key).ToList())
            {
                Bind(script, script.Is(at, ":") ? at + 1 : at - 1, known, reader);
            }
        }

        if (!script.Is(at, ":"))
        {
            reader.Names.Add(key, false, path);
        }
        else if (script.Is(at + 1, "{") && script.Brackets.PartnerOf(at + 1) is > 0 and var inner)
        {
            Pattern(script, at + 1, inner, path, reader);
        }
        else if (script.NameAt(at + 1) is { } target)
        {
            reader.Names.Add(target, false, path);
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
                reader.Names.Add(name, false, SdkPath.Sdk);
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
}
