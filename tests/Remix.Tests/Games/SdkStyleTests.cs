using Remix.Games.Validation;

namespace Remix.Tests.Games;

/// <summary>Styles in which real games are written, built and squeezed: what counts as a hook in each, and what does not.</summary>
public class SdkStyleTests
{
    private const string Over = "FarcadeSDK.singlePlayer.actions.gameOver({ score: 1 });";

    /// <summary>The package as a bundler puts it into a game, squeezed.</summary>
    private const string Package = """
        class a{l=new Map;constructor(){this.s("ready")}on(e,t){this.l.get(e)?.add(t)}off(e,t){}onPlayAgain(e){this.on("play_again",()=>e())}
        onToggleMute(e){this.on("toggle_mute",t=>e(t))}setTarget(e){}singlePlayer={actions:{gameOver:e=>{this.s("game_over",e)}}};s=(e,t)=>{}}
        var o=new a;typeof window<"u"&&(window.FarcadeSDK=o);
        """;

    [Theory]
    [InlineData("o.onPlayAgain(()=>{});o.onToggleMute(e=>{});o.singlePlayer.actions.gameOver({score:1})")]
    [InlineData("o.on(\"play_again\",()=>{});o.on(\"toggle_mute\",()=>{});o.singlePlayer.actions.gameOver({score:1})")]
    [InlineData("class n{on(e,t){}}class r extends n{constructor(e){super();this.sdk=e}"
        + "b(){this.sdk.onPlayAgain(()=>{});this.sdk.onToggleMute(()=>{})}"
        + "e(){this.sdk.singlePlayer.actions.gameOver({score:1})}}new r(o).b()")]
    [InlineData("let{onPlayAgain:e,onToggleMute:s}=o;e.call(o,()=>{}),s.call(o,()=>{});let{actions:{gameOver:i}}=o.singlePlayer;i({score:1})")]
    [InlineData("let{actions:e}=o.singlePlayer;e.gameOver({score:1});function i(e){e.onPlayAgain(()=>{}),e.onToggleMute(()=>{})}i(o)")]
    public void A_game_that_brings_the_package_along_is_judged_by_what_it_does_itself(string game)
    {
        Assert.Equal(3, Hooks($"(()=>{{{Package}{game}}})();").Count);
        Assert.Empty(Hooks($"(()=>{{{Package}}})();"));
        Assert.Empty(Hooks($"(()=>{{{Package}class g{{on(){{}}}}new g().on(\"play_again\",()=>{{}})}})();"));
    }

    [Theory]
    [InlineData("""const sdk = window.FarcadeSDK; [["play_again", a], ["toggle_mute", b]].forEach(([e, f]) => sdk.on(e, f));""")]
    [InlineData("""const h = { play_again: () => {}, toggle_mute(d) {} }; for (const [name, f] of Object.entries(h)) FarcadeSDK.on(name, f);""")]
    [InlineData("""
        class Bridge { constructor(sdk) { this.sdk = sdk; } onPlayAgain(f) { this.sdk.onPlayAgain(f);
        } onToggleMute(f) { this.sdk.onToggleMute(f); } } const b = new Bridge(window.FarcadeSDK);
        """)]
    [InlineData("""
        var _a, _b; (_a = window.FarcadeSDK) === null || _a === void 0 ? void 0 : _a.onPlayAgain(f);
        (_b = window.FarcadeSDK) === null || _b === void 0 ? void 0 : _b.onToggleMute(g);
        """)]
    [InlineData("""(({ onPlayAgain, onToggleMute }) => { onPlayAgain(f); onToggleMute(g); })(window.FarcadeSDK);""")]
    [InlineData("""(function (e) { class n { on() {} onPlayAgain() {} } e.on("play_again", f); e.on("toggle_mute", g); })(window.FarcadeSDK);""")]
    [InlineData("""const sdk = window.FarcadeSDK || { onPlayAgain() {}, onToggleMute() {} }; sdk.onPlayAgain(f); sdk.onToggleMute(g);""")]
    [InlineData("""class G { #sdk = window.FarcadeSDK; go() { this.#sdk.onToggleMute(f); this.#sdk.onPlayAgain(g); } }""")]
    [InlineData("""
        class G { get sdk() { return window.FarcadeSDK; } onPlayAgain() {} go() { this.sdk.onPlayAgain(f);
        this.sdk.on("toggle_mute", g); } }
        """)]
    [InlineData("""const on = FarcadeSDK.on.bind(FarcadeSDK); on("play_again", f); on("toggle_mute", g);""")]
    [InlineData("""import("https://esm.sh/@farcade/game-sdk").then((m) => { const s = m.sdk; s.on("play_again", f); s.on("toggle_mute", g); });""")]
    [InlineData("""
        !function () { var e = window.FarcadeSDK, t = 0; function n(e) { t = e } e.onPlayAgain(function () { t = 0 }),
        e.onToggleMute(function (e) { n(e) }) }();
        """)]
    public void Listening_is_found_in_every_style(string script) => Assert.Equal(3, Hooks(script + "\n" + Over).Count);

