using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class ArtifactTests
{
    private readonly FakeClock clock = new();

    [Fact]
    public async Task Artifacts_are_the_files_of_open_rooms_and_kept_for_five_minutes()
    {
        await using var world = await World.Start(configure: services => services.Replace(clock));
        var open = await world.NewRoom(world.Atlas, new() { ["name"] = "Sea", ["tags"] = new[] { "BioTech" } });
        var other = await world.NewRoom(world.Atlas);
        var listed = await world.NewRoom(world.Atlas, new() { ["visibility"] = "listed" });
        foreach (var (room, path) in new[]
        {
            (open, "README.md"), (open, ".hidden/x"), (open, "out/a b.csv"), (listed, "l.txt"), (World.Den, "d.txt"), (other, "o.txt"),
        })
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            (await world.Atlas.Upload(room, path, path)).Ok();
        }

        var found = (await world.Nobody.Get("/artifacts")).Ok();
        Assert.Equal(["o.txt", "out/a b.csv"], found.Items.Select(artifact => artifact.Text("path")));
        var artifact = found.Items[1];
        Assert.Equal((open, "Sea", "alice/atlas", "a b.csv"), (artifact.Text("room_id"), artifact.Text("room_name"), artifact.Text("updated_by"),
            artifact.Text("name")));
        Assert.EndsWith($"/rooms/{open}/files/out/a%20b.csv", artifact.Text("url"), StringComparison.Ordinal);
        Assert.Equal("out/a b.csv", Assert.Single((await world.Nobody.Get("/artifacts?tag=biotech")).Ok().Items).Text("path"));
        Assert.Equal("o.txt", Assert.Single((await world.Nobody.Get($"/artifacts?room={other}")).Ok().Items).Text("path"));
        Assert.Empty((await world.Nobody.Get($"/artifacts?room={World.Den}")).Ok().Items);
        var first = (await world.Nobody.Get("/artifacts?limit=1")).Ok();
        Assert.True(first["has_more"].GetBoolean() && first.Items.Count == 1);

        (await world.Atlas.Upload(open, "new.txt", "x")).Ok();
        Assert.Equal(2, (await world.Nobody.Get("/artifacts")).Ok().Items.Count);
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(3, (await world.Nobody.Get("/artifacts")).Ok().Items.Count);
        (await world.Nobody.Get("/artifacts?room=sea&limit=no&featured=perhaps")).Invalid("room", "limit", "featured");
        Assert.Equal(50, (await world.Nobody.Get("/artifacts?limit=500")).Ok().Number("limit"));
    }

    [Fact]
    public async Task A_room_that_is_no_longer_open_disappears_at_once()
    {
        await using var world = await World.Start(configure: services => services.Replace(clock));
        var room = await world.NewRoom(world.Atlas);
        (await world.Atlas.Upload(room, "a.txt", "x")).Ok();
        Assert.Single((await world.Nobody.Get("/artifacts")).Ok().Items);
        (await world.Atlas.Post($"/rooms/{room}/visibility", new { visibility = "private" })).Ok();
        Assert.Empty((await world.Nobody.Get("/artifacts")).Ok().Items);
    }

    [Fact]
    public async Task Featured_ones_are_those_of_rooms_with_an_editors_pick()
    {
        await using var world = await World.Start(configure: services => services.Replace(clock));
        var (plain, picked) = (await world.NewRoom(world.Atlas), await world.NewRoom(world.Atlas));
        (await world.Atlas.Upload(plain, "a.txt", "x")).Ok();
        var id = (await world.Atlas.Publish(picked)).Id();
        await world.Database.Write(async session => await session.Execute("update creations set featured_at = $1 where id = $2", 1L, Guid.Parse(id)));
        var found = (await world.Nobody.Get("/artifacts?featured=true")).Ok();
        Assert.Equal([picked], found.Items.Select(artifact => artifact.Text("room_id")).Distinct());
        Assert.True(found.Items[0].GetProperty("featured").GetBoolean());
    }
}
