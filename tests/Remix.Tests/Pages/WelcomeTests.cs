using System.Text.Json;
using Remix.Platform.Settings;
using Remix.Tests.Support;

namespace Remix.Tests.Pages;

public class WelcomeTests
{
    private static readonly string[] Folders = ["what-remix-is", "how-a-creation-is-made", "why-the-sky-is-blue", "eight-worlds", "silk",
        "game", "game"];

    [Fact]
    public async Task A_fresh_server_publishes_seven_good_creations_once()
    {
        await using var world = await World.Start(settings => settings with { Welcome = true });
        var feed = await Until(world, 7);
        Assert.Equal(Folders, feed.Select(creation => creation.Text("source_dir")));
        Assert.All(feed, creation =>
        {
            Assert.Equal("remix", creation.Text("created_by"));
            Assert.InRange(creation.GetProperty("quality_score").GetInt32(), 90, 100);
        });
        foreach (var id in feed.Select(creation => creation.Text("id")))
        {
            (await world.Visit(id)).Ok();
            (await world.Nobody.Get($"/creations/{id}/thumbnail.svg")).Ok();
        }

        await world.Stop();
        await world.Restart();
        await Task.Delay(1500);
        Assert.Equal(feed.Select(creation => creation.Text("id")), (await Feed(world)).Select(creation => creation.Text("id")));
    }

    [Fact]
    public async Task No_welcome_leaves_them_out()
    {
        Assert.False(SettingsReader.Read(["--no-welcome"], _ => null).Welcome);
        Assert.True(SettingsReader.Read([], _ => null).Welcome);
        await using var world = await World.Start();
        await Task.Delay(500);
        Assert.Empty(await Feed(world));
    }

    private static async Task<IReadOnlyList<JsonElement>> Until(World world, int count)
    {
        for (var i = 0; i < 200 && (await Feed(world)).Count < count; i++)
        {
            await Task.Delay(100);
        }

        var feed = await Feed(world);
        Assert.Equal(count, feed.Count);
        return feed;
    }

    private static async Task<IReadOnlyList<JsonElement>> Feed(World world) =>
        (await world.Nobody.Get("/creations/feed?diversify=false")).Ok().Array();
}
