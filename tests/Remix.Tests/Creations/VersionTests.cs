using Remix.Tests.Support;

namespace Remix.Tests.Creations;

public class VersionTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task The_same_folder_again_is_the_next_version()
    {
        var room = await world.NewRoom(world.Atlas);
        var first = await world.Atlas.Publish(room);
        var folder = first.String("source_dir");
        var before = (await world.Visit(first.Id())).Ok().Bytes;

        var page = Making.Page.Replace("Twice a day", "Two times a day", StringComparison.Ordinal);
        var second = await world.Atlas.Publish(room, folder, new() { ["topic"] = "Another name" }, page);

        Assert.Equal((2, first.Id()), (second.Number("version"), second.String("parent_id")));
        Assert.Equal(first.String("slug"), second.String("slug"));
        Assert.NotEqual(first.Id(), second.Id());
        Assert.Equal(before, (await world.Visit(first.Id())).Ok().Bytes);
        Assert.Contains("Two times", (await world.Visit(second.Id())).Ok().Text, StringComparison.Ordinal);

        var old = (await world.Nobody.Get($"/creations/{first.Id()}")).Ok();
        Assert.Equal((false, true), (old["live"].GetBoolean(), old["archived"].GetBoolean()));
        Assert.Equal(second.Id(), (await world.Nobody.Get($"/creations/s/{first.String("slug")}")).Ok().Id());
        Assert.Equal([second.Id()], (await world.Nobody.Get("/creations/feed?limit=100")).Array()
            .Where(creation => creation.Text("room_id") == room).Select(creation => creation.Text("id")));
    }

    [Fact]
    public async Task No_two_are_published_at_the_same_moment_even_by_two_nodes()
    {
        var clock = new FakeClock();
        await using var own = await World.Start(configure: services => services.Replace(clock));
        var first = await own.Atlas.Publish(await own.NewRoom(own.Atlas));
        var moment = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await SetMoment(own, first.Id(), moment + 1);

        // The moment that this node would choose next is taken already, as if another had chosen it.
        var second = await own.Atlas.Publish(await own.NewRoom(own.Atlas));
        Assert.Equal(moment + 2, (await own.Database.Read(session => session.Query(
            "select published_at from creations where id = $1", row => row.GetInt64(0), Guid.Parse(second.Id()))))[0]);
        var page = (await own.Nobody.Get("/creations/feed?limit=1")).Array();
        Assert.Equal([second.Id()], page.Select(creation => creation.Text("id")));
        var next = (await own.Nobody.Get($"/creations/feed?limit=1&before={Uri.EscapeDataString(page[0].Text("published_at"))}")).Array();
        Assert.Equal([first.Id()], next.Select(creation => creation.Text("id")));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => SetMoment(own, second.Id(), moment + 1));
    }

    private static Task SetMoment(World world, string id, long moment) => world.Database.Write(async session =>
    {
        await session.Execute("update creations set published_at = $1 where id = $2", moment, Guid.Parse(id));
    });

    [Fact]
    public async Task An_old_address_serves_what_it_served_even_when_the_files_are_gone()
    {
        var room = await world.NewRoom(world.Atlas);
        var folder = await world.Atlas.Fill(room);
        (await world.Atlas.Upload(room, $"{folder}/app.js", "export const tide = 'high';")).Ok();
        var id = (await world.Atlas.Submit(room, folder)).Ok(201).Id();
        var paths = new[] { "/", "/index.html", "/app.js", "/cover.svg" };
        var before = await Task.WhenAll(paths.Select(async path => (await world.Visit(id, path)).Ok().Bytes));

        (await world.Atlas.Upload(room, $"{folder}/app.js", "export const tide = 'low';")).Ok();
        foreach (var file in new[] { "index.html", "cover.svg" })
        {
            (await world.Alice.Delete($"/rooms/{room}/files/{folder}/{file}")).Ok();
        }

        await world.Stop();
        await world.Restart();
        for (var i = 0; i < paths.Length; i++)
        {
            Assert.Equal(before[i], (await world.Visit(id, paths[i])).Ok().Bytes);
        }

        Assert.Equal(before[3], (await world.Nobody.Get($"/creations/{id}/thumbnail.svg")).Ok().Bytes);
    }

    [Fact]
    public async Task Versions_are_listed_newest_first()
    {
        var room = await world.NewRoom(world.Atlas);
        var made = new List<Answer> { await world.Atlas.Publish(room) };
        made.Add(await world.Atlas.Publish(room, made[0].String("source_dir")));
        made.Add(await world.Atlas.Publish(room, made[0].String("source_dir")));
        await world.Atlas.Publish(room);

        foreach (var id in made.Select(version => version.Id()))
        {
            var list = (await world.Nobody.Get($"/creations/{id}/versions")).Ok();
            Assert.Equal([3, 2, 1], list.Items.Select(version => version.GetProperty("version").GetInt32()));
            Assert.Equal(made.Select(version => version.Id()).Reverse(), list.Items.Select(version => version.Text("id")));
            Assert.Equal([true, false, false], list.Items.Select(version => version.GetProperty("live").GetBoolean()));
            Assert.Equal([false, true, true], list.Items.Select(version => version.GetProperty("archived").GetBoolean()));
            Assert.All(list.Items, version => Assert.Equal(3, version.GetProperty("revision_count").GetInt32()));
            Assert.Equal(made[1].Id(), list.Items[0].Text("parent_id"));
            Assert.Equal(made[2].String("content_url"), list.Items[0].Text("content_url"));
            Assert.EndsWith("Z", list.Items[1].Text("archived_at"), StringComparison.Ordinal);
        }

        var page = (await world.Nobody.Get($"/creations/{made[0].Id()}/versions?limit=2")).Ok();
        Assert.Equal((2, 3), (page.Items.Count, page.Number("total")));
        Assert.True(page["has_more"].GetBoolean());
        (await world.Nobody.Get($"/creations/{made[0].Id()}/versions?limit=0")).Invalid("limit");
    }

    [Fact]
    public async Task Versions_from_a_private_room_are_for_its_members_and_owner()
    {
        var made = await world.Atlas.Publish(World.Den);
        (await world.Nobody.Get($"/creations/{made.Id()}")).Ok();
        (await world.Nobody.Get($"/creations/{made.Id()}/versions")).Refused(404, "NOT_FOUND");
        (await world.Fox.Get($"/creations/{made.Id()}/versions")).Refused(404, "NOT_FOUND");
        (await world.Rover.Get($"/creations/{made.Id()}/versions")).Ok();
        (await world.Alice.Get($"/creations/{made.Id()}/versions")).Ok();
    }

    [Fact]
    public async Task A_rejected_revision_leaves_the_published_one_in_the_feed()
    {
        var room = await world.NewRoom(world.Atlas);
        var first = await world.Atlas.Publish(room);
        await world.Atlas.Fill(room, first.String("source_dir"), "<script>eval('1')</script>");
        Assert.Equal("rejected", (await world.Atlas.Submit(room, first.String("source_dir"))).Ok(201).String("status"));
        Assert.True((await world.Nobody.Get($"/creations/{first.Id()}")).Ok()["live"].GetBoolean());
        Assert.Single((await world.Nobody.Get($"/creations/{first.Id()}/versions")).Ok().Items);
    }

    [Fact]
    public async Task Two_topics_alike_get_two_readable_addresses()
    {
        var room = await world.NewRoom(world.Atlas);
        var topic = $"Alike {Guid.NewGuid()}";
        var one = await world.Atlas.Publish(room, null, new() { ["topic"] = topic });
        var two = await world.Atlas.Publish(room, null, new() { ["topic"] = topic });
        Assert.NotEqual(one.String("slug"), two.String("slug"));
        Assert.StartsWith(one.String("slug"), two.String("slug"), StringComparison.Ordinal);
        Assert.Equal(one.Id(), (await world.Nobody.Get($"/creations/s/{one.String("slug")}")).Ok().Id());
        Assert.Equal(two.Id(), (await world.Nobody.Get($"/creations/s/{two.String("slug")}")).Ok().Id());
    }

    [Theory]
    [InlineData("水の循環", "creation")]
    [InlineData("  --Hello,   World!--  ", "hello-world")]
    [InlineData("Don't panic", "dont-panic")]
    [InlineData("Ærøskøbing, Łódź & Größe", "aeroskobing-lodz-grosse")]
    public async Task A_readable_address_is_made_from_any_topic(string topic, string slug)
    {
        var made = await world.Atlas.Publish(await world.NewRoom(world.Atlas), null, new() { ["topic"] = topic });
        Assert.Equal(slug, made.String("slug"));
        Assert.Equal(topic.Trim(), (await world.Nobody.Get($"/creations/{made.Id()}")).Ok().String("topic"));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task Submitted_at_the_same_moment_each_becomes_a_version_and_one_is_live(int count)
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        var folder = await world.Atlas.Fill(room);
        var made = await Task.WhenAll(Enumerable.Range(0, count).Select(i => (i % 2 == 0 ? world.Atlas : world.Rover).Submit(room, folder)));

        Assert.All(made, answer => Assert.Equal("published", answer.Ok(201).String("status")));
        Assert.Equal(Enumerable.Range(1, count), made.Select(answer => (int)answer.Number("version")).Order());
        Assert.Single(made.Select(answer => answer.String("slug")).Distinct());
        var list = (await world.Nobody.Get($"/creations/{made[0].Id()}/versions")).Ok();
        var live = list.Items.Where(version => version.GetProperty("live").GetBoolean());
        Assert.Equal([count], live.Select(version => version.GetProperty("version").GetInt32()));
        Assert.Single((await world.Nobody.Get("/creations/feed?limit=100")).Array(), creation => creation.Text("room_id") == room);
    }

    [Fact]
    public async Task Topics_alike_submitted_at_the_same_moment_all_get_an_address()
    {
        var room = await world.NewRoom(world.Atlas);
        var folders = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.Atlas.Fill(room)));
        var topic = $"Alike {Guid.NewGuid()}";
        var made = await Task.WhenAll(folders.Select(folder => world.Atlas.Submit(room, folder, new() { ["topic"] = topic })));
        Assert.Equal(4, made.Select(answer => answer.Ok(201).String("slug")).Distinct().Count());
    }

    [Fact]
    public async Task A_remix_names_its_parent_which_counts_it_once()
    {
        var (room, other) = (await world.NewRoom(world.Atlas), await world.NewRoom(world.Rover));
        var parent = await world.Atlas.Publish(room);
        var remix = await world.Rover.Publish(other, null, new() { ["parent_id"] = parent.Id() });
        Assert.Equal((1, parent.Id()), (remix.Number("version"), remix.String("parent_id")));
        Assert.Equal(1, await Remixes());

        var next = await world.Rover.Publish(other, remix.String("source_dir"), new() { ["parent_id"] = parent.Id() });
        Assert.Equal((2, remix.Id()), (next.Number("version"), next.String("parent_id")));
        Assert.Equal(1, await Remixes());
        Assert.Equal(0, (await world.Nobody.Get($"/creations/{remix.Id()}")).Ok().Number("remix_count"));

        async Task<long> Remixes()
        {
            var fed = (await world.Nobody.Get("/creations/feed?limit=100")).Array().Single(creation => creation.Text("id") == parent.Id());
            Assert.Equal((await world.Nobody.Get($"/creations/{parent.Id()}")).Ok().Number("remix_count"), fed.GetProperty("remix_count").GetInt64());
            return fed.GetProperty("remix_count").GetInt64();
        }
    }

    [Fact]
    public async Task A_remix_that_waits_counts_when_it_is_published()
    {
        var room = await world.NewRoom(world.Atlas);
        var parent = await world.Atlas.Publish(room);
        var folder = Making.FreshFolder();
        var waiting = (await world.Atlas.Submit(room, folder, new() { ["parent_id"] = parent.Id() })).Ok(201);
        Assert.Equal(0, (await world.Nobody.Get($"/creations/{parent.Id()}")).Ok().Number("remix_count"));

        await world.Atlas.Fill(room, folder);
        var published = (await world.Atlas.Post($"/creations/{waiting.Id()}/publish")).Ok();
        Assert.Equal(("published", parent.Id()), (published.String("status"), published.String("parent_id")));
        Assert.Equal(1, (await world.Nobody.Get($"/creations/{parent.Id()}")).Ok().Number("remix_count"));
    }

    [Fact]
    public async Task A_parent_is_a_published_creation()
    {
        var room = await world.NewRoom(world.Atlas);
        var waiting = (await world.Atlas.Submit(room, "creations/empty")).Ok(201);
        foreach (var parent in new[] { Guid.NewGuid().ToString(), waiting.Id() })
        {
            (await world.Atlas.Submit(room, "creations/x", new() { ["parent_id"] = parent })).Invalid("parent_id");
            (await world.Atlas.Post($"/rooms/{room}/creations/check", Making.Wish("x", new() { ["parent_id"] = parent }))).Invalid("parent_id");
        }
    }
}
