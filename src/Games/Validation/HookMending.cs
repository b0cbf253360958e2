using Remix.Platform.JavaScript;

namespace Remix.Games.Validation;

/// <summary>Edits that may bring a hook back, and whether they leave nothing to be done by hand.</summary>
internal sealed record Mending(IReadOnlyList<TextEdit> Edits, bool Complete, string Note);

/// <summary>
/// Brings back a hook that the validation misses. What the author wrote and spoiled is mended in its place: misspelt, taken
/// from the wrong object, commented out. Otherwise a hook is written from what the code shows: a function that ends the
/// game, one that starts it, its sounds. Each proposal is validated before it is given.
/// </summary>
internal static class HookMending
{
    public static Mending? Of(SdkHook hook, string code, SdkHooks hooks) =>
        SpelledAnew.Proposals(hook, hooks).Concat(SdkMisuse.Proposals(hook, hooks))
            .Concat(Uncommented.Proposals(hook, hooks)).Concat(HookWriting.Proposals(hook, hooks))
            .FirstOrDefault(proposal => Clears(hook, code, hooks, proposal));

    private static bool Clears(SdkHook hook, string code, SdkHooks before, Mending proposal)
    {
        var after = SdkHooks.Of(CodePatch.Apply(code, proposal.Edits));
        return after.Found.Contains(hook) && before.Found.All(after.Found.Contains) && Broken(after) <= Broken(before);
    }

    /// <summary>Tokens that no script may hold, and brackets that do not match.</summary>
    private static int Broken(SdkHooks hooks) => hooks.Scripts.Sum(script => Broken(script));

    public static int Broken(SdkScript script)
    {
        var broken = 0;
        for (var i = 0; i < script.Tokens.Count; i++)
        {
            var token = script.Tokens[i];
            var isBracket = token.Kind == JsTokenKind.Punctuator && script.Tokens.Raw(token) is "(" or ")" or "[" or "]" or "{" or "}";
            if (token.Kind == JsTokenKind.Invalid || (isBracket && script.Brackets.PartnerOf(i) < 0))
            {
                broken++;
            }
        }

        return broken;
    }
}

/// <summary>A call of the SDK that names no member the SDK has, but nearly the one that is missing.</summary>
internal static class SpelledAnew
{
    private const int DistanceMax = 4;

    private static readonly Dictionary<SdkHook, string[][]> Wanted = new()
    {
        [SdkHook.GameOver] = [["singlePlayer", "actions", "gameOver"], ["multiplayer", "actions", "gameOver"]],
        [SdkHook.PlayAgain] = [["onPlayAgain"]],
        [SdkHook.ToggleMute] = [["onToggleMute"]],
    };

    /// <summary>What people write instead.</summary>
    private static readonly Dictionary<SdkHook, string[]> AlsoCalled = new()
    {
        [SdkHook.GameOver] = ["gameOver", "endGame", "gameEnd", "gameEnded", "over", "end", "finish", "finished", "reportScore", "submitScore",
            "setScore", "postScore", "gameover", "game_over", "complete"],
        [SdkHook.PlayAgain] = ["onPlayAgain", "playAgain", "onRestart", "onReplay", "onRetry", "onReset", "onNewGame", "onplayagain", "replay"],
        [SdkHook.ToggleMute] = ["onToggleMute", "toggleMute", "onMute", "onMuted", "onMuteToggle", "onSoundToggle", "onToggleSound",
            "onMuteChange", "onMuteChanged", "onAudioToggle", "mute", "ontogglemute"],
    };

    public static IEnumerable<Mending> Proposals(SdkHook hook, SdkHooks hooks) => hooks.Calls
        .Where(call => !call.Script.Script.IsHandler)
        .Select(call => (Edit: Renamed(hook, call) ?? Event(hook, call) ?? Taken(hook, call, hooks), call))
        .Where(found => found.Edit is not null)

