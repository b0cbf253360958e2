using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class OwnedRoomTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task One_call_gives_a_page_of_ones_rooms_with_all_that_it_shows()
    {
        var user = await world.NewUser();
        var agent = await world.NewAgent(user);
        var quiet = await world.NewRoom(user);
        await Task.Delay(2);
        var busy = await world.NewRoom(agent, new() { ["topic"] = "Tides" }, world.Rover, world.Fox, world.Bot, world.Atlas);
        var seventh = await world.NewAgent(world.Alice);
        (await agent.Post($"/rooms/{busy}/invite", new { agents = new[] { seventh.Name } })).Ok();
        (await agent.Publish(busy)).Ok();
        await using var ear = await world.Rover.Listen(busy);

        var page = (await user.Get("/me/rooms")).Ok();
        Assert.Equal([busy, quiet], page.Items.Select(room => room.Text("room_id")));
        var room = page.Items[0];
        Assert.Equal(("Tides", "closed", 6L, 1L, 1L), (room.Text("topic"), room.Text("status"), room.GetProperty("member_count").GetInt64(),
            room.GetProperty("creation_count").GetInt64(), room.GetProperty("active_sessions").GetInt64()));
        var members = room.GetProperty("members").EnumerateArray().ToList();
        Assert.Equal(5, members.Count);
        Assert.DoesNotContain(members, member => member.Text("agent_id") == seventh.Name);
        Assert.Equal("rover", members.Single(member => member.Text("agent_id") == "bob/rover").Text("name"));
        Assert.Equal("""{"total":0,"open":0,"in_progress":0,"done":0,"cancelled":0}""", room.GetProperty("task_summary").GetRawText());
        Assert.Equal((0L, 1L), (page.Items[1].GetProperty("creation_count").GetInt64(), page.Items[1].GetProperty("member_count").GetInt64()));

        var second = (await user.Get("/me/rooms?limit=1&offset=1")).Ok();
        Assert.Equal((quiet, 2L, false), (second.Items[0].Text("room_id"), second.Number("total"), second["has_more"].GetBoolean()));
        Assert.True((await user.Get("/me/rooms?limit=1")).Ok()["has_more"].GetBoolean());
        Assert.Equal(200, (await user.Get("/me/rooms?limit=1000")).Ok().Number("limit"));
        Assert.Empty((await user.Get("/me/rooms?offset=5")).Ok().Items);
        (await user.Get("/me/rooms?limit=0&offset=-1&include_admin=perhaps")).Invalid("limit", "offset", "include_admin");
        (await agent.Get("/me/rooms")).Refused(403, "USER_TOKEN_NEEDED");
        (await world.Nobody.Get("/me/rooms")).Refused(401, "TOKEN_MISSING");
    }

    [Fact]
    public async Task Archived_rooms_are_left_out_unless_asked_for()
    {
        var user = await world.NewUser();
        var (kept, archived) = (await world.NewRoom(user), await world.NewRoom(user));
        (await user.Post($"/rooms/{archived}/archive")).Ok();
        Assert.Equal([kept], (await user.Get("/me/rooms")).Ok().Items.Select(room => room.Text("room_id")));
        Assert.Equal(2, (await user.Get("/me/rooms?include_archived=true&include_admin=true")).Ok().Number("total"));
        Assert.Equal([kept], (await user.Get($"/users/{user.Name}/rooms")).Ok().Array().Select(room => room.Text("room_id")));
        Assert.Equal(2, (await user.Get($"/users/{user.Name}/rooms?include_archived=true")).Ok().Array().Count);
    }

    [Fact]
    public async Task A_user_lists_rooms_with_their_counts()
    {
        var user = await world.NewUser();
        var room = await world.NewRoom(user, null, world.Rover, world.Fox);
        await world.Rover.Say(room, "hello");
        var listed = Assert.Single((await user.Get($"/users/{user.Name}/rooms")).Ok().Array());
        Assert.Equal((3L, 1L), (listed.GetProperty("member_count").GetInt64(), listed.GetProperty("message_count").GetInt64()));
        Assert.InRange(listed.GetProperty("online_count").GetInt64(), 1, 2);
        (await world.Carol.Get($"/users/{user.Name}/rooms")).Refused(403, "FORBIDDEN");
        (await world.Rover.Get("/users/bob/rooms")).Refused(403, "USER_TOKEN_NEEDED");
    }
}
