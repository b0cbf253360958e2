using System.Text.RegularExpressions;

namespace Remix.Games.Validation;

/// <summary>
/// A call of the SDK that can only fail: of a member it does not have, or without the handler it wants. What it says it is for
/// tells which hook it was meant to be, and mending it in its place keeps what its author wrote.
/// </summary>
internal static partial class SdkMisuse
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;

    private static readonly string[] Members = ["on", "off", "onPlayAgain", "onToggleMute", "onGameInfo", "onGameStateUpdated",
        "onPurchaseComplete", "setTarget", "ready", "purchase", "reportError", "hapticFeedback", "hasItem", "singlePlayer", "multiplayer",
        "gameInfo", "gameState", "player", "players", "purchasedItems", "isReady"];

    private static readonly string[] Actions = ["ready", "hapticFeedback", "reportError", "purchase", "gameOver", "saveGameState", "refuteGameState"];

    [GeneratedRegex("scores?$|points", Options)]
    private static partial Regex Ends();

    [GeneratedRegex("again|restart|reset|replay|retry|^start|^begin|^init|new_?(game|round)", Options)]
    private static partial Regex Restarts();

    [GeneratedRegex("mute|sound|audio|volume", Options)]
    private static partial Regex Silences();

    public static IEnumerable<Mending> Proposals(SdkHook hook, SdkHooks hooks)
    {
        var calls = hooks.Calls.Where(call => !call.Script.Script.IsHandler && call.Callee.Path.IsSdk).ToList();
        foreach (var call in calls)
        {
            if (WithoutHandler(hook, call, hooks) is { } handled)
            {
                yield return new Mending([handled], true, "A listener that had nothing to call calls what the game has for it.");
            }
            else if (IsUnknown(call.Callee.Path.Names) && Suits(hook, call) && IsSure(call))
            {
                foreach (var edit in SpelledAnew.Respelled(hook, call))
                {
                    yield return Called(call, edit);
                }
            }
        }

        // Where the words say nothing, what is handed over does: a result, or a function with or without a parameter.
        var others = Enum.GetValues<SdkHook>().Where(other => other != hook && !hooks.Found.Contains(other)).ToList();
        foreach (var call in calls.Where(call => IsUnknown(call.Callee.Path.Names) && IsSure(call) && !call.Script.Is(call.Open - 1, "?.")
            && Fits(hook, call) && !others.Exists(other => Suits(other, call) || (other < hook && Fits(other, call)))))
        {
            foreach (var edit in SpelledAnew.Respelled(hook, call))
            {
                yield return Called(call, edit);
            }
        }
    }

    private static Mending Called(SdkCall call, TextEdit edit) =>
        new([edit], true, $"The SDK has no {call.Callee.Path.Last}(); what it was meant for is called by its name.");

    /// <summary>Whether it is handed what the hook takes. What is called after another event is left alone.</summary>
    private static bool Fits(SdkHook hook, SdkCall call)
    {
        var (script, first) = (call.Script, call.Open + 1);
        if (hook == SdkHook.GameOver)
        {
            return script.Is(first, "{");
        }

        if (call.Callee.Path.Last is ['o', 'n', >= 'A' and <= 'Z', ..] || script.Is(script.EndOfExpression(first), ","))
        {
            return false;
        }

        var at = script.Tokens.IsName(first, "async") ? first + 1 : first;
        at = script.Tokens.IsName(at, "function") ? at + 1 : at;
        var isFunction = at > first || script.Is(at, "(") || script.Is(at + 1, "=>");
        return isFunction ? (hook == SdkHook.PlayAgain) == (script.Is(at, "(") && script.Is(at + 1, ")")) : script.NameAt(at) is not null;
    }

    private static TextEdit? WithoutHandler(SdkHook hook, SdkCall call, SdkHooks hooks)
    {
        var (script, first) = (call.Script, call.Open + 1);
        var (member, type) = hook == SdkHook.PlayAgain ? ("onPlayAgain", "play_again") : ("onToggleMute", "toggle_mute");
        var isMember = call.Callee.Path.Names is [var last] && last == member && script.Is(first, ")");
        var isEvent = call.Callee.Path.Names is ["on"] && script.Tokens.LiteralAt(first) == type && script.Is(first + 1, ")");
        if (hook == SdkHook.GameOver || (!isMember && !isEvent) || script.Is(call.Open - 1, ")"))
        {
            return null;
        }

        var at = script.Script.Start + script.Tokens[isMember ? first : first + 1].Start;
        return new TextEdit(at, at, (isMember ? "" : ", ") + HookWriting.Handler(hook, hooks));
    }

    private static bool IsUnknown(IReadOnlyList<string> names) => names.Count > 0 && names[^1] is not ("call" or "apply" or "bind")
        && (!Members.Contains(names[0], StringComparer.Ordinal) || (names[0] is "singlePlayer" or "multiplayer" && names.Count > 1
            && (names[1] != "actions" || (names.Count > 2 && !Actions.Contains(names[2], StringComparer.Ordinal)))));

    /// <summary>A letter or two, as squeezed scripts name everything, may be something else here than the SDK.</summary>
    private static bool IsSure(SdkCall call) => call.Script.NameAt(call.Callee.FirstToken) is not { Length: < 3 };

    /// <summary>Whether what is handed over belongs to the hook.</summary>
    private static bool Suits(SdkHook hook, SdkCall call)
    {
        var (script, close) = (call.Script, call.Script.Brackets.EndOf(call.Open));
        bool Says(Regex words) => Enumerable.Range(call.Open + 1, close - call.Open - 1)
            .Any(i => script.NameAt(i) is { } name && words.IsMatch(name));
        return hook switch
        {
            SdkHook.GameOver => script.Is(call.Open + 1, "{") && Says(Ends()),
            SdkHook.ToggleMute => Says(Silences()),
            _ => Says(Restarts()) && !Says(Silences()),
        };
    }
}
