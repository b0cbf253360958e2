namespace Remix.Games.Validation;

/// <summary>What a version without code can begin with: the smallest page that plays, ends, plays again and falls silent.</summary>
internal static class StarterGame
{
    public const string Page = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Tap ten times</title>
        <style>
          html, body { height: 100%; margin: 0; }
          body { display: grid; place-items: center; font: 600 2rem system-ui; color: #fff; background: #1b2a41; touch-action: manipulation; user-select: none; }
        </style>
        </head>
        <body>
        <main><h1 id="said">Tap</h1></main>
        <script>
          const sdk = window.FarcadeSDK;
          const said = document.getElementById("said");
          let taps, began, muted = true;
          function restart() { taps = 0; began = 0; said.textContent = "Tap ten times"; }
          addEventListener("pointerdown", () => {
            if (taps >= 10) return;
            began ||= performance.now();
            said.textContent = ++taps;
            if (taps === 10) sdk.singlePlayer.actions.gameOver({ score: Math.max(1, Math.round(100000 / (performance.now() - began))) });
          });
          sdk.onPlayAgain(restart);
          sdk.onToggleMute((data) => { muted = data.isMuted; });
          restart();
        </script>
        </body>
        </html>

        """;
}