        // A squeezed name may be one part of the SDK or another; what adds least to what was written is meant.
        .OrderBy(found => found.Edit!.Text.Length)
        .Select(found => new Mending([found.Edit!], true, "A call of the SDK is spelled as the SDK knows it."));

    /// <summary>A function taken out of the SDK, called by a name that nothing in the page has.</summary>
    private static TextEdit? Taken(SdkHook hook, SdkCall call, SdkHooks hooks)
    {
        var (script, token) = (call.Script, call.Open - 1);
        if (call.Callee is not { Members.Count: 0, Path: { IsSdk: false, Names: [var name] } } || !script.Tokens.IsName(token, name)
            || !IsLike(hook, name) || hooks.IsDeclared(name)
            || Wanted[hook].FirstOrDefault(path => hooks.IsTaken(path[^1], path)) is not { } wanted)
        {
            return null;
        }

        return new TextEdit(script.Script.Start + script.Tokens[token].Start, script.Script.Start + script.Tokens[token].End, wanted[^1]);
    }

    private static TextEdit? Renamed(SdkHook hook, SdkCall call)
    {
        var (script, callee) = (call.Script, call.Callee);
        if (callee.Members.Count == 0 || callee.Members[^1].Name is not { Length: > 1 } last || !IsLike(hook, last)
            || (!callee.Path.IsSdk && Distance(last, Wanted[hook][0][^1]) > 2))
        {
            return null;
        }

        if (Respelled(hook, call).FirstOrDefault() is { } edit)
        {
            return edit;
        }

        var name = script.Tokens[callee.Members[^1].Last];
        return script.NameAt(callee.Members[^1].Last) is null ? null
            : new TextEdit(script.Script.Start + name.Start, script.Script.Start + name.End, Wanted[hook][0][^1]);
    }

    /// <summary>The members behind what is known to be the SDK, or a part of it, written as the hook wants them.</summary>
    internal static IEnumerable<TextEdit> Respelled(SdkHook hook, SdkCall call)
    {
        var (script, callee) = (call.Script, call.Callee);
        if (!callee.Path.IsSdk || callee.Members.Count == 0)
        {
            yield break;
        }

        foreach (var wanted in Wanted[hook].OrderByDescending(path => callee.Path.Names.Count > 0 && path[0] == callee.Path.Names[0]))
        {
            var known = callee.Base.Names;
            if (wanted.Take(known.Count).SequenceEqual(known, StringComparer.Ordinal) && known.Count < wanted.Length)
            {
                var (first, end) = (script.Tokens[callee.Members[0].First], script.Tokens[callee.Members[^1].Last]);
                var dot = script.Is(callee.Members[0].First, "?.") ? "?." : ".";
                yield return new TextEdit(script.Script.Start + first.Start, script.Script.Start + end.End,
                    dot + string.Join('.', wanted.Skip(known.Count)));
            }
        }
    }

    /// <summary><c>sdk.on("playAgain", …)</c>, and <c>addEventListener</c> taken for <c>on</c>.</summary>
    private static TextEdit? Event(SdkHook hook, SdkCall call)
    {
        var script = call.Script;
        var wanted = hook switch { SdkHook.PlayAgain => "play_again", SdkHook.ToggleMute => "toggle_mute", _ => null };
        if (wanted is null || call.Callee.Path.Last is not ("on" or "addListener" or "addEventListener" or "once" or "listen" or "subscribe")
            || script.Tokens.LiteralAt(call.Open + 1) is not { } said || !(IsLike(hook, said) || Distance(said, wanted) <= DistanceMax))
        {
            return null;
        }

        var name = script.Tokens[call.Open - 1];
        var literal = script.Tokens[call.Open + 1];
        return script.NameAt(call.Open - 1) is null ? null
            : new TextEdit(script.Script.Start + name.Start, script.Script.Start + literal.End, $"on(\"{wanted}\"");
    }

