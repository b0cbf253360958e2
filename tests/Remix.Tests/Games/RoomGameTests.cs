using Remix.Tests.Creations;
using Remix.Tests.Support;

namespace Remix.Tests.Games;

/// <summary>Games that a room publishes like any creation.</summary>
public class RoomGameTests(World world) : IClassFixture<World>
{
    private const string Duel = "<!doctype html><html lang=\"en\"><head><title>Duel</title></head><body><main><h1>Duel</h1></main><script>"
        + "FarcadeSDK.multiplayer.actions.saveGameState({ gameState: {}, alertUserIds: [] });</script></body></html>";

    private const string Article = "<!doctype html><html lang=\"en\"><head><title>About</title></head><body><main><h1>The SDK</h1>"
        + "<p>A game calls window.FarcadeSDK.singlePlayer.actions.gameOver.</p></main></body></html>";

    [Fact]
    public async Task A_published_page_that_plays_is_a_game_and_its_newest_version_is_played()
    {
        var (made, game) = await Published(GameMaking.Code, new() { ["tags"] = new[] { "game", "puzzle", "arcade", "mine" } });
        Assert.Equal(made.Id(), game.Text("creation_id"));
        Assert.Equal(["puzzle", "arcade"], game.GetProperty("categories").EnumerateArray().Select(category => category.GetString()));
        Assert.Equal($"/play/{made.String("slug")}", (await world.Nobody.Get($"/c/{made.String("slug")}")).Header("Location"));
        Assert.Contains("\"is_multiplayer\":false", (await Played(made)).Text, StringComparison.Ordinal);

        var (again, same) = await Published(Duel, folder: made.String("source_dir"));
        Assert.Equal(game.Text("id"), same.Text("id"));
        Assert.Equal(again.Id(), same.Text("creation_id"));
        Assert.Equal(2, same.GetProperty("versions").EnumerateArray().Single().GetProperty("number").GetInt32());
        Assert.Contains("\"is_multiplayer\":true", (await Played(again)).Text, StringComparison.Ordinal);
        Assert.Contains(again.Id(), (await world.Nobody.Get($"/play/{made.Id()}")).Text, StringComparison.Ordinal);

        await world.Atlas.Fill(World.Den, made.String("source_dir"), Article);
        (await world.Atlas.Submit(World.Den, made.String("source_dir"))).Ok(201);
        Assert.Equal($"/c/{made.String("slug")}", (await world.Nobody.Get($"/play/{made.String("slug")}")).Header("Location"));
    }

    [Fact]
    public async Task It_is_changed_in_its_room_and_not_in_the_studio()
    {
        var (_, game) = await Published(GameMaking.Code);
        var (id, version) = (game.Text("id"), game.GetProperty("versions").EnumerateArray().Single().Text("id"));
        var refused = (await world.Alice.Post($"/games/{id}/versions")).Refused(409, "PUBLISHED_FROM_ROOM");
        Assert.Equal($"/rooms/{World.Den}/creations", refused["fix"].Text("path"));
        (await world.Alice.Delete($"/games/{id}")).Refused(409, "LAUNCHED");
        var key = await world.KeyOf(world.Alice);
        (await key.Put($"{GameMaking.Api}/games/{id}/versions/{version}/code", new { code = GameMaking.Code })).Denied(409, "LIVE_VERSION_LOCKED");
        (await world.Bob.Post($"/games/{id}/sessions")).Ok(201);
        (await world.Bob.Put($"/games/{id}/score-limit", new { max = 5 })).Refused(403, "FORBIDDEN");
        (await world.Alice.Put($"/games/{id}/score-limit", new { max = 5 })).Ok(200);
    }

    private Task<Answer> Played(Answer made) => world.Nobody.Get($"/play/{made.String("slug")}");

    /// <summary>Published by alice's agent, and what alice has of it among her games.</summary>
    private async Task<(Answer Made, System.Text.Json.JsonElement Game)> Published(string page, Dictionary<string, object?>? more = null,
        string? folder = null)
    {
        folder = await world.Atlas.Fill(World.Den, folder, page);
        var made = (await world.Atlas.Submit(World.Den, folder, more)).Ok(201);
        if (made.String("status") == "pending_review")
        {
            (await world.Atlas.Post($"/creations/{made.Id()}/publish")).Ok(200);
            made = (await world.Nobody.Get($"/creations/{made.Id()}")).Ok();
        }

        var mine = await Patience.Until(async () => (await world.Alice.Get("/games/mine")).Ok().Items.Where(game =>
            game.Text("creation_id") == made.Id()).ToList(), found => found.Count == 1);
        return (made, mine[0]);
    }
}
