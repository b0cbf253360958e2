using Remix.Tests.Support;

namespace Remix.Tests.Games;

/// <summary>
/// Two hundred small games that work, no two alike: what they play, how they reach the SDK, how they end, begin and fall
/// silent, how their page is built.
/// </summary>
internal static class GameTemplates
{
    /// <summary>How the SDK is reached, and what an expression for it is called then.</summary>
    private static readonly (string Setup, string Sdk)[] Ways =
    [
        ("", "window.FarcadeSDK"),
        ("const sdk = window.FarcadeSDK;", "sdk"),
        ("const sdk = window.FarcadeSDK || window.RemixSDK;", "sdk"),
        ("const getSdk = () => window.FarcadeSDK;", "getSdk()"),
        ("const host = { sdk: window.FarcadeSDK };", "host.sdk"),
        ("let api; api = globalThis.FarcadeSDK;", "api"),
        ("const { FarcadeSDK: farcade } = window;", "farcade"),
        ("function sdk() { return window.FarcadeSDK; }", "sdk()"),
    ];

    /// <summary>The three hooks: statements, on lines of their own.</summary>
    private static readonly (string Over, string Again, string Mute)[] Hooks =
    [
        ("@.singlePlayer.actions.gameOver({ score });", "@.onPlayAgain(() => { restart(); });",
            "@.onToggleMute(({ isMuted }) => { setMuted(isMuted); });"),
        ("@?.singlePlayer?.actions?.gameOver?.({ score: Math.round(score) });", "@.on(\"play_again\", restart);",
            "@.on('toggle_mute', (data) => setMuted(data.isMuted));"),
        ("@.singlePlayer.actions.gameOver({\n    score: score,\n  });", "@.onPlayAgain(function () {\n  restart();\n});",
            "@.onToggleMute(function (data) {\n  setMuted(data.isMuted);\n});"),
        ("@[\"singlePlayer\"].actions.gameOver({ score: score | 0 });", "@.onPlayAgain(restart);",
            "@.onToggleMute((data) => setMuted(data.isMuted));"),
    ];