    private static bool IsLike(SdkHook hook, string name) => AlsoCalled[hook].Any(known =>
        string.Equals(known, name.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)
        || string.Equals(known, name, StringComparison.OrdinalIgnoreCase))
        || Distance(name, Wanted[hook][0][^1]) <= Math.Min(DistanceMax, Wanted[hook][0][^1].Length / 3);

    private static int Distance(string a, string b)
    {
        const int lengthMax = 40;
        if (a.Length > lengthMax)
        {
            return lengthMax;
        }

        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal
                    + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1));
                diagonal = row[j];
                row[j] = cost;
            }
        }

        return row[^1];
    }
}

/// <summary>A hook that stands in a comment where a statement may stand.</summary>
internal static class Uncommented
{
    public static IEnumerable<Mending> Proposals(SdkHook hook, SdkHooks hooks)
    {
        var word = hook switch { SdkHook.GameOver => "gameOver", SdkHook.PlayAgain => "lay", _ => "ute" };
        foreach (var script in hooks.Scripts.Where(script => !script.Script.IsHandler))
        {
            foreach (var edits in Blocks(script))
            {
                var text = string.Concat(edits.Select(edit =>
                    script.Script.Code[(edit.Start - script.Script.Start)..(edit.End - script.Script.Start)]));
                if (text.Contains(word, StringComparison.Ordinal))
                {
                    yield return new Mending(Stripped(script, edits), true, "A call of the SDK that stood in a comment is code again.");
                }
            }
        }
    }

    /// <summary>Comments that stand together, and can hold statements: line comments below each other, or one in /* */.</summary>
    private static IEnumerable<List<TextEdit>> Blocks(SdkScript script)
    {
        var all = script.Tokens.All;
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i].Kind != JsTokenKind.Comment || !MayHoldStatements(script, all[i]))
            {
                continue;
            }

            var block = new List<JsToken> { all[i] };
            while (IsLine(script, all[i]) && i + 1 < all.Count && all[i + 1].Kind == JsTokenKind.Comment && IsLine(script, all[i + 1]))
            {
                block.Add(all[++i]);
            }

            if (block.Count > 1)
            {
                foreach (var one in block)
                {
                    yield return [Place(script, one)];
                }
            }

            yield return [.. block.Select(comment => Place(script, comment))];
        }
    }

    private static bool IsLine(SdkScript script, JsToken comment) => script.Tokens.Raw(comment).StartsWith("//");

    private static TextEdit Place(SdkScript script, JsToken comment) =>
        new(script.Script.Start + comment.Start, script.Script.Start + comment.End, "");

    /// <summary>What is left of comments without their marks.</summary>
    private static List<TextEdit> Stripped(SdkScript script, List<TextEdit> comments) => [.. comments.SelectMany(comment =>
        script.Script.Code[(comment.Start - script.Script.Start)..].StartsWith("//", StringComparison.Ordinal)
            ? (TextEdit[])[new(comment.Start, comment.Start + 2, "")]
            : [new(comment.Start, comment.Start + 2, ""), new(comment.End - 2, comment.End, "")])];

    /// <summary>Before the comment a statement has ended, and around it is a body, not an object or a list.</summary>
    private static bool MayHoldStatements(SdkScript script, JsToken comment)
    {
        var before = -1;
        for (var (low, high) = (0, script.Tokens.Count - 1); low <= high;)
        {
            var middle = (low + high) / 2;
            (before, low, high) = script.Tokens[middle].Start < comment.Start ? (middle, middle + 1, high) : (before, low, middle - 1);
        }

        var brace = script.Is(before, "{") ? before : script.Brackets.Around(before);
        var isBody = brace < 0 || (script.Is(brace, "{") && (script.Is(brace - 1, ")") || script.Is(brace - 1, "=>") || script.Is(brace - 1, ";")
            || script.Is(brace - 1, "}") || script.Is(brace - 1, "{") || script.Tokens.NameAt(brace - 1) is "else" or "try" or "do" or "finally"));
        return isBody && (before < 0 || script.Is(before, ";") || script.Is(before, "{") || script.Is(before, "}") || script.EndsOperand(before));
    }
}
