using Remix.Games.Serving;
using Remix.Games.Validation;

namespace Remix.Tests.Games;

/// <summary>What counts as a hook, in the ways in which people write it.</summary>
public class ValidationTests
{
    private const string Rest = "FarcadeSDK.onPlayAgain(() => {}); FarcadeSDK.onToggleMute(() => {});";

    [Theory]
    [InlineData("window.FarcadeSDK.singlePlayer.actions.gameOver({ score: 1 })")]
    [InlineData("FarcadeSDK.singlePlayer.actions.gameOver({ score })")]
    [InlineData("RemixSDK.singlePlayer.actions.gameOver({ score })")]
    [InlineData("globalThis.FarcadeSDK?.singlePlayer?.actions?.gameOver?.({ score: 1 })")]
    [InlineData("self['FarcadeSDK'][\"singlePlayer\"].actions[`gameOver`]({ score: 1 })")]
    [InlineData("const sdk = window.FarcadeSDK; sdk.singlePlayer?.actions?.gameOver?.({ score: 1 })")]
    [InlineData("const { singlePlayer } = window.FarcadeSDK; singlePlayer.actions.gameOver({ score: 1 })")]
    [InlineData("const { singlePlayer: { actions: { gameOver: end } } } = FarcadeSDK; end({ score: 1 })")]
    [InlineData("const { actions } = FarcadeSDK.singlePlayer; actions.gameOver({ score: 1 })")]
    [InlineData("let sdk; sdk = window.FarcadeSDK || null; const a = sdk.multiplayer.actions; a.gameOver({ scores: [] })")]
    [InlineData("const end = FarcadeSDK.singlePlayer.actions.gameOver.bind(null); end({ score: 1 })")]
    [InlineData("FarcadeSDK.singlePlayer.actions.gameOver.call(null, { score: 1 })")]
    [InlineData("(window.FarcadeSDK || {}).singlePlayer.actions.gameOver({ score: 1 })")]
    [InlineData("(0, FarcadeSDK.singlePlayer.actions.gameOver)({ score: 1 })")]
    [InlineData("const sdk = () => window.FarcadeSDK; sdk().singlePlayer.actions.gameOver({ score: 1 })")]
    [InlineData("function getSdk() { return window.FarcadeSDK } getSdk()?.singlePlayer.actions.gameOver({ score: 1 })")]
    [InlineData("class G { constructor() { this.sdk = window.FarcadeSDK } end() { this.sdk.singlePlayer.actions.gameOver({ score: 1 }) } }")]
    [InlineData("const g = { sdk: window.FarcadeSDK }; g.sdk.singlePlayer.actions.gameOver({ score: 1 })")]
    [InlineData("const key = 'singlePlayer'; FarcadeSDK[key].actions['game' + 'Over']({ score: 1 })")]
    [InlineData("(function (api) { api.singlePlayer.actions.gameOver({ score: 1 }) })(window.FarcadeSDK)")]
    [InlineData("(({ singlePlayer }) => { singlePlayer.actions.gameOver({ score: 1 }) })(window.FarcadeSDK)")]
    [InlineData("FarcadeSDK . /* dot */ singlePlayer\n.actions\n.gameOver ( { score: 1 } )")]
    [InlineData("FarcadeSDK.single\\u0050layer.actions.gameOver({ score: 1 })")]
    [InlineData("const text = `${FarcadeSDK.singlePlayer.actions.gameOver({ score: 1 })}`")]
    [InlineData("const r = /'/; FarcadeSDK.singlePlayer.actions.gameOver({ score: 1 }) // '")]
    public void A_game_over_is_found(string script) => Assert.Empty(Missing(script + ";\n" + Rest));