    private static readonly string[] Plays =
    [
        """
        let score = 0, muted = true, over = false;
        const canvas = document.querySelector("canvas"), ctx = canvas.getContext("2d");
        const birds = [];
        function spawn() { birds.push({ x: 375, y: Math.random() * 600, r: 10 + Math.random() * 20 }); }
        function setMuted(value) { muted = value; }
        function restart() { score = 0; over = false; birds.length = 0; requestAnimationFrame(frame); }
        function frame() {
          if (over) return;
          ctx.clearRect(0, 0, canvas.width, canvas.height);
          if (Math.random() < 0.02) spawn();
          for (const bird of birds) { bird.x -= 2; ctx.fillRect(bird.x, bird.y, bird.r, bird.r); if (bird.x < 0) endGame(); }
          score++;
          requestAnimationFrame(frame);
        }
        function endGame() {
          if (over) return;
          over = true;
          //OVER
        }
        //HOOKS
        frame();
        """,
        """
        const state = { grid: Array.from({ length: 16 }, () => 0), moves: 0 };
        let score = 0, muted = true;
        const re = /^[a-z]+\/\d*$/g, division = 10 / 2 / 1;
        const setMuted = (value) => { muted = value; };
        const restart = () => { score = 0; state.grid.fill(0); render(); };
        const render = () => { document.getElementById("board").textContent = `${state.grid.map((n) => n || ".").join("")} ${score}`; };
        addEventListener("keydown", (event) => {
          if (!/^Arrow/.test(event.key)) return;
          state.moves++; score += state.moves % 3 ? 2 : 8;
          if (state.moves > 30) gameOver();
          render();
        });
        function gameOver() {
          const final = score;
          //OVER
          return final;
        }
        //HOOKS
        render();
        """,
        """
        class Game {
          #timer = 0;
          constructor() { this.lives = 3; this.items = new Map(); }
          start() { this.lives = 3; this.#timer = setInterval(() => this.tick(), 100); }
          tick() { score += 1; if (score % 50 === 0) this.hit(); }
          hit() { if (--this.lives <= 0) this.finish(); }
          finish() {
            clearInterval(this.#timer);
            //OVER
          }
        }
        let score = 0, muted = true;
        const audio = new (window.AudioContext || window.webkitAudioContext)();
        const setMuted = (value) => { muted = value; if (muted) audio.suspend(); else audio.resume(); };
        const game = new Game();
        function restart() { score = 0; game.start(); }
        //HOOKS
        game.start();
        """,
        """
        var score = 0;
        var muted = true;
        var words = ["it's", 'a "quote"', `and ${1 + 1} more`]; // a comment with 'quotes'
        function setMuted(value) { muted = value; document.querySelectorAll("audio").forEach(function (a) { a.muted = value; }); }
        function restart() { score = 0; show(); }
        function show() { document.getElementById("board").innerHTML = "<b>" + words[score % 3] + "</b>"; }
        document.addEventListener("click", function () {
          score += 10; show();
          if (score >= 100) {
            //OVER
          }
        });
        //HOOKS
        show();
        """,
        """
        !function(){var score=0,n=!0,t=[3,1,4,1,5];function setMuted(e){n=e}function restart(){score=0;i()}
        function i(){score+=t[score%5],score>60?r():setTimeout(i,20)}function r(){
        //OVER
        }
        //HOOKS
        i()}();
        """,
        """
        (()=>{class e{l=new Map;t=window.parent;known=this.l;constructor(){addEventListener("message",this.h),this.s("ready")}
        on(e,t){this.l.has(e)||this.l.set(e,new Set),this.l.get(e)?.add(t)}off(e,t){this.l.get(e)?.delete(t)}
        onPlayAgain(e){this.on("play_again",()=>e())}
        onToggleMute(e){this.on("toggle_mute",t=>e(t))}
        setTarget(e){this.t=e}
        singlePlayer={actions:{gameOver:e=>{this.s("game_over",e)}}};
        emit(e,t){for(let n of this.l.get(e)||[])n(t)}
        h=e=>{e.data?.type==="game_event"&&this.emit(e.data.event.type,e.data.event.data)};
        s=(e,t)=>{this.t.postMessage({type:"game_event",event:{type:e,data:t}},"*")
        }}var t=new e;typeof window<"u"&&(window.FarcadeSDK=t);
        class Emitter{on(e,t){}emit(e){}}class Main extends Emitter{constructor(){super();this.on("tick",()=>{})}}
        let score=0,muted=!0;const setMuted=e=>{muted=e},restart=()=>{score=0,loop()},
        loop=()=>{score+=9;if(score>90)finish();else requestAnimationFrame(loop)};
        function finish(){
        //OVER
        }
        new Main;
        //HOOKS
        loop()})();
        """,
        """
        var score = 0, muted = true;
        function Runner() { this.distance = 0; this.alive = true; }
        Runner.prototype.step = function () {
          if (!this.alive) { return; }
          this.distance += 3; score = this.distance;
          if (this.distance > 120) { this.alive = false; this.crash(); }
          requestAnimationFrame(this.step.bind(this));
        };
        Runner.prototype.crash = function () {
          var final = score;
          //OVER
          return final;
        };
        function setMuted(value) { muted = value; }
        function restart() { score = 0; runner = new Runner(); runner.step(); }
        var runner;
        //HOOKS
        restart();
        """,
        """
        let score = 0, muted = true;
        const scenes = {
          boot: { create() { scenes.go("main"); } },
          main: {
            create() { score = 0; },
            update(time) { score += time % 7 ? 1 : 3; if (score > 80) scenes.go("end"); },
          },
          end: {
            create() {
              switch (true) {
                default:
                  score = Math.round(score);
              }
              //OVER
            },
          },
          go(name) { this.current = this[name]; this.current?.create?.(); },
        };
        function setMuted(value) { muted = value; }
        function restart() { scenes.go("main"); }
        function loop(time = 0) { scenes.current?.update?.(time); if (scenes.current !== scenes.end) requestAnimationFrame(loop); }
        //HOOKS
        scenes.go("boot"); loop();
        """,
        """
        (() => {
          "use strict";
          let score = 0, running = true, muted = true;
          const notes = [261.6, 329.6, 392];
          function setMuted(value) { muted = value; }
          function restart() { score = 0; running = true; loop(); }
          function loop() {
            if (!running) return;
            score += notes.length;
            if (score > 500) { running = false; onLose(); } else setTimeout(loop, 50);
          }
          function onLose() {
            /* what happens at the end */
            //OVER
          }
          //HOOKS
          loop();
        })();
        """,
    ];

