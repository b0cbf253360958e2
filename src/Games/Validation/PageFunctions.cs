namespace Remix.Games.Validation;

/// <summary>The functions and classes of a page by their names, each by the bracket that opens its parameters.</summary>
internal sealed class PageFunctions
{
    private readonly Dictionary<string, List<(SdkScript Script, int Open)>> byName = new(StringComparer.Ordinal);

    public PageFunctions(IReadOnlyList<SdkScript> scripts)
    {
        foreach (var script in scripts)
        {
            for (var i = 0; i < script.Tokens.Count; i++)
            {
                if (script.Tokens.NameAt(i) is { } name && Opening(script, i) is { } open)
                {
                    Add(name, script, open);
                }
            }
        }
    }

    /// <summary>Where the parameter at a position begins, in each function that a call with this bracket may mean.</summary>
    public IEnumerable<(SdkScript Script, int At)> Parameter(SdkScript script, int call, int position)
    {
        var callees = script.Is(call - 1, ")") || script.Is(call - 1, "}") ? InPlace(script, call - 1)
            : script.NameAt(call - 1) is { } name && byName.TryGetValue(name, out var known) ? known : [];
        foreach (var (owner, open) in callees)
        {
            if (At(owner, open, position) is { } at)
            {
                yield return (owner, at);
            }
        }
    }

    private void Add(string name, SdkScript script, int open)
    {
        if (!byName.TryGetValue(name, out var known))
        {
            byName[name] = known = [];
        }

        known.Add((script, open));
    }

    /// <summary>The bracket of the parameters of what is declared under the name at an index; or an arrow's only parameter.</summary>
    private static int? Opening(SdkScript script, int i)
    {
        if (script.Tokens.IsName(i - 1, "class"))
        {
            return Constructor(script, i + 1);
        }

        if (script.Tokens.IsName(i - 1, "function") || (script.Tokens[i].IsProperty && !script.IsDot(i - 1)))
        {
            return IsFunction(script, i + 1) ? i + 1 : null;
        }

        if (!script.Is(i + 1, "="))
        {
            return null;
        }

        var at = script.Tokens.IsName(i + 2, "async") ? i + 3 : i + 2;
        at = !script.Tokens.IsName(at, "function") ? at : script.Is(at + 1, "(") ? at + 1 : at + 2;
        return script.Tokens.IsName(i + 2, "class") ? Constructor(script, i + 3)
            : IsFunction(script, at) || script.Is(at + 1, "=>") ? at : null;
    }

    private static bool IsFunction(SdkScript script, int open) => script.Is(open, "(") && script.Brackets.PartnerOf(open) is > 0 and var close
        && (script.Is(close + 1, "{") || script.Is(close + 1, "=>"));

    private static int? Constructor(SdkScript script, int from)
    {
        const int headMax = 20;
        var body = from;
        while (body < from + headMax && body < script.Tokens.Count && !script.Is(body, "{"))
        {
            body++;
        }

        if (!script.Is(body, "{") || script.Brackets.PartnerOf(body) is not (> 0 and var end))
        {
            return null;
        }

        for (var i = body + 1; i < end; i++)
        {
            if (script.Tokens.IsName(i, "constructor") && script.Brackets.Around(i) == body && script.Is(i + 1, "("))
            {
                return i + 1;
            }
        }

        return null;
    }

    /// <summary>A function that is called where it is written, and ends at an index; in brackets of its own or not.</summary>
    private static IEnumerable<(SdkScript Script, int Open)> InPlace(SdkScript script, int end)
    {
        const int headMax = 4;
        var first = script.Brackets.PartnerOf(end);
        if (first >= 0 && script.Is(end, "}") && script.Is(first - 1, ")"))
        {
            yield return (script, script.Brackets.PartnerOf(first - 1));
        }

        for (var i = first + 1; first >= 0 && script.Is(end, ")") && i < first + headMax; i++)
        {
            if (IsFunction(script, i) || (script.NameAt(i) is not null && script.Is(i + 1, "=>")))
            {
                yield return (script, i);
                yield break;
            }
        }
    }

    private static int? At(SdkScript script, int open, int position)
    {
        if (!script.Is(open, "("))
        {
            return position == 0 && open >= 0 ? open : null;
        }

        var (at, close) = (open + 1, script.Brackets.PartnerOf(open));
        for (; position > 0 && at < close; position--)
        {
            at = script.EndOfExpression(at) + 1;
        }

        return at < close ? at : null;
    }
}
