using Remix.Platform.JavaScript;

namespace Remix.Games.Validation;

/// <summary>What every game does with the SDK.</summary>
internal enum SdkHook
{
    GameOver,
    PlayAgain,
    ToggleMute,
}

/// <summary>A call that something in a page makes: where its bracket opens, and what it calls.</summary>
internal sealed record SdkCall(SdkScript Script, int Open, SdkExpression Callee);

/// <summary>A page's code as the validation sees it: its scripts, what they call, and which hooks are among the calls.</summary>
internal sealed class SdkHooks
{
    private readonly SdkReader reader;
    private readonly HashSet<string> ownMembers = new(StringComparer.Ordinal);
    private readonly HashSet<string> words = new(StringComparer.Ordinal);

    private SdkHooks(PageScripts page)
    {
        Page = page;
        Scripts = [.. page.Scripts.Select(script => new SdkScript(script))];
        reader = SdkAliases.Of(Scripts);
        foreach (var script in Scripts)
        {
            OwnMembers(script);
        }

        Calls = [.. Scripts.SelectMany(CallsOf)];
        Found = Calls.SelectMany(HooksOf).ToHashSet();
    }

    public PageScripts Page { get; }

    public IReadOnlyList<SdkScript> Scripts { get; }

    public IReadOnlyList<SdkCall> Calls { get; }

    public IReadOnlySet<SdkHook> Found { get; }

    public static SdkHooks Of(string code) => new(PageScripts.Of(code));

    /// <summary>A game over that names no score: the leaderboard has nothing to record.</summary>
    public bool EndsWithoutScore => Calls.Where(call => HooksOf(call).Contains(SdkHook.GameOver)).Any(call => call.Script.Is(call.Open + 1, ")"));

    /// <summary>Every name that is read from the window or stands alone, for warnings; with its place in the page.</summary>
    public IEnumerable<(string Name, int Offset)> Globals()
    {
        foreach (var script in Scripts)
        {
            for (var i = 0; i < script.Tokens.Count; i++)
            {
                if (script.Tokens.NameAt(i) is { } name && !script.Tokens[i].IsProperty | script.Tokens.IsName(i - 2, "window"))
                {
                    yield return (name, script.Script.Start + (script.Script.IsHandler ? 0 : script.Tokens[i].Start));
                }
            }
        }
    }

    private IReadOnlyList<SdkHook> HooksOf(SdkCall call)
    {
        var path = call.Callee.Path;
        if (path.Last is "call" or "apply")
        {
            path = path with { Names = [.. path.Names.SkipLast(1)] };
        }

        if (path.EndsWith("singlePlayer", "actions", "gameOver") || path.EndsWith("multiplayer", "actions", "gameOver"))
        {
            return [SdkHook.GameOver];
        }

        // A path that is not of the SDK begins with a name of the script's own.
        if (path.Names.Count < (path.IsSdk ? 1 : 2) || (!path.IsSdk && ownMembers.Contains(path.Last!)) || !HasArgument(call, 1))
        {
            return [];
        }

        return path.Last switch
        {
            "onPlayAgain" => [SdkHook.PlayAgain],
            "onToggleMute" => [SdkHook.ToggleMute],
            "on" when HasArgument(call, 2) => Listened(call, path.IsSdk),
            _ => [],
        };
    }

    /// <summary>Which events <c>on</c> is called for; of the SDK's, when the name is not written there, all that the page names.</summary>
    private IReadOnlyList<SdkHook> Listened(SdkCall call, bool isSdk)
    {
        var named = reader.TextBetween(call.Script, call.Open + 1, call.Script.EndOfExpression(call.Open + 1));
        var isAnywhere = named is null && isSdk;
        return [.. new[] { (SdkHook.PlayAgain, "play_again"), (SdkHook.ToggleMute, "toggle_mute") }
            .Where(hook => named == hook.Item2 || (isAnywhere && words.Contains(hook.Item2))).Select(hook => hook.Item1)];
    }

    private static bool HasArgument(SdkCall call, int count)
    {
        var (script, at) = (call.Script, call.Open + 1);
        if (script.Is(at, ")"))
        {
            return false;
        }

        var end = script.EndOfExpression(at);
        return count == 1 || (script.Is(end, ",") && !script.Is(end + 1, ")"));
    }

    private IEnumerable<SdkCall> CallsOf(SdkScript script)
    {
        for (var open = 1; open < script.Tokens.Count; open++)
        {
            if (!script.Is(open, "(") || script.IsSdkItself(open))
            {
                continue;
            }

            var callee = Called(script, open);
            foreach (var expression in script.EndsOperand(callee) ? reader.EndingAt(script, callee) : [])
            {
                yield return new SdkCall(script, open, expression);
            }
        }
    }

    /// <summary>
    /// The last token of what is called: of <c>(0, sdk.on)(…)</c>, as bundlers write it, what stands last in the brackets.
    /// </summary>
    private static int Called(SdkScript script, int open)
    {
        var callee = script.Is(open - 1, "?.") ? open - 2 : open - 1;
        return script.Is(callee, ")") && script.Brackets.PartnerOf(callee) is >= 0 and var paren && !script.EndsOperand(paren - 1)
            && script.Tokens.IsKind(paren + 1, JsTokenKind.Number) && script.Is(paren + 2, ",") ? callee - 1 : callee;
    }

    /// <summary>Whether a name was taken out of the SDK and stands for this part of it.</summary>
    public bool IsTaken(string name, IReadOnlyList<string> path) => reader.Names.Variable(name).Any(known =>
        known.IsSdk && known.Names.SequenceEqual(path, StringComparer.Ordinal));

    /// <summary>Whether anything in the page may give a meaning to a name that stands alone: all else only calls it.</summary>
    public bool IsDeclared(string name) => Scripts.Any(script => Enumerable.Range(0, script.Tokens.Count).Any(i =>
        script.Tokens.IsName(i, name) && !script.Tokens[i].IsProperty
            && (!script.Is(i + 1, "(") || script.Tokens.IsName(i - 1, "function"))));

    /// <summary>Methods that the page itself defines: calling one of them says nothing to the SDK. And which events it names.</summary>
    private void OwnMembers(SdkScript script)
    {
        for (var i = 0; i < script.Tokens.Count; i++)
        {
            var word = script.Tokens.LiteralAt(i) ?? script.Tokens.NameAt(i);
            if (word is "play_again" or "toggle_mute" && !script.IsSdkItself(i))
            {
                words.Add(word);
            }

            if (script.IsSdkItself(i)
                || script.Tokens[i].Kind != JsTokenKind.Name || !script.Tokens[i].IsProperty || script.Tokens.NameAt(i) is not { } name)
            {
                continue;
            }

            var isMethod = !script.IsDot(i - 1) && script.Is(i + 1, "(") && script.Brackets.PartnerOf(i + 1) is > 0 and var close
                && script.Is(close + 1, "{");
            var isAssigned = (script.Is(i + 1, "=") || script.Is(i + 1, ":"))
                && (script.Tokens.IsName(i + 2, "function") || script.Tokens.IsName(i + 2, "async") || IsArrow(script, i + 2));
            if (isMethod || isAssigned)
            {
                ownMembers.Add(name);
            }
        }
    }

    private static bool IsArrow(SdkScript script, int i) => script.Is(i + 1, "=>")
        || (script.Is(i, "(") && script.Brackets.PartnerOf(i) is > 0 and var close && script.Is(close + 1, "=>"));
}