    [Theory]
    [InlineData("")]
    [InlineData("// FarcadeSDK.singlePlayer.actions.gameOver({ score: 1 })")]
    [InlineData("/* FarcadeSDK.singlePlayer.actions.gameOver({ score: 1 }) */")]
    [InlineData("const s = 'FarcadeSDK.singlePlayer.actions.gameOver({ score: 1 })'")]
    [InlineData("const s = `FarcadeSDK.singlePlayer.actions.gameOver({ score: 1 })`")]
    [InlineData("const r = /FarcadeSDK.singlePlayer.actions.gameOver(x)/")]
    [InlineData("FarcadeSDK.singlePlayer.actions.gameOver")]
    [InlineData("FarcadeSDK.actions.gameOver({ score: 1 })")]
    [InlineData("FarcadeSDK.gameOver({ score: 1 })")]
    [InlineData("FarcadeSDK.singlePlayer.gameOver({ score: 1 })")]
    [InlineData("FarcadeSDK.singlePlayer.actions.gameover({ score: 1 })")]
    [InlineData("FarcadeSDK.singleplayer.actions.gameOver({ score: 1 })")]
    [InlineData("function gameOver() {} gameOver()")]
    [InlineData("<!-- FarcadeSDK.singlePlayer.actions.gameOver({ score: 1 })")]
    public void What_only_looks_like_a_game_over_is_none(string script) => Assert.Equal(["MISSING_SDK_GAME_OVER"], Missing(script + "\n;" + Rest));

    [Theory]
    [InlineData("sdk.onPlayAgain(restart)", true)]
    [InlineData("sdk.on('play_again', restart)", true)]
    [InlineData("sdk?.on?.(\"play_again\", restart)", true)]
    [InlineData("sdk['onPlayAgain'](restart)", true)]
    [InlineData("const { onPlayAgain } = sdk; onPlayAgain(restart)", true)]
    [InlineData("const E = { AGAIN: 'play_again' }; sdk.on(E.AGAIN, restart)", true)]
    [InlineData("window.FarcadeSDK.onPlayAgain(function () { restart() })", true)]
    [InlineData("game.host.onPlayAgain(restart)", true)]
    [InlineData("sdk.onPlayAgain()", false)]
    [InlineData("sdk.on('play_again')", false)]
    [InlineData("sdk.on('playAgain', restart)", false)]
    [InlineData("sdk.off('play_again', restart)", false)]
    [InlineData("sdk.onPlayAgain = restart", false)]
    [InlineData("sdk.onplayagain(restart)", false)]
    [InlineData("class G { onPlayAgain() {} go() { this.onPlayAgain(1) } }", false)]
    [InlineData("// sdk.onPlayAgain(restart)", false)]
    public void Play_again_is_found_where_it_is(string script, bool isFound) => Assert.Equal(isFound ? [] : ["MISSING_SDK_PLAY_AGAIN"],
        Missing($"const sdk = window.FarcadeSDK; sdk.singlePlayer.actions.gameOver({{ score: 1 }}); sdk.onToggleMute((d) => d);\n{script}"));

