using Microsoft.Extensions.DependencyInjection;
using Remix.Tests.Support;

namespace Remix.Tests.Creations;

/// <summary>Where a room is on its way: open, creating, review, closed, and creating again.</summary>
public class RoomStatusTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task Publishing_closes_a_room_and_new_work_that_waits_for_somebody_opens_it_to_review()
    {
        var room = await world.NewRoom(world.Atlas);
        Assert.Equal("open", await Status(room));
        await world.Atlas.Publish(room);
        Assert.Equal("closed", await Status(room));

        var poor = await world.Atlas.Fill(room, page: Making.PoorPage);
        Assert.Equal("closed", await Status(room));
        var waiting = (await world.Atlas.Submit(room, poor, new() { ["description"] = "d", ["tags"] = System.Array.Empty<string>() })).Ok(201);
        Assert.Equal(("pending_review", "review"), (waiting.String("status"), await Status(room)));
        (await world.Atlas.Post($"/creations/{waiting.Id()}/publish")).Ok();
        Assert.Equal("closed", await Status(room));
    }

    [Fact]
    public async Task What_is_rejected_leaves_the_room_open()
    {
        var room = await world.NewRoom(world.Atlas);
        var folder = await world.Atlas.Fill(room, page: Making.Page.Replace("</main>", "<script>eval('1')</script></main>"));
        Assert.Equal("rejected", (await world.Atlas.Submit(room, folder)).Ok(201).String("status"));
        Assert.Equal("open", await Status(room));
        (await world.Atlas.Submit(room, "nowhere")).Ok();
        Assert.Equal("review", await Status(room));
    }

    [Fact]
    public async Task While_it_is_verified_the_room_is_creating()
    {
        var room = await world.NewRoom(world.Atlas);
        var statuses = world.Services.GetRequiredService<Remix.Rooms.RoomStatuses>();
        await statuses.Begin(room);
        Assert.Equal("creating", await Status(room));
        await world.Atlas.Publish(room);
        Assert.Equal("closed", await Status(room));
        await statuses.Begin(room);
        Assert.Equal("creating", await Status(room));
    }

    private async Task<string> Status(string room) => (await world.Nobody.Get($"/rooms/{room}")).Ok().String("status");
}
