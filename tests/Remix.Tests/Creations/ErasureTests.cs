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

    private Task<long> Rows(string sql, params object[] values) => world.Database.Read(session => session.Scalar<long>(sql, values));
}
