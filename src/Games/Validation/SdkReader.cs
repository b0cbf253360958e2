using Remix.Platform.JavaScript;

namespace Remix.Games.Validation;

/// <summary>
/// Says what expressions name, following a page's aliases of the SDK: variables, properties, functions that return it,
/// imports, and constants that hold a member's name. Where a name has several meanings, an expression has as many.
/// </summary>
internal sealed class SdkReader
{
    private const int DepthMax = 12;

    private static readonly string[] Windows = ["window", "self", "globalThis", "frames"];
    private static readonly SdkPath Unknown = new(false, ["?"]);

    public SdkNames Names { get; } = new();

    /// <summary>What the expression that ends with the token at <paramref name="last"/> may name; nothing when it is no path.</summary>
    public IReadOnlyList<SdkExpression> EndingAt(SdkScript script, int last, int depth = 0)
    {
        var members = new Stack<SdkMember>();
        for (var at = last; at >= 0 && depth < DepthMax;)
        {
            if (script.NameAt(at) is { } name)
            {
                if (!script.IsDot(at - 1))
                {
                    return script.Tokens.IsKind(at, JsTokenKind.Name) ? Named(name, at, [.. members]) : [];
                }

                members.Push(new SdkMember(name, at - 1, at));
                at -= 2;
            }
            else if (script.Is(at, "]") && script.Brackets.PartnerOf(at) is > 0 and var open)
            {
                var first = script.Is(open - 1, "?.") ? open - 1 : open;
                if (!script.EndsOperand(first - 1))
                {
                    return [];
                }

                members.Push(new SdkMember(TextBetween(script, open + 1, at) ?? "*", first, at));
                at = first - 1;
            }
            else if (script.Is(at, ")") && script.Brackets.PartnerOf(at) is >= 0 and var paren)
            {
                return [.. Bracketed(script, paren, at, depth).Select(origin => Taken(origin, paren, [.. members]))];
            }
            else
            {
                return members.Count > 0 ? [Taken(Unknown, at, [.. members])] : [];
            }
        }

        return [];
    }

    /// <summary>Text that a few tokens write: a literal, literals joined, or a constant that holds one.</summary>
    public string? TextBetween(SdkScript script, int start, int end)
    {
        var text = "";
        for (var i = start; i < end; i += 2)
        {
            var part = script.Tokens.LiteralAt(i) ?? ConstantAt(script, ref i);
            if (part is null || (i + 1 < end && !script.Is(i + 1, "+")))
            {
                return null;
            }

            text += part;
        }

        return end > start ? text : null;
    }

    private string? ConstantAt(SdkScript script, ref int i)
    {
        while (script.NameAt(i) is not null && script.Is(i + 1, "."))
        {
            i += 2;
        }

        return script.NameAt(i) is { } name ? Names.Constant(name) : null;
    }

    /// <summary>
    /// The paths of the SDK within a stretch of tokens: not those that are called there, which give something else, and not
    /// what is handed to a call.
    /// </summary>
    public List<SdkPath> Within(SdkScript script, int start, int end, int depth = 0)
    {
        var found = new List<SdkPath>();
        for (var i = start; i < end; i++)
        {
            if (script.Is(i, "(") && i > start && script.EndsOperand(i - 1) && script.Brackets.PartnerOf(i) is var close && close > i)
            {
                i = close;
            }
            else if (script.Tokens[i].Kind == JsTokenKind.Name && !script.IsDot(i - 1))
            {
                if (IsSdkImport(script, i))
                {
                    found.Add(SdkPath.Sdk);
                }

                var last = LastMember(script, i, end);
                found.AddRange(ValuesOf(script, last, depth));
                i = last;
            }
        }

        return found;
    }

    /// <summary>What a path is worth where it stands: itself, or what its call returns.</summary>
    private IEnumerable<SdkPath> ValuesOf(SdkScript script, int last, int depth)
    {
        var called = script.Is(last + 1, "(") || (script.Is(last + 1, "?.") && script.Is(last + 2, "("));
        foreach (var path in EndingAt(script, last, depth + 1).Select(expression => expression.Path).Where(path => path.IsSdk))
        {
            if (!called || (path.Names.Count == 0 && !script.IsDot(last - 1)))
            {
                yield return path;
            }
            else if (path.Last == "bind")
            {
                yield return path with { Names = [.. path.Names.SkipLast(1)] };
            }
        }
    }

