using Remix.Platform.JavaScript;

namespace Remix.Games.Validation;

/// <summary>
/// Says what expressions name, following a page's aliases of the SDK: variables, properties, functions that return it,
/// imports, and constants that hold a member's name.
/// </summary>
internal sealed class SdkReader
{
    private static readonly string[] Windows = ["window", "self", "globalThis", "frames"];

    public Dictionary<string, SdkPath> Variables { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, SdkPath> Properties { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Constants { get; } = new(StringComparer.Ordinal);

    /// <summary>The expression that ends with the token at <paramref name="last"/>; null when it is no path.</summary>
    public SdkExpression? EndingAt(SdkScript script, int last, int depth = 0)
    {
        var members = new Stack<SdkMember>();
        for (var at = last; at >= 0 && depth < 12;)
        {
            if (script.NameAt(at) is { } name)
            {
                if (!script.IsDot(at - 1))
                {
                    return script.Tokens.IsKind(at, JsTokenKind.Name) ? Named(name, at, members) : null;
                }

                members.Push(new SdkMember(name, at - 1, at));
                at -= 2;
            }
            else if (script.Is(at, "]") && script.Brackets.PartnerOf(at) is > 0 and var open)
            {
                var first = script.Is(open - 1, "?.") ? open - 1 : open;
                if (!script.EndsOperand(first - 1))
                {
                    return null;
                }

                members.Push(new SdkMember(TextBetween(script, open + 1, at) ?? "*", first, at));
                at = first - 1;
            }
            else if (script.Is(at, ")") && script.Brackets.PartnerOf(at) is >= 0 and var paren)
            {
                var origin = Bracketed(script, paren, at, depth);
                return Taken(origin, paren, members);
            }
            else
            {
                return members.Count > 0 ? Taken(new SdkPath(false, ["?"]), at, members) : null;
            }
        }

        return null;
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

        return script.NameAt(i) is { } name && Constants.TryGetValue(name, out var text) ? text : null;
    }

    /// <summary>The first path of the SDK within a stretch of tokens, unless it is called there.</summary>
    public SdkPath? WithinOf(SdkScript script, int start, int end, int depth = 0)
    {
        for (var i = start; i < end; i++)
        {
            if (script.Tokens[i].Kind != JsTokenKind.Name || script.IsDot(i - 1))
            {
                continue;
            }

            var last = i;
            while (MemberAfter(script, last) is { } next && next < end)
            {
                last = next;
            }

            var called = script.Is(last + 1, "(") || (script.Is(last + 1, "?.") && script.Is(last + 2, "("));
            if (EndingAt(script, last, depth + 1)?.Path is { IsSdk: true } path)
            {
                if (!called || (path.Names.Count == 0 && !script.IsDot(last - 1)))
                {
                    return path;
                }

                if (path.Last == "bind")
                {
                    return path with { Names = [.. path.Names.SkipLast(1)] };
                }
            }

            if (IsSdkImport(script, i))
            {
                return SdkPath.Sdk;
            }
        }

        return null;
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
    private SdkPath Bracketed(SdkScript script, int open, int close, int depth)
    {
        var callee = script.Is(open - 1, "?.") ? open - 2 : open - 1;
        if (script.EndsOperand(callee))
        {
            if (script.Tokens.NameAt(callee) is "import" or "require" && script.Tokens.LiteralAt(open + 1) is { } address && IsSdkAddress(address))
            {
                return SdkPath.Sdk;
            }

            return EndingAt(script, callee, depth + 1)?.Path is { IsSdk: true, Names: [] } returned ? returned : new SdkPath(false, ["?"]);
        }

        if (EndingAt(script, close - 1, depth + 1) is { Path: var inner } expression && (inner.IsSdk || expression.FirstToken == open + 1))
        {
            return inner;
        }

        return WithinOf(script, open + 1, close, depth + 1) ?? new SdkPath(false, ["?"]);
    }

    private static SdkExpression Taken(SdkPath origin, int first, Stack<SdkMember> members)
    {
        var list = members.ToList();
        return new SdkExpression(origin.Then(list.Select(member => member.Name)), first, list) { Base = origin };
    }

    private SdkExpression Named(string name, int at, Stack<SdkMember> stack)
    {
        var members = stack.ToList();
        var names = members.Select(member => member.Name).Prepend(name).ToList();
        for (var i = names.Count - 1; i >= 0; i--)
        {
            var origin = names[i] is "FarcadeSDK" or "RemixSDK" ? SdkPath.Sdk
                : names[i] is "singlePlayer" or "multiplayer" && !HasSdkBefore(names, i) ? new SdkPath(true, [names[i]])
                : Alias(names, i);
            if (origin is not null)
            {
                var rest = members.Skip(i).ToList();
                return new SdkExpression(origin.Then(names.Skip(i + 1)), at, rest) { Base = origin };
            }
        }

        return new SdkExpression(new SdkPath(false, names), at, members) { Base = new SdkPath(false, [name]) };
    }

    private bool HasSdkBefore(List<string> names, int i)
    {
        for (var before = 0; before < i; before++)
        {
            if (names[before] is "FarcadeSDK" or "RemixSDK" || Alias(names, before) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private SdkPath? Alias(List<string> names, int i)
    {
        var isVariable = i == 0 || names.Take(i).All(Windows.Contains);
        if (isVariable && Variables.TryGetValue(names[i], out var variable))
        {
            return variable;
        }

        return i > 0 && Properties.TryGetValue(names[i], out var property) ? property : null;
    }
}
