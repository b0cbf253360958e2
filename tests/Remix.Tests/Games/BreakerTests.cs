using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Remix.Games.Validation;
using Remix.Tests.Support;

namespace Remix.Tests.Games;

/// <summary>
/// Two hundred games that work, each hook of each spoiled in many ways: the patches of the validation bring them back. What
/// comes out is still JavaScript, as acorn says, and still a game: it runs without an error, ends with a score where the patch
/// says that it does, and listens.
/// </summary>
public class BreakerTests(ITestOutputHelper output)
{
    private const int GamesCount = 200;
    private const double MendedMin = 0.95;

    internal static readonly (string Name, Func<string, string, string> Break)[] Ways =
    [
        ("removed", (_, _) => ""),
        ("renamed", (hook, member) => hook.Replace(member, "notifyHost", StringComparison.Ordinal).Replace("play_again", "again_please",
            StringComparison.Ordinal).Replace("toggle_mute", "sound_off", StringComparison.Ordinal)),
        ("line comments", (hook, _) => string.Join('\n', hook.Split('\n').Select(line => "// " + line))),
        ("block comment", (hook, _) => $"/* {hook} */"),
        ("string", (hook, _) => $"const unused{Math.Abs(hook.Length)} = {JsonSerializer.Serialize(hook)};"),
        ("template", (hook, _) => $"void `{hook.Replace("`", "", StringComparison.Ordinal)}`;"),
        ("lower case", (hook, member) => hook.Replace(member, member.ToLowerInvariant(), StringComparison.Ordinal).Replace("play_again",
            "playagain", StringComparison.Ordinal).Replace("toggle_mute", "togglemute", StringComparison.Ordinal)),
        ("misspelt", (hook, member) => hook.Replace(member, Swapped(member), StringComparison.Ordinal).Replace("play_again", "play_agian",
            StringComparison.Ordinal).Replace("toggle_mute", "toggel_mute", StringComparison.Ordinal)),
        ("wrong property", (hook, member) => hook.Replace("singlePlayer", "single", StringComparison.Ordinal).Replace(member,
            member == "gameOver" ? "gameOver" : member[2..], StringComparison.Ordinal).Replace("play_again", "again",
                StringComparison.Ordinal).Replace("toggle_mute", "mute", StringComparison.Ordinal)),
        ("never called", (hook, member) => $"void 0; /* see {member} */"),
        ("no handler", (hook, member) => member == "gameOver" ? "" : $"window.FarcadeSDK.{member}();"),
        ("only named", (_, member) => member == "gameOver" ? "void window.FarcadeSDK.singlePlayer.actions.gameOver;"
            : $"void window.FarcadeSDK.{member};"),
        ("the window's event", (_, member) => member == "gameOver" ? "dispatchEvent?.(\"gameOver\");"
            : $"addEventListener(\"{(member == "onPlayAgain" ? "play_again" : "toggle_mute")}\", () => {{}});"),
        ("half a name", (hook, member) => hook.Replace(member, member[..^2], StringComparison.Ordinal).Replace("play_again", "play",
            StringComparison.Ordinal).Replace("toggle_mute", "toggle", StringComparison.Ordinal)),
        ("assigned", (hook, member) => hook.Contains(".on(", StringComparison.Ordinal) || member == "gameOver" ? ""
            : $"window.FarcadeSDK.{member} = () => {{}};"),
    ];

    /// <summary>A game after a patch, and what the patch promises of it.</summary>
    internal sealed record Patched(string Code, string Was, bool EndsWithScore);

    [Fact]
    public void Patches_bring_back_what_a_breaker_spoiled()
    {
        var (tried, failed, patched) = (0, new List<string>(), new List<Patched>());
        foreach (var (number, game) in GameTemplates.All(GamesCount).Index())
        {
            foreach (var (hook, broken) in Breaks(game, number))
            {
                var found = SdkHooks.Of(broken.Code);
                if (found.Found.Contains(hook))
                {
                    continue;
                }

                tried++;
                var mending = HookMending.Of(hook, broken.Code, found);
                var code = mending is null ? broken.Code : CodePatch.Apply(broken.Code, mending.Edits);
                if (mending is not null && SdkHooks.Of(code).Found.Count == 3)
                {
                    patched.Add(new Patched(code, $"{hook} {broken.Way}", hook != SdkHook.GameOver || mending.Complete));
                }
                else
                {
                    failed.Add($"{hook} {broken.Way}");
                }
            }
        }

        var dead = Dead(patched);
        output.WriteLine($"{tried} broken, {patched.Count} valid again, {dead.Count} of them do not work. "
            + $"{Sum(failed)}\n{Sum(dead)}");
        Assert.InRange(tried, 4_000, int.MaxValue);
        Assert.True(patched.Count - dead.Count >= tried * MendedMin, $"{dead.Count} dead of {patched.Count}, {tried}: {Sum(dead)}");
    }

    [Fact]
    public void The_games_that_are_broken_work()
    {
        var games = GameTemplates.All(GamesCount).Select(game => game.Code()).ToList();
        Assert.Equal(GamesCount, games.Distinct(StringComparer.Ordinal).Count());
        Assert.All(games, code => Assert.True(SdkHooks.Of(code).Found.Count == 3, code));
        Assert.Empty(Dead([.. games.Select(code => new Patched(code, code, true))]));
    }

    private static string Sum(IEnumerable<string> causes) => string.Join("; ", causes.GroupBy(cause => cause).Select(group =>
        $"{group.Key} {group.Count()}"));

    /// <summary>Those that do not parse, or do not play; each by what it was.</summary>
    internal static List<string> Dead(List<Patched> games)
    {
        var codes = games.Select(game => game.Code).Distinct(StringComparer.Ordinal).ToList();
        var unparsed = Asked(codes, "Creations/Scan/acorn-oracle", "parses.mjs").Select(line => codes[int.Parse(line)]).ToHashSet();
        var did = Asked(codes, "Games", "breaker-runs.mjs").Select((line, index) => (codes[index], Did: JsonElement(line)))
            .ToDictionary(item => item.Item1, item => item.Did);
        return [.. games.Select(game => (game.Was, Why: unparsed.Contains(game.Code) ? "does not parse" : Flaw(did[game.Code], game.EndsWithScore)))
            .Where(game => game.Why is not null).Select(game => $"{game.Was}: {game.Why}")];
    }

    private static string? Flaw(JsonElement did, bool endsWithScore) =>
        did.GetProperty("error").GetString() is { } error ? error
        : endsWithScore && !did.GetProperty("over").EnumerateArray().Any(score => score.ValueKind == JsonValueKind.Number) ? "never ends"
        : did.GetProperty("again").GetInt32() < 1 ? "does not hear play again"
        : did.GetProperty("mute").GetInt32() < 1 ? "does not hear the sound switch" : null;

    private static JsonElement JsonElement(string line) => JsonSerializer.Deserialize<JsonElement>(line);

    [Fact]
    public void All_three_at_once_are_brought_back_by_one_joined_patch()
    {
        var (tried, mended) = (0, 0);
        foreach (var game in GameTemplates.All(GamesCount))
        {
            foreach (var (_, spoil) in Ways)
            {
                var code = game.Code(spoil(game.Over, "gameOver"), spoil(game.Again, "onPlayAgain"), spoil(game.Mute, "onToggleMute"));
                var found = SdkHooks.Of(code);
                var edits = Enum.GetValues<SdkHook>().Where(hook => !found.Found.Contains(hook)).SelectMany(hook =>
                    HookMending.Of(hook, code, found)?.Edits ?? []).ToList();
                tried++;
                mended += SdkHooks.Of(CodePatch.Apply(code, edits)).Found.Count == 3 ? 1 : 0;
            }
        }

        output.WriteLine($"{mended} of {tried}");
        Assert.InRange(mended, (int)(tried * MendedMin), tried);
    }

    [Fact]
    public void The_reference_applier_keeps_order_and_skips_what_overlaps()
    {
        Assert.Equal("a12bXe", CodePatch.Apply("abcde", [new(1, 1, "1"), new(1, 1, "2"), new(2, 4, "X"), new(1, 3, "lost"), new(2, 4, "X")]));
        Assert.Equal("abc", CodePatch.Apply("abc", [new(2, 9, "x")]));
    }

    private static IEnumerable<(SdkHook Hook, (string Way, string Code) Broken)> Breaks(GameTemplates.Parts game, int number)
    {
        // Each way meets every other game, or they would take minutes.
        foreach (var (way, spoil) in Ways.Where((_, index) => index % 2 == number % 2))
        {
            yield return (SdkHook.GameOver, (way, game.Code(over: spoil(game.Over, "gameOver"))));
            yield return (SdkHook.PlayAgain, (way, game.Code(again: spoil(game.Again, "onPlayAgain"))));
            yield return (SdkHook.ToggleMute, (way, game.Code(mute: spoil(game.Mute, "onToggleMute"))));
        }
    }

    private static string Swapped(string word) => word[..^3] + word[^2] + word[^3] + word[^1];

    /// <summary>The lines that a script of Node's says of the codes.</summary>
    private static string[] Asked(List<string> codes, string place, string script)
    {
        var file = Path.Combine(Path.GetTempPath(), $"remix-breaker-{Guid.NewGuid():n}.json");
        File.WriteAllText(file, JsonSerializer.Serialize(codes.Select(code =>
            PageScripts.Of(code).Scripts.Where(part => !part.IsHandler).Select(part =>
            new { code = part.Code, module = part.Goal == Remix.Platform.JavaScript.JsGoal.Module }))));
        try
        {
            var folder = Path.Combine(Repository.Root, "tests/Remix.Tests", place);
            if (File.Exists(Path.Combine(folder, "package.json")) && !Directory.Exists(Path.Combine(folder, "node_modules")))
            {
                Run(folder, "npm", "ci --ignore-scripts --no-audit --no-fund");
            }

            return Run(folder, "node", $"{script} {file}").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Run(string folder, string program, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {arguments} ended with {process.ExitCode}");
        return said;
    }
}
