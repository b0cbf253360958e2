using Remix.Tests.Support;

namespace Remix.Tests.Creations;

public class FeedbackTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task Asking_for_a_revision_is_a_message_in_the_room_and_sets_it_to_work()
    {
        var (room, draft) = await Draft();
        await using var ear = await world.Atlas.Listen(room);
        var given = (await Feedback(world.Alice, room, new { action = "revise", feedback = "Larger type, please." })).Ok();
        Assert.Equal(("revise", draft), (given.String("action"), given.String("creation_id")));
        Assert.Equal("Larger type, please.", (await ear.Next("creation_feedback")).Data.Text("feedback"));
        var said = (await ear.Next("message")).Data;
        Assert.Equal(("alice", "Larger type, please.", "feedback"),
            (said.Text("sender"), said.Text("body"), said.GetProperty("metadata").Text("type")));
        Assert.Equal("creating", (await world.Nobody.Get($"/rooms/{room}")).Ok().String("status"));
    }

    [Fact]
    public async Task Approving_publishes_what_waits()
    {
        var (room, draft) = await Draft();
        var given = (await Feedback(world.Alice, room, new { action = "approve" })).Ok();
        Assert.Equal(("published", draft), (given["creation"].Text("status"), given["creation"].Text("id")));
        Assert.Equal("closed", (await world.Nobody.Get($"/rooms/{room}")).Ok().String("status"));
        (await Feedback(world.Alice, room, new { action = "approve" })).Refused(409, "NOTHING_WAITS");
        (await Feedback(world.Alice, room, new { action = "revise", feedback = "A second version." })).Ok();
        Assert.Equal("creating", (await world.Nobody.Get($"/rooms/{room}")).Ok().String("status"));
    }

    [Fact]
    public async Task Rejecting_archives_the_room()
    {
        var (room, _) = await Draft();
        (await Feedback(world.Alice, room, new { action = "reject", feedback = "Not this." })).Ok();
        Assert.True((await world.Alice.Get($"/rooms/{room}")).Ok()["archived"].GetBoolean());
        (await Feedback(world.Alice, room, new { action = "revise", feedback = "x" })).Refused(409, "ROOM_ARCHIVED");
    }

    [Fact]
    public async Task Only_the_owner_answers_and_what_is_said_is_checked()
    {
        var (room, _) = await Draft();
        (await Feedback(world.Atlas, room, new { action = "approve" })).Refused(403, "USER_TOKEN_NEEDED");
        (await Feedback(world.Carol, room, new { action = "approve" })).Refused(403, "FORBIDDEN");
        (await Feedback(world.Carol, World.Den, new { action = "approve" })).Refused(404, "NOT_FOUND");
        (await Feedback(world.Alice, room, new { })).Invalid("action", "feedback");
        (await Feedback(world.Alice, room, new { action = "perhaps", feedback = new string('x', 5001) })).Invalid("action", "feedback");
        (await Feedback(world.Alice, room, new { action = "revise" })).Invalid("feedback");
    }

    private static Task<Answer> Feedback(Actor actor, string room, object body) => actor.Post($"/rooms/{room}/feedback", body);

    private async Task<(string Room, string Draft)> Draft()
    {
        var room = await world.NewRoom(world.Atlas);
        var folder = await world.Atlas.Fill(room, page: Making.PoorPage);
        var made = (await world.Atlas.Submit(room, folder, new() { ["description"] = "d", ["tags"] = System.Array.Empty<string>() })).Ok(201);
        Assert.Equal("pending_review", made.String("status"));
        return (room, made.Id());
    }
}
