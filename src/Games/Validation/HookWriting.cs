using System.Text.RegularExpressions;
using Remix.Platform.JavaScript;

namespace Remix.Games.Validation;

/// <summary>Writes a hook that is not there at all, from what the code shows of itself.</summary>
internal static partial class HookWriting
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"^_?(on|do|show|handle|trigger|set)?_?(game_?over|end_?game|game_?end(ed)?|lose(_?game)?|lost|you_?lose|die|dead|death|fail(ed)?|finish(_?game|ed)?|end_?round|end_?run|crash(ed)?|game_?finish(ed)?|win(_?game)?|end|stop_?game)$", Options)]
    private static partial Regex EndsGame();

    [GeneratedRegex(@"^_?(do|handle)?_?(restart(_?game)?|reset(_?game|_?all)?|new_?(game|round)|play_?again|start(_?game|_?over|_?round)?|begin(_?game)?|init(_?game|ialize)?|setup(_?game)?)$", Options)]
    private static partial Regex StartsGame();

    public static IEnumerable<Mending> Proposals(SdkHook hook, SdkHooks hooks) => hook switch
    {
        SdkHook.GameOver => InFunctions(hooks).Append(AtEnd(hooks, GameOverByHand, false,
            "Call remixGameOver(score) where a round of the game ends: no function here shows where that is.")),
        SdkHook.PlayAgain => [PlayAgain(hooks)],
        _ => [ToggleMute(hooks)],
    };

    private const string GameOverByHand = """
          // Call this where a round ends, with the score that was reached.
          window.remixGameOver = (score) => window.FarcadeSDK?.singlePlayer.actions.gameOver({ score: Number(score) || 0 });
        """;

    /// <summary>First thing in a function that ends the game, so that no early return passes it.</summary>
    private static IEnumerable<Mending> InFunctions(SdkHooks hooks)
    {
        foreach (var script in hooks.Scripts.Where(script => !script.Script.IsHandler))
        {
            for (var i = 0; i < script.Tokens.Count; i++)
            {
                if (script.Tokens.NameAt(i) is { } name && EndsGame().IsMatch(name) && Body(script, i) is { } brace)
                {
                    var at = script.Script.Start + script.Tokens[brace].End;
                    var call = $" window.FarcadeSDK?.singlePlayer.actions.gameOver({{ score: {Score(script, i)} }});";
                    yield return new Mending([new TextEdit(at, at, call)], true, $"{name}() says that the game is over, and the score.");
                }
            }
        }
    }

    /// <summary>The brace that opens the body of the function that is named at an index; null when none is.</summary>
    private static int? Body(SdkScript script, int i)
    {
        var paren = script.Tokens.IsName(i - 1, "function") || script.Tokens[i].IsProperty && script.Is(i + 1, "(") ? i + 1
            : !script.Is(i + 1, "=") && !script.Is(i + 1, ":") ? -1
            : script.Tokens.IsName(i + 2, "function") ? (script.Is(i + 3, "(") ? i + 3 : i + 4) : i + 2;
        if (paren < 0 || !script.Is(paren, "(") || script.Brackets.PartnerOf(paren) is not (> 0 and var close))
        {
            return null;
        }

        var brace = script.Is(close + 1, "=>") ? close + 2 : close + 1;
        return script.Is(brace, "{") && script.Brackets.PartnerOf(brace) > 0 ? brace : null;
    }

    /// <summary>An expression that is safe wherever it stands.</summary>
    private static string Score(SdkScript script, int function)
    {
        var isMethod = script.Tokens[function].IsProperty && !script.IsDot(function - 1);
        foreach (var name in new[] { "score", "points", "finalScore", "totalScore", "level" })
        {
            for (var i = 0; i < script.Tokens.Count; i++)
            {
                if (!script.Tokens.IsName(i, name))
                {
                    continue;
                }

                if (!script.Tokens[i].IsProperty)
                {
                    return $"typeof {name} === \"number\" ? {name} : 0";
                }

                if (script.IsDot(i - 1) && script.Tokens.NameAt(i - 2) is { } owner && !script.IsDot(i - 3) && (owner != "this" || isMethod))
                {
                    return owner == "this" ? $"Number(this.{name}) || 0"
                        : $"typeof {owner} === \"object\" && {owner} ? Number({owner}.{name}) || 0 : 0";
                }
            }
        }

        return "0";
    }

    /// <summary>A function that does what a listener is for, in one expression.</summary>
    public static string Handler(SdkHook hook, SdkHooks hooks) => hook == SdkHook.PlayAgain
        ? $"() => {{ {Restart(hooks) ?? "location.reload"}(); }}" : Silencer(hooks);

    private static Mending PlayAgain(SdkHooks hooks) => AtEnd(hooks,
        $"  window.FarcadeSDK?.on(\"play_again\", {Handler(SdkHook.PlayAgain, hooks)});", true, Restart(hooks) is { } restart
            ? $"Play again calls {restart}()." : "Play again loads the page anew: no function here shows how a round begins.");

    private static Mending ToggleMute(SdkHooks hooks) => AtEnd(hooks,
        $"  window.FarcadeSDK?.on(\"toggle_mute\", {Silencer(hooks)});", true, "Sound follows the player's switch.");

    private static string? Restart(SdkHooks hooks) => hooks.Scripts.Where(script => script.Script is { IsHandler: false, Goal: JsGoal.Script })
        .SelectMany(script => TopLevel(script, StartsGame()))
        .OrderBy(name => name.Contains("start", StringComparison.OrdinalIgnoreCase) && !name.Contains("re", StringComparison.OrdinalIgnoreCase)
            || name.Contains("init", StringComparison.OrdinalIgnoreCase) || name.Contains("setup", StringComparison.OrdinalIgnoreCase))
        .FirstOrDefault();

    private static string Silencer(SdkHooks hooks)
    {
        var lines = new List<string>
        {
            "({ isMuted }) => {",
            "    for (const media of document.querySelectorAll(\"audio, video\")) media.muted = isMuted;",
            "    window.Howler?.mute(isMuted);",
        };
        foreach (var script in hooks.Scripts.Where(script => script.Script is { IsHandler: false, Goal: JsGoal.Script }))
        {
            foreach (var context in AudioContexts(script).Distinct(StringComparer.Ordinal))
            {
                lines.Add($"    if (typeof {context} === \"object\" && {context}) isMuted ? {context}.suspend() : {context}.resume();");
            }

            foreach (var muted in Variables(script).Where(name => name is "muted" or "isMuted" or "mute").Distinct(StringComparer.Ordinal))
            {
                lines.Add(muted == "isMuted" ? "    window.isMuted = isMuted;" : $"    {muted} = isMuted;");
            }
        }

        return string.Join('\n', lines.Append("  }"));
    }

    private static IEnumerable<string> TopLevel(SdkScript script, Regex names)
    {
        for (var i = 1; i < script.Tokens.Count; i++)
        {
            if (script.Brackets.Around(i) < 0 && script.Tokens.NameAt(i) is { } name && names.IsMatch(name) && Body(script, i) is not null
                && (script.Tokens.IsName(i - 1, "function") || script.Tokens.NameAt(i - 1) is "const" or "let" or "var"))
            {
                yield return name;
            }
        }
    }

    private static IEnumerable<string> Variables(SdkScript script)
    {
        for (var i = 1; i < script.Tokens.Count; i++)
        {
            if (script.Brackets.Around(i) < 0 && script.Tokens.NameAt(i - 1) is "let" or "var" && script.Tokens.NameAt(i) is { } name)
            {
                yield return name;
            }
        }
    }

    private static IEnumerable<string> AudioContexts(SdkScript script)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < script.Tokens.Count; i++)
        {
            if (script.Brackets.Around(i) < 0 && script.Tokens.NameAt(i - 1) is "let" or "var" or "const" && script.Tokens.NameAt(i) is { } declared)
            {
                known.Add(declared);
            }

            if (script.Tokens.IsName(i, "new") && script.Is(i - 1, "=") && script.Tokens.NameAt(i - 2) is { } name && known.Contains(name)
                && MakesAudio(script, i + 1))
            {
                yield return name;
            }
        }
    }

    private static bool MakesAudio(SdkScript script, int start)
    {
        const int tokensMax = 10;
        for (var i = start; i < start + tokensMax && i < script.Tokens.Count && !script.Is(i, ";"); i++)
        {
            if (script.Tokens.NameAt(i) is "AudioContext" or "webkitAudioContext" or "AC" or "AudioCtx")
            {
                return true;
            }
        }

        return false;
    }

    private static Mending AtEnd(SdkHooks hooks, string lines, bool complete, string note) =>
        new([new TextEdit(hooks.Page.End, hooks.Page.End, $"<script>\n{lines}\n</script>\n")], complete, note);
}
