using System.Text.RegularExpressions;
using Remix.Games.Validation;
using Remix.Tests.Support;

namespace Remix.Tests.Games;

/// <summary>
/// Games written by hand in styles that no template has: squeezed, bundled, compiled, by frameworks, by events. Each is a page
/// in <c>styles/</c> whose three hooks stand between marks. They are accepted as they are, and mended when spoiled.
/// </summary>
public partial class StyleBreakerTests(ITestOutputHelper output)
{
    private const double MendedMin = 0.95;

    private static readonly (SdkHook Hook, string Mark, string Member)[] Marked =
        [(SdkHook.GameOver, "over", "gameOver"), (SdkHook.PlayAgain, "again", "onPlayAgain"), (SdkHook.ToggleMute, "mute", "onToggleMute")];

    private static List<(string Name, string Page)> Styles { get; } = [.. Directory.GetFiles(Path.Combine(Repository.Root,
        "tests/Remix.Tests/Games/styles"), "*.html").Order(StringComparer.Ordinal).Select(file =>
            (Path.GetFileNameWithoutExtension(file), File.ReadAllText(file)))];

    [Fact]
    public void Games_of_every_style_are_accepted_and_play()
    {
        var games = Styles.ConvertAll(style => (style.Name, Code: Marks().Replace(style.Page, "")));
        Assert.All(games, game => Assert.True(SdkHooks.Of(game.Code).Found.Count == 3,
            $"{game.Name}: {string.Join(", ", SdkHooks.Of(game.Code).Found)}"));
        Assert.Empty(BreakerTests.Dead([.. games.Select(game => new BreakerTests.Patched(game.Code, game.Name, true))]));
    }

    [Fact]
    public void Patches_bring_back_games_of_every_style()
    {
        var (tried, failed, patched) = (0, new List<string>(), new List<BreakerTests.Patched>());
        foreach (var (name, page) in Styles)
        {
            foreach (var (hook, mark, member) in Marked)
            {
                foreach (var (way, spoil) in BreakerTests.Ways)
                {
                    var broken = Marks().Replace(Regex.Replace(page, $@"/\*<{mark}\*/(.*?)/\*{mark}>\*/",
                        match => $"\n{spoil(match.Groups[1].Value, member)}\n", RegexOptions.Singleline), "");
                    var found = SdkHooks.Of(broken);
                    if (found.Found.Contains(hook))
                    {
                        continue;
                    }

                    tried++;
                    var mending = HookMending.Of(hook, broken, found);
                    var code = mending is null ? broken : CodePatch.Apply(broken, mending.Edits);
                    if (mending is not null && SdkHooks.Of(code).Found.Count == 3)
                    {
                        patched.Add(new BreakerTests.Patched(code, $"{name} {mark} {way}", hook != SdkHook.GameOver || mending.Complete));
                    }
                    else
                    {
                        failed.Add($"{name} {mark} {way}");
                    }
                }
            }
        }

        var dead = BreakerTests.Dead(patched);
        var good = patched.Count - dead.Count;
        output.WriteLine($"{tried} broken, {patched.Count} valid again, {good} of them play; {patched.Count(game => game.EndsWithScore)} complete."
            + $"\nNot valid: {string.Join("; ", failed)}\nDo not play: {string.Join("; ", dead)}");
        Assert.InRange(tried, 1_000, int.MaxValue);
        Assert.True(good >= tried * MendedMin, $"{good} of {tried}: {string.Join("; ", failed.Concat(dead))}");
    }

    [GeneratedRegex(@"/\*(<\w+|\w+>)\*/")]
    private static partial Regex Marks();
}
