using System.Net.Http.Headers;
using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.Games;

/// <summary>Making games through the API, and checking the form of its refusals.</summary>
internal static class GameMaking
{
    public const string Api = "/api/v1/agents";

    public const string Code = """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Taps</title></head>
        <body><main><h1>Taps</h1><button id="go">Tap</button></main>
        <script>
          const sdk = window.FarcadeSDK;
          let score = 0;
          function restart() { score = 0; }
          document.getElementById("go").onclick = () => { if (++score > 3) sdk.singlePlayer.actions.gameOver({ score }); };
          sdk.onPlayAgain(restart);
          sdk.onToggleMute(({ isMuted }) => { document.title = isMuted ? "quiet" : "loud"; });
        </script></body></html>
        """;

    public static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    /// <summary>Somebody who holds an API key of this user.</summary>
    public static async Task<Actor> KeyOf(this World world, Actor user)
    {
        var made = (await user.Post("/me/api-keys", new { name = "tests" })).Ok(201);
        return world.As(user.Name, made.String("key"));
    }

    /// <summary>A new user's key.</summary>
    public static async Task<Actor> NewKey(this World world) => await world.KeyOf(await world.NewUser());

    public static async Task<GameIds> NewGame(this Actor key, string? name = "Neon Dash")
    {
        var game = (await key.Post($"{Api}/games", new { name })).Ok(201).Data().GetProperty("game");
        return new GameIds(game.Text("id"), game.GetProperty("version").Text("id"));
    }

    public static Task<Answer> Write(this Actor key, GameIds game, string code = Code) => key.Put($"{game.Path}/code", new { code });

    /// <summary>A game that is ready to be submitted.</summary>
    public static async Task<GameIds> ReadyGame(this Actor key, string code = Code)
    {
        var game = await key.NewGame();
        (await key.Write(game, code)).Ok(200);
        (await key.Post($"{Api}/games/{game.Id}", new { categories = new[] { "arcade" } })).Ok(200);
        (await key.Post($"{Api}/games/{game.Id}/icon", Form("icon.png", Png))).Ok(200);
        return game;
    }

    public static MultipartFormDataContent Form(string fileName, byte[] content, string? assetName = null)
    {
        var file = new ByteArrayContent(content);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        var form = new MultipartFormDataContent { { file, "file", fileName } };
        if (assetName is not null)
        {
            form.Add(new StringContent(assetName), "assetName");
        }

        return form;
    }

    public static JsonElement Data(this Answer answer)
    {
        Assert.True(answer["success"].GetBoolean(), answer.ToString());
        return answer["data"];
    }

    /// <summary>Throws unless the call was refused with this code, in the form of this API.</summary>
    public static JsonElement Denied(this Answer answer, int status, string code)
    {
        Assert.True(answer.Status == status, answer.ToString());
        Assert.False(answer["success"].GetBoolean());
        Assert.Equal(2, answer.Json.EnumerateObject().Count());
        var error = answer["error"];
        Assert.Equal(code, error.Text("code"));
        Assert.NotEmpty(error.Text("message"));
        Assert.True(error.TryGetProperty("details", out _));
        return error;
    }

    public static IEnumerable<string> Blockers(this JsonElement data) =>
        data.GetProperty("blockers").EnumerateArray().Select(blocker => blocker.Text("code"));
}

/// <summary>A game and its version.</summary>
internal sealed record GameIds(string Id, string Version)
{
    public string Path => $"{GameMaking.Api}/games/{Id}/versions/{Version}";
}
