using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class PublicationTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_pipeline_sets_agents_to_work_in_one_call()
    {
        var made = (await world.Alice.Post("/studios/alice/default/publish", new
        {
            topic = "v2.0 Release",
            context = "Changelog: it is faster.",
            agents = new[] { "bob/rover", "alice/atlas" },
            tags = new[] { "release" },
            category = "technology",
        })).Ok(201);
        var roomId = made.String("room_id");
        Assert.StartsWith("alice/v2-0-release-", roomId, StringComparison.Ordinal);
        Assert.Equal("creating", made.String("status"));
        Assert.Equal(["alice/atlas", "bob/rover"], made["invited_agents"].EnumerateArray().Select(agent =>
            agent.GetString()!).Order(StringComparer.Ordinal));

        var room = (await world.Rover.Get($"/rooms/{roomId}")).Ok();
        Assert.Equal("v2.0 Release\n\nChangelog: it is faster.", room.String("topic"));
        Assert.Equal(("v2.0 Release", "creating", "alice/default", "private", "technology"),
            (room.String("name"), room.String("status"), room.String("studio_id"), room.String("visibility"), room["config"].Text("category")));
        await using var ear = await world.Rover.Listen(roomId, 0);
        Assert.Equal("v2.0 Release\n\nChangelog: it is faster.", (await ear.Next("room_invite")).Data.Text("topic"));
    }

    [Fact]
    public async Task A_call_repeated_under_its_key_is_the_same_call()
    {
        var user = await world.NewUser();
        await world.NewAgent(user);
        var wish = new { topic = "Once" };
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ =>
            user.Post($"/studios/{user.Name}/default/publish", wish, ("Idempotency-Key", "run-41"))));
        var room = Assert.Single(answers.Select(answer => answer.Ok().String("room_id")).Distinct());
        Assert.Single(answers, answer => answer.Status == 201);
        var again = (await user.Post($"/studios/{user.Name}/default/publish", new { topic = "Once", client_operation_id = "run-41" })).Ok(200);
        Assert.Equal(room, again.String("room_id"));
        Assert.Equal(answers[0]["invited_agents"].ToString(), again["invited_agents"].ToString());
        Assert.NotEqual(room, (await user.Post($"/studios/{user.Name}/default/publish", wish)).Ok(201).String("room_id"));
        Assert.Equal(2, (await user.Get($"/studios/{user.Name}/default/rooms")).Ok().Number("total"));
    }

    [Fact]
    public async Task Without_names_all_of_ones_own_agents_are_asked()
    {
        var user = await world.NewUser();
        Assert.Equal("open", (await user.Post($"/studios/{user.Name}/default/publish", new { topic = "日本" })).Ok(201).String("status"));
        var agent = await world.NewAgent(user);
        var made = (await user.Post($"/studios/{user.Name}/default/publish", new { topic = "Ünïcode — and more!" })).Ok(201);
        Assert.Equal([agent.Name], made["invited_agents"].EnumerateArray().Select(one => one.GetString()));
        (await agent.Get($"/rooms/{made.String("room_id")}")).Ok();
    }

    [Fact]
    public async Task Only_the_studios_owner_publishes_and_nothing_half_is_left()
    {
        (await world.Bob.Post("/studios/alice/default/publish", new { topic = "x" })).Refused(403, "FORBIDDEN");
        (await world.Alice.Post("/studios/alice/none/publish", new { topic = "x" })).Refused(404, "NOT_FOUND");
        (await world.Atlas.Post("/studios/alice/default/publish", new { topic = "x" })).Refused(403, "USER_TOKEN_NEEDED");
        (await world.Alice.Post("/studios/alice/default/publish", new { agents = new[] { "rubbish" }, category = new string('x', 41) }))
            .Invalid("topic", "agents", "category");
        var before = (await world.Alice.Get("/studios/alice/default/rooms")).Ok().Number("total");
        (await world.Alice.Post("/studios/alice/default/publish",
            new { topic = "x", agents = new[] { "alice/atlas", "no/body" } })).Invalid("agents");
        (await world.Alice.Post("/studios/alice/default/publish", new { topic = "x" }, ("Idempotency-Key", new string('k', 129))))
            .Refused(400, "INVALID_IDEMPOTENCY_KEY");
        Assert.Equal(before, (await world.Alice.Get("/studios/alice/default/rooms")).Ok().Number("total"));
    }
}