    [Theory]
    [InlineData("""
        (_c = (_b = (_a = window.FarcadeSDK) === null || _a === void 0 ? void 0 : _a.singlePlayer) === null ||
        _b === void 0 ? void 0 : _b.actions) === null || _c === void 0 ? void 0 : _c.gameOver({ score: s });
        """)]
    [InlineData("""
        
        var n,r,t,e;
        (n=(r=(t=(e=window.FarcadeSDK)==null?void 0:e.singlePlayer)==null?void 0:t.actions)==null?void 0:r.gameOver)==null||n.call(r,{score:1});
        """)]
    [InlineData("""(({ singlePlayer: { actions: { gameOver } } }) => { gameOver({ score: 1 }); })(window.FarcadeSDK);""")]
    [InlineData("""
        !function () { var e = window.FarcadeSDK, t = 0; function o() { var t = e.singlePlayer.actions; t.gameOver({
        score: 1 }) } o() }();
        """)]
    public void A_game_over_is_found_in_every_style(string script) => Assert.Equal([SdkHook.GameOver], Hooks(script));

    [Theory]
    [InlineData("class G { constructor(s) {} onPlayAgain(f) {} onToggleMute(f) {} } "
        + "const game = new G(window.FarcadeSDK); game.onPlayAgain(f); game.onToggleMute(f);")]
    [InlineData("class E { on(e, f) {} } const bus = new E(); bus.on(\"play_again\", f); bus.on(\"toggle_mute\", f);")]
    [InlineData("const names = [\"play_again\", \"toggle_mute\"]; const bus = { on(e, f) {} }; names.forEach((name) => bus.on(name, f));")]
    [InlineData("FarcadeSDK.on(\"playAgain\", f); FarcadeSDK.on(\"toggleMute\", f); FarcadeSDK.off(\"play_again\", f);")]
    [InlineData("const game = { singlePlayer: { actions: { gameOver(x) {} } } };")]
    public void What_is_the_pages_own_is_none(string script) => Assert.Empty(Hooks(script));

    [Fact]
    public void A_large_squeezed_game_is_judged_quickly()
    {
        const string piece = "function f(e,t){var n=e.on(t),r=n.x;return(r=e.y(n,r,t))&&t.on(\"a\",function(e){n=e}),[n,r].map(e=>e.z)}";
        var code = $"(()=>{{{Package}{string.Concat(Enumerable.Repeat(piece, 900_000 / piece.Length))}o.onPlayAgain(f)}})();";
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal([SdkHook.PlayAgain], Hooks(code));
        Assert.True(clock.Elapsed.TotalSeconds < 90, $"It took {clock.Elapsed}.");
    }

    private static IReadOnlySet<SdkHook> Hooks(string script) =>
        SdkHooks.Of($"<!doctype html><html><body><script>{script}</script></body></html>").Found;
}