    [Theory]
    [InlineData("<script>{0}</script>", true)]
    [InlineData("<script type=module>{0}</script>", true)]
    [InlineData("<SCRIPT TYPE='text/javascript'>{0}</SCRIPT >", true)]
    [InlineData("<svg><script>{0}</script></svg>", true)]
    [InlineData("<body onload=\"{1}\">", true)]
    [InlineData("<script>var s = '<\\/script>'; {0}</script>", true)]
    [InlineData("<!-- <script>{0}</script> -->", false)]
    [InlineData("<script type='application/json'>{0}</script>", false)]
    [InlineData("<script type='text/template'>{0}</script>", false)]
    [InlineData("<script src='x.js'>{0}</script>", false)]
    [InlineData("<template><script>{0}</script></template>", false)]
    [InlineData("<textarea><script>{0}</script></textarea>", false)]
    [InlineData("<noscript><script>{0}</script></noscript>", false)]
    [InlineData("<style>{0}</style>", false)]
    [InlineData("<p>{0}</p>", false)]
    [InlineData("<script><!--<script>\n{0}//</script>\n--></script>", true)]
    public void Only_what_a_browser_runs_counts(string page, bool isFound)
    {
        const string hooks = "FarcadeSDK.singlePlayer.actions.gameOver({ score: 1 }); " + Rest;
        var html = page.Replace("{0}", hooks, StringComparison.Ordinal).Replace("{1}", hooks.Replace("'", "&#39;", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Equal(isFound ? 3 : 0, SdkHooks.Of(html).Found.Count);
    }

    [Fact]
    public void An_import_of_the_package_is_the_SDK()
    {
        const string page = """
            <script type="module">
            import { sdk as host } from "https://esm.sh/@farcade/game-sdk@0.3.0";
            const { singlePlayer: { actions } } = host;
            actions.gameOver({ score: 1 });
            host.onPlayAgain(() => {}); host.on("toggle_mute", () => {});
            </script>
            """;
        Assert.Equal(3, SdkHooks.Of(page).Found.Count);
        Assert.Contains("from \"./__remix/game-sdk.mjs\"", SdkInjection.Rewrite(page), StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_are_given_for_what_players_notice()
    {
        const string page = "<script>localStorage.setItem('best', 1); window.parent.postMessage(1, '*'); "
            + "FarcadeSDK.singlePlayer.actions.gameOver()</script>";
        var warnings = GameWarnings.Of(page, SdkHooks.Of(page), 2_000_000).Select(warning => warning.Code).ToList();
        Assert.Equal(["SLOW_LOAD", "MISSING_VIEWPORT", "GAME_OVER_WITHOUT_SCORE", "FORBIDDEN_STORAGE", "SCAN_POST_MESSAGE"], warnings);
        Assert.Contains("LARGE_CODE", GameWarnings.Of(new string(' ', 500_001), SdkHooks.Of(""), 0).Select(warning => warning.Code));
        Assert.Empty(GameWarnings.Of(StarterGame.Page, SdkHooks.Of(StarterGame.Page), 0));
        Assert.Equal(3, SdkHooks.Of(StarterGame.Page).Found.Count);
    }

    [Theory]
    [InlineData("<script src=\"https://cdn.jsdelivr.net/npm/@farcade/game-sdk@0.3.0/dist/index.min.js\"></script>")]
    [InlineData("<script src='https://unpkg.com/@farcade/game-sdk' integrity='sha384-x' crossorigin></script>")]
    [InlineData("<script defer src=//cdn.jsdelivr.net/npm/@farcade/game-sdk@latest/dist/index.min.js></script>")]
    public void Known_addresses_of_the_SDK_become_ours(string tag)
    {
        var page = SdkInjection.IntoGame($"<html><head><meta charset=utf-8>{tag}</head><body></body></html>");
        Assert.DoesNotContain("farcade/game-sdk", page, StringComparison.Ordinal);
        Assert.DoesNotContain("integrity", page, StringComparison.Ordinal);
        Assert.Contains("./__remix/game-sdk.js", page, StringComparison.Ordinal);
        Assert.Equal(page, SdkInjection.IntoGame(page));
    }

    [Theory]
    [InlineData("<!doctype html><html><head><title>x</title></head>", "<!doctype html><html><head><script")]
    [InlineData("<!-- <head> --><html><body>", "<!-- <head> --><html><script")]
    [InlineData("<canvas></canvas>", "<script")]
    public void A_game_without_the_SDK_gets_it_before_its_own_scripts(string page, string start)
    {
        Assert.StartsWith(start, SdkInjection.IntoGame(page), StringComparison.Ordinal);
        Assert.Equal(SdkInjection.IntoGame(page), SdkInjection.IntoGame(SdkInjection.IntoGame(page)));
        Assert.Equal(page, SdkInjection.IntoPage(page, []));
    }

    [Fact]
    public void The_SDK_is_small()
    {
        foreach (var source in new[] { SdkFiles.Script, SdkFiles.Module })
        {
            using var target = new MemoryStream();
            using (var gzip = new System.IO.Compression.GZipStream(target, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
            {
                gzip.Write(System.Text.Encoding.UTF8.GetBytes(source));
            }

            Assert.InRange(target.Length, 500, 4 * 1024 - 1);
        }
    }

    private static List<string> Missing(string script) => [.. new[] { SdkHook.GameOver, SdkHook.PlayAgain, SdkHook.ToggleMute }
        .Except(SdkHooks.Of($"<!doctype html><html><body><script>{script}</script></body></html>").Found)
        .Select(hook => hook switch { SdkHook.GameOver => "MISSING_SDK_GAME_OVER", SdkHook.PlayAgain => "MISSING_SDK_PLAY_AGAIN", _ =>
            "MISSING_SDK_TOGGLE_MUTE" })];
}
