using System.Diagnostics;
using System.Text;
using Remix.Games.Validation;
using Remix.Tests.Support;

namespace Remix.Tests.Games;

/// <summary>
/// Two hundred games that work, each hook of each spoiled in many ways: the patches of the validation bring them back, and what
/// comes out is still JavaScript, as acorn says.
/// </summary>
public class BreakerTests(ITestOutputHelper output)
{
    private const int GamesCount = 200;
    private const double MendedMin = 0.95;

    private static readonly (string Name, Func<string, string, string> Break)[] Ways =
    [
        ("removed", (_, _) => ""),
        ("renamed", (hook, member) => hook.Replace(member, "notifyHost", StringComparison.Ordinal).Replace("play_again", "again_please",
            StringComparison.Ordinal).Replace("toggle_mute", "sound_off", StringComparison.Ordinal)),
        ("line comments", (hook, _) => string.Join('\n', hook.Split('\n').Select(line => "// " + line))),
        ("block comment", (hook, _) => $"/* {hook} */"),
        ("string", (hook, _) => $"const unused{Math.Abs(hook.Length)} = {System.Text.Json.JsonSerializer.Serialize(hook)};"),
        ("template", (hook, _) => $"void `{hook.Replace("`", "", StringComparison.Ordinal)}`;"),
        ("lower case", (hook, member) => hook.Replace(member, member.ToLowerInvariant(), StringComparison.Ordinal).Replace("play_again",
            "playagain", StringComparison.Ordinal).Replace("toggle_mute", "togglemute", StringComparison.Ordinal)),
        ("misspelt", (hook, member) => hook.Replace(member, Swapped(member), StringComparison.Ordinal).Replace("play_again", "play_agian",
            StringComparison.Ordinal).Replace("toggle_mute", "toggel_mute", StringComparison.Ordinal)),
        ("wrong property", (hook, member) => hook.Replace("singlePlayer", "single", StringComparison.Ordinal).Replace(member,
            member == "gameOver" ? "gameOver" : member[2..], StringComparison.Ordinal).Replace("play_again", "again",
                StringComparison.Ordinal).Replace("toggle_mute", "mute", StringComparison.Ordinal)),
        ("never called", (hook, member) => $"void 0; /* see {member} */"),
        ("assigned", (hook, member) => hook.Contains(".on(", StringComparison.Ordinal) || member == "gameOver" ? ""
            : $"window.FarcadeSDK.{member} = () => {{}};"),
    ];

    [Fact]
    public void Patches_bring_back_what_a_breaker_spoiled()
    {
        var (tried, mended, failed, codes) = (0, 0, new List<string>(), new List<string>());
        foreach (var game in GameTemplates.All(GamesCount))
        {
            Assert.True(SdkHooks.Of(game.Code()).Found.Count == 3, game.Code());
            foreach (var (hook, broken) in Breaks(game))
            {
                var found = SdkHooks.Of(broken.Code);
                if (found.Found.Contains(hook))
                {
                    continue;
                }

                tried++;
                var mending = HookMending.Of(hook, broken.Code, found);
                var patched = mending is null ? broken.Code : CodePatch.Apply(broken.Code, mending.Edits);
                if (mending is not null && SdkHooks.Of(patched).Found.Count == 3)
                {
                    mended++;
                    codes.Add(patched);
                }
                else
                {
                    failed.Add($"{hook} {broken.Way}");
                }
            }
        }

        var unparsed = AcornParses(codes);
        output.WriteLine($"{tried} broken, {mended} valid again, {unparsed.Count} of them do not parse. "
            + $"{string.Join("; ", failed.GroupBy(f => f).Select(g => $"{g.Key} {g.Count()}"))}");
        Assert.InRange(tried, 5_000, int.MaxValue);
        Assert.True(mended - unparsed.Count >= tried * MendedMin, string.Join("\n---\n", unparsed.Take(3)));
    }

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

    private static IEnumerable<(SdkHook Hook, (string Way, string Code) Broken)> Breaks(GameTemplates.Parts game)
    {
        foreach (var (way, spoil) in Ways)
        {
            yield return (SdkHook.GameOver, (way, game.Code(over: spoil(game.Over, "gameOver"))));
            yield return (SdkHook.PlayAgain, (way, game.Code(again: spoil(game.Again, "onPlayAgain"))));
            yield return (SdkHook.ToggleMute, (way, game.Code(mute: spoil(game.Mute, "onToggleMute"))));
        }
    }

    private static string Swapped(string word) => word[..^3] + word[^2] + word[^3] + word[^1];

    /// <summary>The codes with a script that acorn cannot parse.</summary>
    private static List<string> AcornParses(List<string> codes)
    {
        var file = Path.Combine(Path.GetTempPath(), $"remix-breaker-{Guid.NewGuid():n}.json");
        var scripts = codes.Select(code => PageScripts.Of(code).Scripts.Select(script =>
            new { code = script.Code, module = script.Goal == Remix.Platform.JavaScript.JsGoal.Module }));
        File.WriteAllText(file, System.Text.Json.JsonSerializer.Serialize(scripts));
        try
        {
            var folder = Path.Combine(Repository.Root, "tests/Remix.Tests/Creations/Scan/acorn-oracle");
            if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            {
                Run(folder, "npm", "ci --ignore-scripts --no-audit --no-fund");
            }

            return [.. Run(folder, "node", $"parses.mjs {file}").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
                codes[int.Parse(line)])];
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
