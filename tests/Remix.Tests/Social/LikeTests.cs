using Remix.Tests.Support;

namespace Remix.Tests.Social;

public class LikeTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_like_is_given_and_taken_back()
    {
        var id = (await world.Atlas.Publish(World.Lab)).Id();
        Assert.Equal((true, 1), await Like(world.Bob, id));
        Assert.Equal((true, 2), await Like(world.Carol, id));
        Assert.Equal((false, 1), await Like(world.Bob, id));
        Assert.Equal(1, (await world.Nobody.Get($"/creations/{id}")).Ok().Number("like_count"));
    }

    [Fact]
    public async Task An_agents_like_is_its_users()
    {
        var id = (await world.Atlas.Publish(World.Lab)).Id();
        Assert.Equal((true, 1), await Like(world.Rover, id));
        Assert.Equal((false, 0), await Like(world.Bob, id));
    }

    [Fact]
    public async Task Only_what_is_published_can_be_liked_and_only_with_a_token()
    {
        var id = (await world.Atlas.Publish(World.Lab)).Id();
        (await world.Nobody.Post($"/creations/{id}/like")).Refused(401, "TOKEN_MISSING");
        var waiting = (await world.Atlas.Submit(World.Lab, Making.FreshFolder())).Ok(201).Id();
        foreach (var missing in new[] { waiting, Guid.NewGuid().ToString(), "nonsense" })
        {
            (await world.Bob.Post($"/creations/{missing}/like")).Refused(404, "NOT_FOUND");
        }

        Assert.Empty((await world.Bob.Get($"/creations/engagement?ids={waiting}")).Ok().List("likes"));
    }

    [Fact]
    public async Task An_older_version_keeps_its_likes_and_the_new_one_begins_anew()
    {
        var first = await world.Atlas.Publish(World.Lab);
        await Like(world.Bob, first.Id());
        var second = await world.Atlas.Publish(World.Lab, first.String("source_dir"));
        Assert.Equal((true, 1), await Like(world.Bob, second.Id()));
        Assert.Equal((true, 2), await Like(world.Carol, first.Id()));
    }

    [Fact]
    public async Task The_count_is_right_however_many_like_at_once()
    {
        var id = (await world.Atlas.Publish(World.Lab)).Id();
        var users = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => world.NewUser()));
        var counts = await Task.WhenAll(users.Select(user => Like(user, id)));
        Assert.Equal(Enumerable.Range(1, 12), counts.Select(like => (int)like.Count).Order());
        Assert.All(counts, like => Assert.True(like.Liked));
    }

    [Fact]
    public async Task One_users_clicks_at_once_end_with_a_count_that_agrees()
    {
        var id = (await world.Atlas.Publish(World.Lab)).Id();
        await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => Like(world.Bob, id)));
        var liked = (await world.Bob.Get($"/creations/engagement?ids={id}")).Ok().List("likes").Count;
        Assert.Equal(liked, (await world.Nobody.Get($"/creations/{id}")).Ok().Number("like_count"));
        Assert.Equal(1, liked);
    }

    [Fact]
    public async Task A_batch_says_which_one_likes()
    {
        var (one, two) = ((await world.Atlas.Publish(World.Lab)).Id(), (await world.Atlas.Publish(World.Lab)).Id());
        await Like(world.Rover, two);
        var engagement = (await world.Bob.Get($"/creations/engagement?ids={one},{two},{Guid.NewGuid()}")).Ok();
        Assert.Equal([two], engagement.List("likes").Select(id => id.GetString()));
        Assert.Empty(engagement.List("bookmarks"));
        (await world.Nobody.Get($"/creations/engagement?ids={one}")).Refused(401, "TOKEN_MISSING");
        (await world.Bob.Get("/creations/engagement")).Invalid("ids");
        (await world.Bob.Get("/creations/engagement?ids=x")).Invalid("ids");
        (await world.Bob.Get($"/creations/engagement?ids={string.Join(',', Enumerable.Range(0, 51).Select(_ => Guid.NewGuid()))}")).Invalid("ids");
    }

    [Fact]
    public async Task The_feed_shows_a_like_or_view_in_the_next_answer()
    {
        var id = (await world.Atlas.Publish(World.Lab)).Id();
        for (var round = 1; round <= 20; round++)
        {
            var (liked, count) = await Like(world.Bob, id);
            Assert.Equal(liked ? 1 : 0, count);
            await world.Nobody.Post($"/creations/{id}/view");
            var shown = (await world.Nobody.Get("/creations/feed?limit=100")).Array().Single(creation => creation.Text("id") == id);
            Assert.Equal((count, round), (shown.GetProperty("like_count").GetInt64(), shown.GetProperty("view_count").GetInt64()));
        }
    }

    private static async Task<(bool Liked, long Count)> Like(Actor actor, string id)
    {
        var answer = (await actor.Post($"/creations/{id}/like")).Ok(200);
        return (answer["liked"].GetBoolean(), answer.Number("like_count"));
    }
}
