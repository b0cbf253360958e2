using System.Text;
using Remix.Tests.Support;
using static Remix.Tests.Games.GameMaking;

namespace Remix.Tests.Games;

public class StudioTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_version_goes_from_draft_through_review_to_the_feed()
    {
        var user = await world.NewUser();
        var key = await world.KeyOf(user);
        var game = await key.ReadyGame();
        var path = $"/games/{game.Id}/versions/{game.Version}";
        Assert.True((await key.Get($"{Api}/games/{game.Id}/launch-readiness")).Data().GetProperty("readyForSubmission").GetBoolean());
        (await user.Post($"{path}/submit")).Ok(200);
        Assert.Equal("review", await Status(key, game));
        (await key.Write(game)).Denied(409, "VERSION_NOT_EDITABLE");
        (await user.Post($"{path}/submit")).Refused(409, "VERSION_NOT_EDITABLE");
        (await user.Post($"{path}/approve")).Refused(403, "FORBIDDEN");
        (await world.Dave.Post($"{path}/launch")).Refused(409, "WRONG_STATUS");
        Assert.Contains(game.Id, (await world.Dave.Get("/games/review-queue")).Ok().Text, StringComparison.Ordinal);

        (await world.Dave.Post($"{path}/send-back", new { feedback = "Louder, please." })).Ok(200);
        Assert.Equal("blocked", await Status(key, game));
        Assert.False((await key.Get($"{Api}/games/{game.Id}/launch-readiness")).Data().GetProperty("readyForSubmission").GetBoolean());
        (await key.Write(game, Code + " ")).Ok(200);
        var status = (await key.Get($"{game.Path}/status")).Data();
        Assert.Equal("draft", status.Text("status"));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, status.GetProperty("feedback").ValueKind);

        (await user.Post($"{path}/submit")).Ok(200);
        (await world.Dave.Post($"{path}/approve")).Ok(200);
        Assert.Equal("approved", await Status(key, game));
        (await key.Write(game)).Denied(409, "VERSION_NOT_EDITABLE");
        var launched = (await world.Dave.Post($"{path}/launch")).Ok(200);
        Assert.Equal("live", await Status(key, game));
        (await key.Write(game)).Denied(409, "LIVE_VERSION_LOCKED");

        var creation = (await world.Nobody.Get($"/creations/{launched.String("creation_id")}")).Ok();
        Assert.Equal(("application", "games", "Neon Dash"), (creation.String("type"), creation.String("category"), creation.String("topic")));
        Assert.Contains("./__remix/game-sdk.js", (await world.Visit(launched.String("creation_id"))).Ok().Text, StringComparison.Ordinal);
        Assert.Contains("RemixSDK", (await world.Visit(launched.String("creation_id"), "/__remix/game-sdk.js")).Ok().Text, StringComparison.Ordinal);
        (await world.Nobody.Get($"/creations/{launched.String("creation_id")}/thumbnail.svg")).Ok();
        (await world.Nobody.Get($"/games/{game.Id}/icon")).Ok();
        (await user.Delete($"/games/{game.Id}")).Refused(409, "LAUNCHED");
    }

    [Fact]
    public async Task A_new_version_takes_the_place_of_the_one_that_was_live()
    {
        var user = await world.NewUser();
        var game = await (await world.KeyOf(user)).ReadyGame();
        var first = await Launch(user, game.Id, game.Version);
        var next = (await user.Post($"/games/{game.Id}/versions")).Ok(201).Id();
        var second = await Launch(user, game.Id, next);
        Assert.NotEqual(first, second);
        Assert.Equal(2, (await world.Nobody.Get($"/creations/{second}")).Ok().Number("version"));
        Assert.False((await world.Nobody.Get($"/creations/{first}")).Ok()["live"].GetBoolean());
    }

    [Fact]
    public async Task What_is_blocked_or_refused_by_the_feed_cannot_be_submitted()
    {
        var user = await world.NewUser();
        var key = await world.KeyOf(user);
        var game = await key.NewGame();
        (await user.Post($"/games/{game.Id}/versions/{game.Version}/submit")).Refused(409, "NOT_READY");
        var ready = await key.ReadyGame(Code.Replace("let score", "alert('hi'); let score", StringComparison.Ordinal));
        Assert.Contains("SCAN_DIALOG", (await key.Get($"{ready.Path}/validate")).Data().GetRawText(), StringComparison.Ordinal);
        (await user.Post($"/games/{ready.Id}/versions/{ready.Version}/submit")).Refused(409, "NOT_READY");
    }

    [Fact]
    public async Task A_patch_is_applied_from_the_studio()
    {
        var user = await world.NewUser();
        var key = await world.KeyOf(user);
        var game = await key.NewGame();
        var path = $"/games/{game.Id}/versions/{game.Version}";
        (await world.Carol.Post($"{path}/mend")).Refused(404, "NOT_FOUND");
        Assert.DoesNotContain("MISSING_CODE", (await user.Post($"{path}/mend", new { codes = new[] { "MISSING_CODE" } })).Ok(200)
            .List("blockers").Select(blocker => blocker.Text("code")));
        (await key.Write(game, Code.Replace("sdk.onPlayAgain(restart);", "// sdk.onPlayAgain(restart);", StringComparison.Ordinal))).Ok(200);
        var before = (await user.Get(path)).Ok();
        Assert.Equal(["MISSING_ICON", "MISSING_CATEGORY"], (await user.Post($"{path}/mend")).Ok(200).List("blockers").Select(blocker =>
            blocker.Text("code")));
        Assert.NotEqual(before.String("code_sha256"), (await user.Get(path)).Ok().String("code_sha256"));
        (await user.Post($"{path}/mend")).Refused(409, "NOTHING_TO_MEND");
        (await user.Post($"{path}/mend", new { codes = 5 })).Invalid("codes");
    }

    [Fact]
    public async Task Strangers_see_no_studio_and_bad_uploads_are_refused()
    {
        var user = await world.NewUser();
        var key = await world.KeyOf(user);
        var game = await key.NewGame();
        (await world.Carol.Post($"/games/{game.Id}/versions/{game.Version}/submit")).Refused(404, "NOT_FOUND");
        (await world.Carol.Patch(game.Id)).Refused(404, "NOT_FOUND");
        (await user.Post($"/games/{game.Id}/cover", Form("cover.svg", "<svg/>"u8.ToArray()))).Refused(400, "VALIDATION_FAILED");
        (await user.Post($"/games/{game.Id}/cover", Form("cover.svg", Encoding.UTF8.GetBytes(Making.Cover)))).Ok(200);
        (await user.Post($"/games/{game.Id}/icon", Form("icon.png", "no picture"u8.ToArray()))).Refused(400, "VALIDATION_FAILED");
        (await user.Post($"/games/{game.Id}/icon", Form("icon.svg", Png))).Refused(400, "VALIDATION_FAILED");

        (await key.Post($"{Api}/games/{game.Id}/assets", Form("a.png", Png, "my tree"))).Ok(201);
        var asset = (await key.Get($"{Api}/games/{game.Id}/assets")).Data().GetProperty("assets")[0];
        Assert.Equal(("my-tree.png", "assets/my-tree.png"), (asset.Text("name"), asset.Text("url")));
        (await key.Post($"{Api}/games/{game.Id}/assets", Form("a.exe", Png))).Denied(400, "VALIDATION_ERROR");
        (await key.Post($"{Api}/games/{game.Id}/assets", Form("a.mp3", Png))).Denied(400, "VALIDATION_ERROR");
        (await key.Post($"{Api}/games/{game.Id}/assets", Form("a.png", Png[..^16]))).Denied(400, "VALIDATION_ERROR");
        (await key.Post($"{Api}/games/{game.Id}/assets", Form("a.png", [.. Png, .. new byte[5 * 1024 * 1024]]))).Denied(400, "VALIDATION_ERROR");
        (await key.Post($"{Api}/games/{game.Id}/assets", new { file = "x" })).Denied(400, "VALIDATION_ERROR");
        foreach (var body in new object[] { new { }, new { categories = Array.Empty<string>() }, new { categories = new[] { "nonsense" } },
            new { categories = new[] { "arcade", "card", "word", "racing" } }, new { name = new string('x', 81) } })
        {
            (await key.Post($"{Api}/games/{game.Id}", body)).Denied(400, "VALIDATION_ERROR");
        }

        (await key.Post($"{Api}/games/{game.Id}", new { name = "" })).Ok(200);
        Assert.Contains("MISSING_NAME", (await key.Get($"{game.Path}/validate")).Data().Blockers());
    }

    [Fact]
    public async Task A_preview_is_served_apart_to_whoever_has_its_key()
    {
        var user = await world.NewUser();
        var key = await world.KeyOf(user);
        var game = await key.NewGame();
        (await key.Write(game)).Ok(200);
        var page = (await user.Get($"/games/{game.Id}/v/{game.Version}", ("Cookie", $"remix-token={user.Token}"), ("Accept", "text/html"))).Ok().Text;
        var host = System.Text.RegularExpressions.Regex.Match(page, "game-[0-9a-f-]{36}").Value;
        var preview = (await world.Nobody.Get("/", ("Host", $"{host}.localhost:{world.Settings.Port}"))).Ok();
        Assert.Contains("sandbox", preview.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("./__remix/game-sdk.js", preview.Text, StringComparison.Ordinal);
        (await world.Nobody.Get("/", ("Host", $"game-{Guid.NewGuid()}.localhost:{world.Settings.Port}"))).Refused(404, "NOT_FOUND");
        (await world.Nobody.Get($"/games/{game.Id}/v/{game.Version}", ("Cookie", $"remix-token={world.Carol.Token}"),
            ("Accept", "text/html"))).Ok(404);
    }

    private async Task<string> Launch(Actor user, string gameId, string version)
    {
        (await user.Post($"/games/{gameId}/versions/{version}/submit")).Ok(200);
        (await world.Dave.Post($"/games/{gameId}/versions/{version}/approve")).Ok(200);
        return (await world.Dave.Post($"/games/{gameId}/versions/{version}/launch")).Ok(200).String("creation_id");
    }

    private static async Task<string> Status(Actor key, GameIds game) => (await key.Get($"{game.Path}/status")).Ok(200).Data().Text("status");
}

internal static class StudioCalls
{
    public static Task<Answer> Patch(this Actor actor, string gameId) =>
        actor.Send(HttpMethod.Patch, $"/games/{gameId}", Actor.Json(new { name = "Mine now" }));
}
