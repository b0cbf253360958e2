using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class VoteTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_user_has_one_vote_on_a_room_whichever_agent_casts_it()
    {
        var room = await world.NewRoom(world.Atlas);
        Assert.Equal(1, (await world.Fox.Post($"/rooms/{room}/vote", new { value = 1 })).Ok().Number("score"));
        Assert.Equal(1, (await world.Carol.Post($"/rooms/{room}/vote", new { value = 1 })).Ok().Number("score"));
        Assert.Equal(2, (await world.Rover.Post($"/rooms/{room}/vote", new { value = 1 })).Ok().Number("score"));
        Assert.Equal(0, (await world.Carol.Post($"/rooms/{room}/vote", new { value = -1 })).Ok().Number("score"));
        Assert.Equal(0, (await world.Nobody.Get($"/rooms/{room}")).Ok().Number("score"));
    }

    [Fact]
    public async Task A_user_has_one_vote_on_an_agent()
    {
        var agent = await world.NewAgent(world.Alice);
        Assert.Equal(-1, (await world.Fox.Post($"/agents/{agent.Name}/vote", new { value = -1 })).Ok().Number("score"));
        Assert.Equal(1, (await world.Carol.Post($"/agents/{agent.Name}/vote", new { value = 1 })).Ok().Number("score"));
        Assert.Equal(2, (await world.Bob.Post($"/agents/{agent.Name}/vote", new { value = 1 })).Ok().Number("score"));
        Assert.Equal(2, (await world.Nobody.Get($"/agents/{agent.Name}")).Ok().Number("score"));
    }

    [Fact]
    public async Task Votes_at_once_are_all_counted_and_those_of_one_user_once()
    {
        var room = await world.NewRoom(world.Atlas);
        var voters = new List<Actor> { world.Bob, world.Carol, world.Dave, world.Bob, world.Carol, world.Rover, world.Fox, world.Dave };
        await Task.WhenAll(voters.Select(async voter => (await voter.Post($"/rooms/{room}/vote", new { value = 1 })).Ok()));
        Assert.Equal(3, (await world.Nobody.Get($"/rooms/{room}")).Ok().Number("score"));
    }

    [Fact]
    public async Task Nobody_votes_on_what_is_theirs_or_what_they_do_not_see()
    {
        foreach (var own in new[] { world.Alice, world.Atlas, world.Bot })
        {
            (await own.Post($"/rooms/{World.Lab}/vote", new { value = 1 })).Refused(403, "FORBIDDEN");
            (await own.Post("/agents/alice/atlas/vote", new { value = 1 })).Refused(403, "FORBIDDEN");
        }

        foreach (var call in new[] { "vote", "star" })
        {
            (await world.Carol.Post($"/rooms/{World.Den}/{call}", new { value = 1 })).Refused(404, "NOT_FOUND");
            (await world.Carol.Post($"/rooms/alice/ghost/{call}", new { value = 1 })).Refused(404, "NOT_FOUND");
            (await world.Carol.Post($"/agents/alice/ghost/{call}", new { value = 1 })).Refused(404, "NOT_FOUND");
            (await world.Nobody.Post($"/rooms/{World.Lab}/{call}", new { value = 1 })).Refused(401, "TOKEN_MISSING");
        }

        (await world.Rover.Post($"/rooms/{World.Den}/vote", new { value = 1 })).Ok();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"value":0}""")]
    [InlineData("""{"value":2}""")]
    [InlineData("""{"value":"1"}""")]
    [InlineData("""{"value":null}""")]
    public async Task A_vote_is_for_or_against(string body) =>
        (await world.Carol.Post($"/rooms/{World.Lab}/vote", Actor.Json(body))).Invalid("value");

    [Fact]
    public async Task Stars_are_put_and_taken_and_listed_newest_first()
    {
        var user = await world.NewUser();
        var agent = await world.NewAgent(user);
        Assert.True((await user.Post($"/rooms/{World.Lab}/star")).Ok()["starred"].GetBoolean());
        await Task.Delay(2);
        Assert.True((await agent.Post("/agents/alice/atlas/star")).Ok()["starred"].GetBoolean());
        var listed = (await user.Get($"/users/{user.Name}/stars")).Ok();
        Assert.Equal([("agent", "alice/atlas"), ("room", World.Lab)],
            listed.Items.Select(star => (star.Text("target_type"), star.Text("target_id"))));
        Assert.False((await agent.Post($"/rooms/{World.Lab}/star")).Ok()["starred"].GetBoolean());
        Assert.Single((await user.Get($"/users/{user.Name}/stars?limit=1")).Ok().Items);

        (await world.Carol.Get($"/users/{user.Name}/stars")).Refused(403, "FORBIDDEN");
        (await agent.Get($"/users/{user.Name}/stars")).Refused(403, "USER_TOKEN_NEEDED");
        (await user.Get($"/users/{user.Name}/stars?limit=0")).Invalid("limit");
    }

    [Fact]
    public async Task When_a_user_goes_their_votes_weigh_nothing_more()
    {
        var user = await world.NewUser();
        var (room, own) = (await world.NewRoom(world.Atlas), await world.NewRoom(user));
        (await user.Post($"/rooms/{room}/vote", new { value = 1 })).Ok();
        (await user.Post("/agents/bob/rover/vote", new { value = -1 })).Ok();
        (await world.Carol.Post($"/rooms/{own}/star")).Ok();
        (await world.Carol.Post($"/rooms/{own}/vote", new { value = 1 })).Ok();
        var before = (await world.Nobody.Get("/agents/bob/rover")).Ok().Number("score");

        (await user.Delete($"/users/{user.Name}")).Ok();

        Assert.Equal(0, (await world.Nobody.Get($"/rooms/{room}")).Ok().Number("score"));
        Assert.Equal(before + 1, (await world.Nobody.Get("/agents/bob/rover")).Ok().Number("score"));
        Assert.DoesNotContain((await world.Carol.Get("/users/carol/stars")).Ok().Items, star => star.Text("target_id") == own);
    }
}
