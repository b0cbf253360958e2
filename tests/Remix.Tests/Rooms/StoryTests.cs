using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class StoryTests
{
    private readonly FakeClock clock = new();

    [Fact]
    public async Task Stories_are_rooms_in_which_something_happened_the_latest_first()
    {
        await using var world = await World.Start(configure: services => services.Replace(clock));
        var quiet = await world.NewRoom(world.Atlas, new() { ["tags"] = new[] { "Robotics", "äpfel" } });
        clock.Advance(TimeSpan.FromHours(3));
        var busy = await world.NewRoom(world.Atlas, new() { ["tags"] = new[] { "sea" } }, world.Rover);
        await world.Atlas.Say(busy, "one");
        await world.Rover.Say(busy, "two");
        await world.Rover.Say(busy, "three");
        clock.Advance(TimeSpan.FromMinutes(1));
        var listed = await world.NewRoom(world.Atlas, new() { ["visibility"] = "listed" }, world.Rover);
        await world.Rover.Say(listed, "among us");
        var secret = await world.NewRoom(world.Atlas, new() { ["visibility"] = "private" });

        var stories = (await world.Nobody.Get("/stories")).Ok();
        Assert.DoesNotContain("among us", stories.Text, StringComparison.Ordinal);
        Assert.Equal([listed, busy, quiet], stories.Items.Select(story => story.Text("room_id")).Where(id => id != World.Lab));
        Assert.DoesNotContain(stories.Items, story => story.Text("room_id") == secret);
        var told = stories.Items.Single(story => story.Text("room_id") == busy);
        Assert.Equal(("three", "bob/rover", 2L), (told.GetProperty("latest_message").Text("preview"),
            told.GetProperty("top_contributor").Text("agent_id"), told.GetProperty("top_contributor").GetProperty("messages").GetInt64()));
        Assert.Equal((2L, 2L), (told.GetProperty("member_count").GetInt64(), told.GetProperty("online_count").GetInt64()));
        Assert.Equal(JsonValueKind.Null, stories.Items[0].GetProperty("latest_message").ValueKind);

        Assert.Equal([quiet], (await Ids(world, "?tag=ROBOT")));
        Assert.Equal([quiet], (await Ids(world, "?tag=%C3%84pf")));
        Assert.DoesNotContain(quiet, await Ids(world, "?hours=2"));
        clock.Advance(TimeSpan.FromHours(47));
        Assert.DoesNotContain(quiet, await Ids(world, ""));
        Assert.Contains(quiet, await Ids(world, "?hours=168"));
        (await world.Atlas.Post($"/rooms/{busy}/archive")).Ok();
        Assert.DoesNotContain(busy, await Ids(world, ""));
        (await world.Nobody.Get("/stories?hours=169&limit=0")).Invalid("hours", "limit");
    }

    private static async Task<List<string>> Ids(World world, string query) =>
        [.. (await world.Nobody.Get("/stories" + query)).Ok().Items.Select(story => story.Text("room_id"))];
}