    private static int LastMember(SdkScript script, int first, int end)
    {
        var last = first;
        while (MemberAfter(script, last) is { } next && next < end)
        {
            last = next;
        }

        return last;
    }

    /// <summary>A dynamic import or a require of an SDK's package.</summary>
    private static bool IsSdkImport(SdkScript script, int i) => script.Tokens.NameAt(i) is "import" or "require"
        && script.Is(i + 1, "(") && script.Tokens.LiteralAt(i + 2) is { } address && IsSdkAddress(address);

    public static bool IsSdkAddress(string address) => address.Contains("game-sdk", StringComparison.OrdinalIgnoreCase)
        || address.Contains("farcade", StringComparison.OrdinalIgnoreCase) || address.Contains("remix-sdk", StringComparison.OrdinalIgnoreCase);

    private static int? MemberAfter(SdkScript script, int last)
    {
        if (script.IsDot(last + 1) && script.NameAt(last + 2) is not null)
        {
            return last + 2;
        }

        var open = script.Is(last + 1, "?.") ? last + 2 : last + 1;
        return script.Is(open, "[") && script.Brackets.PartnerOf(open) is > 0 and var close ? close : null;
    }

    /// <summary>What stands in brackets, or what a call returns.</summary>
    private IReadOnlyList<SdkPath> Bracketed(SdkScript script, int open, int close, int depth)
    {
        var callee = script.Is(open - 1, "?.") ? open - 2 : open - 1;
        if (script.EndsOperand(callee))
        {
            var returnsSdk = IsSdkImport(script, callee)
                || EndingAt(script, callee, depth + 1).Any(expression => expression.Path is { IsSdk: true, Names: [] });
            return [returnsSdk ? SdkPath.Sdk : Unknown];
        }

        var whole = EndingAt(script, close - 1, depth + 1);
        if (whole.Any(expression => expression.Path.IsSdk || expression.FirstToken == open + 1))
        {
            return [.. whole.Select(expression => expression.Path)];
        }

        // What a function in brackets does is not what it is.
        var within = Within(script, open + 1, close, depth + 1);
        within = HoldsFunction(script, open + 1, close) ? within.FindAll(path => path.Names.Count == 0) : within;
        return within.Count > 0 ? within : [Unknown];
    }

    private static bool HoldsFunction(SdkScript script, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (script.Tokens.IsName(i, "function") || script.Is(i, "=>"))
            {
                return true;
            }
        }

        return false;
    }

    private static SdkExpression Taken(SdkPath origin, int first, IReadOnlyList<SdkMember> members) =>
        new(origin.Then(members.Select(member => member.Name)), first, members) { Base = origin };

    private IReadOnlyList<SdkExpression> Named(string name, int at, IReadOnlyList<SdkMember> members)
    {
        var names = members.Select(member => member.Name).Prepend(name).ToList();
        for (var i = names.Count - 1; i >= 0; i--)
        {
            if (Origins(names, i) is { Count: > 0 } origins)
            {
                return [.. origins.Select(origin => new SdkExpression(origin.Then(names.Skip(i + 1)), at, [.. members.Skip(i)]) { Base = origin })];
            }
        }

        return [new SdkExpression(new SdkPath(false, names), at, members) { Base = new SdkPath(false, [name]) }];
    }

    /// <summary>What the name at an index of a chain stands for, when it stands for something of the SDK.</summary>
    private IReadOnlyList<SdkPath> Origins(List<string> names, int i) => names[i] switch
    {
        "FarcadeSDK" or "RemixSDK" => [SdkPath.Sdk],
        "singlePlayer" or "multiplayer" when !HasSdkBefore(names, i) => [new SdkPath(true, [names[i]])],
        _ => Aliases(names, i),
    };

    private bool HasSdkBefore(List<string> names, int i)
    {
        for (var before = 0; before < i; before++)
        {
            if (names[before] is "FarcadeSDK" or "RemixSDK" || Aliases(names, before).Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    private IReadOnlyList<SdkPath> Aliases(List<string> names, int i)
    {
        var isVariable = i == 0 || names.Take(i).All(Windows.Contains);
        var variable = isVariable ? Names.Variable(names[i]) : [];
        return variable.Count > 0 || i == 0 ? variable : Names.Property(names[i]);
    }
}
