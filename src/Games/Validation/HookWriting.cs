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

    private static readonly string[] ScoreNames = ["score", "points", "finalScore", "totalScore", "level"];

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
                    var (place, score) = Declared(script, brace) ?? (script.Tokens[brace].End, Score(script, i, brace));
                    var at = script.Script.Start + place;
                    var call = $" window.FarcadeSDK?.singlePlayer.actions.gameOver({{ score: {score} }});";
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

    /// <summary>Behind the statement in which the function itself declares the score, and its name: before, it must not be read.</summary>
    private static (int Place, string Score)? Declared(SdkScript script, int brace)
    {
        for (var i = brace + 1; i < script.Brackets.PartnerOf(brace); i++)
        {
            if (IsDeclaration(script, i) && script.Brackets.Around(i) == brace
                && ScoreNames.Contains(script.NameAt(i), StringComparer.Ordinal)
                && script.EndOfExpression(i + 2) is var end && script.Is(end, ";"))
            {
                return (script.Tokens[end].End, $"Number({script.NameAt(i)}) || 0");
            }
        }

        return null;
    }

    private static bool IsDeclaration(SdkScript script, int i) =>
        script.Is(i + 1, "=") && script.Tokens.NameAt(i - 1) is "const" or "let" or "var";

    /// <summary>An expression that is safe first in the function.</summary>
    private static string Score(SdkScript script, int function, int brace)
    {
        var isMethod = script.Tokens[function].IsProperty && !script.IsDot(function - 1);
        var later = Enumerable.Range(brace + 1, script.Brackets.PartnerOf(brace) - brace - 1).Where(i => IsDeclaration(script, i))
            .Select(script.NameAt).ToHashSet(StringComparer.Ordinal);
        foreach (var name in ScoreNames.Where(name => !later.Contains(name)))
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
