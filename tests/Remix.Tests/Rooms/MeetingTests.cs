using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class MeetingTests(World world) : IClassFixture<World>
{
    private static readonly object Bundle = new { c = Convert.ToBase64String([1, .. new byte[59]]), t = "encrypted" };

    [Fact]
    public async Task A_meeting_is_a_private_room_of_two_with_a_first_word()
    {
        var (me, you) = await Two();
        var waiting = you.Get("/events?timeout=20&type=meeting");
        await Task.Delay(100);
        var met = (await me.Post($"/agents/{you.Name}/meet", new { name = "Plans", message = "Hello @room" })).Ok(201);

        var room = met.String("room_id");
        Assert.StartsWith("carol/meet-", room, StringComparison.Ordinal);
        Assert.Equal("Hello @room", met["message"].GetProperty("body").GetString());
        var said = (await you.Get($"/rooms/{room}/messages")).Ok().Items;
        Assert.Equal(["Hello @room"], said.Select(message => message.GetProperty("body").GetString()));
        var seen = (await you.Get($"/rooms/{room}")).Ok();
        Assert.Equal(("Plans", "private", 2L), (seen.String("name"), seen.String("visibility"), seen.Number("member_count")));
        (await world.Rover.Get($"/rooms/{room}")).Refused(404, "NOT_FOUND");

        var told = (await waiting).Ok()["events"].EnumerateArray().Single().GetProperty("data");
        Assert.Equal((room, me.Name), (told.GetProperty("room_id").GetString(), told.GetProperty("from").GetString()));
        Assert.Equal(1, (await world.Nobody.Get($"/agents/{you.Name}")).Ok().Number("meeting_count"));
    }

    [Fact]
    public async Task An_encrypted_meeting_takes_only_bundles()
    {
        var (me, you) = await Two();
        (await me.Post($"/agents/{you.Name}/meet", new { message = "plain", encrypted = true })).Refused(400, "ENCRYPTION_NEEDED");
        (await me.Post($"/agents/{you.Name}/meet", new { message = Bundle })).Refused(400, "NOT_ENCRYPTED");
        var met = (await me.Post($"/agents/{you.Name}/meet", new { message = Bundle, encrypted = true })).Ok(201);
        Assert.True(met["encrypted"].GetBoolean());
        (await you.Post($"/rooms/{met.String("room_id")}/send", new { body = "plain" })).Refused(400, "ENCRYPTION_NEEDED");
    }

    [Fact]
    public async Task An_agent_takes_as_many_meetings_as_it_says()
    {
        var (me, you) = await Two();
        (await you.Put("/agents/me/availability", new { available = true, max_meetings = 2 })).Ok();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => me.Post($"/agents/{you.Name}/meet", new { message = "me first" })));
        Assert.Equal(2, answers.Count(answer => answer.Status == 201));
        var refused = answers.First(answer => answer.Status != 201).Refused(409, "AGENT_AT_CAPACITY");
        Assert.NotEmpty(refused.String("hint"));
        Assert.Equal(2, (await you.Get("/rooms")).Ok().Number("total"));

        var left = answers.First(answer => answer.Status == 201).String("room_id");
        (await you.Post($"/rooms/{left}/leave")).Ok();
        await Patience.Until(() => you.Get("/agents/me"), mine => mine.Number("meeting_count") == 1);
        (await me.Post($"/agents/{you.Name}/meet", new { message = "again" })).Ok(201);
        (await you.Put("/agents/me/availability", new { max_meetings = (int?)null })).Ok();
        (await me.Post($"/agents/{you.Name}/meet", new { message = "and again" })).Ok(201);
    }

    [Fact]
    public async Task Two_have_one_room_to_talk_by_themselves()
    {
        var (me, you) = await Two();
        (await you.Put("/agents/me/availability", new { available = true })).Ok();
        var first = (await me.Post($"/dm/{you.Name}", new { message = "psst" })).Ok(200);
        var second = (await me.Post($"/dm/{you.Name}", new { message = "psst again" })).Ok();
        var answer = (await you.Post($"/dm/{me.Name}", new { message = "yes?" })).Ok();
        Assert.Equal(first.String("room_id"), second.String("room_id"));
        Assert.Equal(first.String("room_id"), answer.String("room_id"));
        Assert.Equal("yes?", answer["message"].GetProperty("body").GetString());
        Assert.Equal(2, (await you.Get("/events?timeout=0&type=dm")).Ok()["events"].GetArrayLength());
        Assert.Single((await me.Get("/events?timeout=0&type=dm")).Ok()["events"].EnumerateArray());
        Assert.Equal(0, (await you.Get("/agents/me")).Ok().Number("meeting_count"));

        // Who leaves it is not drawn back into it: the next word needs a new one.
        (await you.Post($"/rooms/{first.String("room_id")}/leave")).Ok();
        Assert.NotEqual(first.String("room_id"), (await me.Post($"/dm/{you.Name}", new { message = "psst" })).Ok().String("room_id"));
    }

    [Fact]
    public async Task Who_begins_at_the_same_time_ends_in_the_same_room()
    {
        var (me, you) = await Two();
        foreach (var one in new[] { me, you })
        {
            (await one.Put("/agents/me/availability", new { available = true })).Ok();
        }

        var rooms = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            var (from, to) = i % 2 == 0 ? (me, you) : (you, me);
            return (await from.Post($"/dm/{to.Name}", new { message = "hi" })).Ok().String("room_id");
        }));
        Assert.Single(rooms.Distinct(StringComparer.Ordinal));
        Assert.Equal(8, (await me.Get($"/rooms/{rooms[0]}/messages")).Ok().Number("total"));
        Assert.Equal(1, (await me.Get("/rooms")).Ok().Number("total"));
    }

    [Fact]
    public async Task A_stranger_is_addressed_only_when_available_or_in_a_shared_room()
    {
        var (me, you) = await Two();
        (await me.Post($"/dm/{you.Name}", new { message = "hi" })).Refused(403, "AGENT_UNAVAILABLE");
        await world.NewRoom(world.Atlas, null, me, you);
        (await me.Post($"/dm/{you.Name}", new { message = "hi" })).Ok();
    }

    [Fact]
    public async Task An_encrypted_dm_takes_no_plain_text()
    {
        var (me, you) = await Two();
        (await you.Put("/agents/me/availability", new { available = true })).Ok();
        (await me.Post($"/dm/{you.Name}", new { message = "plain", encrypted = true })).Refused(400, "ENCRYPTION_NEEDED");
        (await me.Post($"/dm/{you.Name}", new { message = Bundle, encrypted = true })).Ok();
        (await me.Post($"/dm/{you.Name}", new { message = "plain" })).Refused(400, "ENCRYPTION_NEEDED");
        (await you.Post($"/dm/{me.Name}", new { message = Bundle })).Ok();
    }

    [Fact]
    public async Task An_encrypted_room_of_two_may_begin_without_a_word()
    {
        var (me, you) = await Two();
        (await you.Put("/agents/me/availability", new { available = true })).Ok();
        var met = (await me.Post($"/agents/{you.Name}/meet", new { encrypted = true })).Ok(201);
        Assert.Equal(JsonValueKind.Null, met["message"].ValueKind);
        (await me.Post($"/rooms/{met.String("room_id")}/send", new { body = Bundle })).Ok();
        Assert.Single((await you.Get("/events?timeout=0&type=meeting")).Ok()["events"].EnumerateArray());

        var begun = (await me.Post($"/dm/{you.Name}", new { encrypted = true })).Ok(200);
        Assert.Equal(JsonValueKind.Null, begun["message"].ValueKind);
        Assert.Equal(0, (await you.Get($"/rooms/{begun.String("room_id")}/messages")).Ok().Number("total"));
        var room = begun.String("room_id");
        Assert.Equal(room, (await you.Post($"/dm/{me.Name}", new { encrypted = true })).Ok().String("room_id"));
        Assert.Equal(room, (await you.Post($"/dm/{me.Name}", new { message = Bundle })).Ok().String("room_id"));
        (await me.Post($"/dm/{you.Name}", new { encrypted = false })).Invalid("message");

        var other = await world.NewAgent(world.Bob);
        (await other.Put("/agents/me/availability", new { available = true })).Ok();
        (await me.Post($"/dm/{other.Name}", new { message = "plain" })).Ok();
        (await me.Post($"/dm/{other.Name}", new { encrypted = true })).Refused(400, "NOT_ENCRYPTED");
    }

    [Fact]
    public async Task Not_everybody_can_be_met_by_everybody()
    {
        var (me, you) = await Two();
        (await me.Post($"/agents/{me.Name}/meet", new { message = "me" })).Refused(400, "CANNOT_MEET_YOURSELF");
        (await me.Post("/agents/nobody/there/meet", new { message = "hi" })).Refused(404, "NOT_FOUND");
        (await me.Post("/dm/nobody/there", new { message = "hi" })).Refused(404, "NOT_FOUND");
        (await me.Post($"/agents/{you.Name}/meet", new { message = 5, name = 5, encrypted = "yes" })).Invalid("message", "name", "encrypted");
        (await me.Post($"/dm/{you.Name}", new { })).Invalid("message");
        (await world.Carol.Post($"/agents/{you.Name}/meet", new { message = "hi" })).Refused(403, "AGENT_TOKEN_NEEDED");
        (await world.Nobody.Post($"/dm/{you.Name}", new { message = "hi" })).Refused(401, "TOKEN_MISSING");
        var shy = await world.NewAgent(world.Carol, new { actions = new[] { "read", "send" } });
        (await shy.Post($"/agents/{you.Name}/meet", new { message = "hi" })).Refused(403, "PERMISSION_DENIED");
        (await shy.Post($"/dm/{you.Name}", new { message = "hi" })).Refused(403, "PERMISSION_DENIED");
        (await world.Bob.Post($"/agents/{you.Name}/archive")).Ok();
        (await me.Post($"/agents/{you.Name}/meet", new { message = "hi" })).Refused(404, "NOT_FOUND");
    }

    private async Task<(Actor Me, Actor You)> Two() => (await world.NewAgent(world.Carol), await world.NewAgent(world.Bob));
}
