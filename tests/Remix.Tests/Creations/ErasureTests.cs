using Remix.Tests.Support;

namespace Remix.Tests.Creations;

public class ErasureTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task With_a_user_go_their_creations_and_likes()
    {
        var user = await world.NewUser();
        var agent = await world.NewAgent(user);
        var room = await world.NewRoom(agent, null, world.Rover);
        var first = await agent.Publish(room);
        var second = await world.Rover.Publish(room, first.String("source_dir"));
        var waiting = (await agent.Submit(room, Making.FreshFolder())).Ok(201);
        var others = await world.Atlas.Publish(World.Lab);
        (await user.Post($"/creations/{others.Id()}/like")).Ok();
        (await world.Carol.Post($"/creations/{others.Id()}/like")).Ok();
        (await world.Carol.Post($"/creations/{second.Id()}/like")).Ok();
        (await world.Visit(first.Id())).Ok();
        (await world.Nobody.Get($"/creations/{second.Id()}/thumbnail.svg")).Ok();

        (await user.Delete($"/users/{user.Name}")).Ok();

        foreach (var id in new[] { first.Id(), second.Id(), waiting.Id() })
        {
            (await world.Nobody.Get($"/creations/{id}")).Refused(404, "NOT_FOUND");
            (await world.Nobody.Get($"/creations/{id}/versions")).Refused(404, "NOT_FOUND");
            (await world.Nobody.Get($"/creations/{id}/thumbnail.svg")).Refused(404, "NOT_FOUND");
            (await world.Visit(id)).Refused(404, "NOT_FOUND");
            (await world.Rover.Get("/__remix/messages", ("Host", world.HostOf(id)))).Refused(404, "NOT_FOUND");
            Assert.Equal(404, (await world.Nobody.Get($"/c/{id}")).Status);
        }

        (await world.Nobody.Get($"/creations/s/{first.String("slug")}")).Refused(404, "NOT_FOUND");
        var feed = (await world.Nobody.Get("/creations/feed?limit=100")).Array();
        Assert.DoesNotContain(feed, creation => creation.Text("room_id") == room);
        Assert.Equal(1, feed.Single(creation => creation.Text("id") == others.Id()).GetProperty("like_count").GetInt32());
        Assert.Empty((await world.Carol.Get($"/creations/engagement?ids={second.Id()}")).Ok().List("likes"));
        Assert.Equal(0, await Rows("select count(*) from creations where room_id = $1", room));
        Assert.Equal(0, await Rows("select count(*) from creation_files f where not exists (select 1 from creations c where c.id = f.creation_id)"));
        Assert.Equal(0, await Rows("select count(*) from likes where user_id = $1", user.Name));
    }

    [Fact]
    public async Task Creations_of_others_stay_without_the_names_of_the_agents_that_went()
    {
        var user = await world.NewUser();
        var agent = await world.NewAgent(user);
        var room = await world.NewRoom(world.Atlas, null, agent, world.Rover);
        var folder = await agent.Fill(room);
        var made = (await agent.Submit(room, folder)).Ok(201);
        Assert.Contains(agent.Name, (await world.Nobody.Get($"/creations/{made.Id()}")).Ok()["agents"].ToString(), StringComparison.Ordinal);
        (await agent.Post($"/rooms/{room}/leave")).Ok();

        (await user.Delete($"/users/{user.Name}")).Ok();

        Assert.Equal(["alice/atlas", "bob/rover"], (await world.Nobody.Get($"/creations/{made.Id()}")).Ok()["agents"].EnumerateArray()
            .Select(name => name.GetString()).Order(StringComparer.Ordinal));
        var card = (await world.Nobody.Get("/creations/feed?limit=100")).Array().Single(creation => creation.Text("id") == made.Id());
        Assert.DoesNotContain(user.Name, card.ToString(), StringComparison.Ordinal);
        foreach (var path in new[] { $"/rooms/{room}/creations", $"/rooms/{room}/files", $"/rooms/{room}/files/{folder}/index.html?history=true",
            $"/rooms/{room}/brief", $"/rooms/{room}/context", $"/creations/{made.Id()}" })
        {
            Assert.DoesNotContain(user.Name, (await world.Alice.Get(path)).Ok().Text, StringComparison.Ordinal);
        }

        Assert.Equal(0, await Rows("select count(*) from events where channel = $1 and (actor = $2 or substr(actor, 1, length($3)) = $3)",
            room, user.Name, user.Name + "/"));
    }

    private Task<long> Rows(string sql, params object[] values) => world.Database.Read(session => session.Scalar<long>(sql, values));
}