    private static readonly string[] Pages =
    [
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
            + "<title>Game</title></head>\n<body><canvas></canvas><div id=\"board\"></div>\n<script>\n{0}\n</script>\n</body></html>\n",
        "<html><body><canvas></canvas><div id=board></div><script>{0}</script></body></html>",
        "<!doctype html><canvas></canvas><div id=\"board\"></div><!-- </body> <script>var x = 1</script> --><script>\n"
            + "// it's a game </body>\n{0}\n</script>",
        "<!DOCTYPE html>\r\n<html>\r\n<head>\r\n<style>body { margin: 0 }</style>\r\n</head>\r\n<body>\r\n"
            + "<canvas></canvas><div id=\"board\"></div>\r\n<script type=\"module\">\r\n{0}\r\n</script>\r\n</body>\r\n</html>",
    ];

    /// <summary>A game as the parts that a breaker may spoil one by one.</summary>
    public sealed record Parts(string Page, string Over, string Again, string Mute)
    {
        public string Code(string? over = null, string? again = null, string? mute = null) =>
            Page.Replace("//OVER", over ?? Over, StringComparison.Ordinal)
                .Replace("//AGAIN", again ?? Again, StringComparison.Ordinal).Replace("//MUTE", mute ?? Mute, StringComparison.Ordinal);
    }

    /// <summary>Written games, so many, and those of our own shelf.</summary>
    public static IEnumerable<Parts> All(int count)
    {
        for (var n = 0; n < count - OwnGames.Length; n++)
        {
            var (setup, sdk) = Ways[n % Ways.Length];
            var (over, again, mute) = Hooks[(n / 72 + n / 3) % Hooks.Length];
            var script = Plays[n % Plays.Length].Replace("//HOOKS", $"{setup}\n//AGAIN\n//MUTE", StringComparison.Ordinal);
            yield return new Parts(Pages[(n / 72 + n / 5) % Pages.Length].Replace("{0}", script, StringComparison.Ordinal),
                With(over, sdk), With(again, sdk),
                With(mute, sdk));
        }

        foreach (var (name, over, again, mute) in OwnGames)
        {
            var page = File.ReadAllText(Path.Combine(Repository.Root, "src/Pages/Welcome/games", name, "index.html"));
            Assert.All([over, again, mute], hook => Assert.Contains(hook, page, StringComparison.Ordinal));
            yield return new Parts(page.Replace(over, "//OVER", StringComparison.Ordinal)
                .Replace(again, "//AGAIN", StringComparison.Ordinal)
                .Replace(mute, "//MUTE", StringComparison.Ordinal), over, again, mute);
        }
    }

    private static readonly (string Name, string Over, string Again, string Mute)[] OwnGames =
    [
        ("comet-garden", "setTimeout(() => sdk.singlePlayer.actions.gameOver({ score: final }), 750);", "sdk.onPlayAgain(restart);",
            "sdk.onToggleMute(({ isMuted }) => { muted = isMuted; if (muted) audio?.suspend(); else audio?.resume(); });"),
        ("four-lanterns", "later(() => sdk.multiplayer.actions.gameOver({ scores }), 1900);", "sdk.onPlayAgain(restart);",
            "sdk.onToggleMute(({ isMuted }) => { muted = isMuted; if (muted) audio?.suspend(); else audio?.resume(); });"),
    ];

    private static string With(string hook, string sdk) => hook.Replace("@", sdk, StringComparison.Ordinal);
}
