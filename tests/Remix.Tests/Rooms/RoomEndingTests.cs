using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class RoomEndingTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task In_an_archived_room_nothing_more_happens_until_it_comes_back()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        var id = (await world.Rover.Say(room, "before")).String("message_id");
        await using var ear = await world.Rover.Listen(room);
        Assert.True((await world.Atlas.Post($"/rooms/{room}/archive")).Ok()["archived"].GetBoolean());
        Assert.Equal("alice/atlas", (await ear.Next("room_archived")).Data.Text("updated_by"));

        var refused = (await world.Rover.Post($"/rooms/{room}/send", new { body = "x" })).Refused(409, "ROOM_ARCHIVED");
        Assert.Equal($"/rooms/{room}/unarchive", refused["fix"].GetProperty("path").GetString());
        (await world.Rover.Put($"/rooms/{room}/messages/{id}", new { body = "x" })).Refused(409, "ROOM_ARCHIVED");
        (await world.Rover.Upload(room, "a.txt", "x")).Refused(409, "ROOM_ARCHIVED");
        (await world.Atlas.Post($"/rooms/{room}/moderate/{id}", new { action = "approve" })).Refused(409, "ROOM_ARCHIVED");
        (await world.Fox.Post($"/rooms/{room}/join")).Refused(409, "ROOM_ARCHIVED");
        (await world.Fox.Post($"/rooms/{room}/request-join")).Refused(409, "ROOM_ARCHIVED");
        (await world.Atlas.Post($"/rooms/{room}/invite", new { agents = new[] { "carol/fox" } })).Refused(409, "ROOM_ARCHIVED");
        (await world.Atlas.Post($"/rooms/{room}/visibility", new { goals = "x" })).Refused(409, "ROOM_ARCHIVED");
        (await world.Atlas.Post($"/rooms/{room}/announce", new { topic = "x" })).Refused(409, "ROOM_ARCHIVED");
        (await world.Rover.Post($"/rooms/{room}/progress", new { percentage = 1 })).Refused(409, "ROOM_ARCHIVED");
        (await world.Alice.Post($"/rooms/{room}/members/bob/rover/role", new { role = "readonly" })).Refused(409, "ROOM_ARCHIVED");
        (await world.Alice.Send(HttpMethod.Patch, $"/rooms/{room}", Actor.Json(new { name = "x" }))).Refused(409, "ROOM_ARCHIVED");
        Assert.Single((await world.Rover.Get($"/rooms/{room}/messages")).Ok().Items);
        Assert.DoesNotContain((await world.Rover.Get("/rooms?limit=200")).Ok().Items, item => item.Text("room_id") == room);
        Assert.Contains((await world.Rover.Get("/rooms?limit=200&include_archived=true")).Ok().Items, item => item.Text("room_id") == room);
        Assert.Contains("unarchive", (await world.Atlas.Get($"/rooms/{room}")).Ok()["_hints"][0].GetString(), StringComparison.Ordinal);

        Assert.False((await world.Alice.Post($"/rooms/{room}/unarchive")).Ok()["archived"].GetBoolean());
        await ear.Next("room_unarchived");
        (await world.Rover.Say(room, "after")).Ok();
        (await world.Fox.Post($"/rooms/{room}/join")).Ok();
    }

    [Fact]
    public async Task Archiving_again_changes_and_says_nothing()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        await using var ear = await world.Rover.Listen(room);
        foreach (var call in new[] { "unarchive", "archive", "archive", "unarchive", "unarchive" })
        {
            (await world.Atlas.Post($"/rooms/{room}/{call}")).Ok();
        }

        await world.Atlas.Say(room, "end");
        var heard = new List<string>();
        await ear.Until(frame =>
        {
            heard.Add(frame.Type);
            return frame.Type == "message";
        });
        Assert.Equal(["room_archived", "room_unarchived", "message"], heard.Where(type => type.StartsWith("room_", StringComparison.Ordinal)
            || type == "message"));
    }

    [Fact]
    public async Task Only_who_made_a_room_and_its_owner_archive_it_and_leaving_stays_possible()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        (await world.Rover.Post($"/rooms/{room}/archive")).Refused(403, "FORBIDDEN");
        (await world.Fox.Post($"/rooms/{room}/archive")).Refused(403, "NOT_A_MEMBER");
        (await world.Fox.Post($"/rooms/{World.Den}/archive")).Refused(404, "NOT_FOUND");
        (await world.Alice.Post($"/rooms/{room}/archive")).Ok();
        (await world.Rover.Post($"/rooms/{room}/unarchive")).Refused(403, "FORBIDDEN");
        (await world.Rover.Post($"/rooms/{room}/leave")).Ok();
    }

    [Fact]
    public async Task Only_a_platform_admin_deletes_a_room_and_others_are_pointed_to_archiving()
    {
        var room = await world.NewRoom(world.Alice);
        var refused = (await world.Alice.Delete($"/rooms/{room}")).Refused(403, "FORBIDDEN");
        Assert.Equal(("POST", $"/rooms/{room}/archive"),
            (refused["fix"].GetProperty("method").GetString(), refused["fix"].GetProperty("path").GetString()));
        (await world.Carol.Delete($"/rooms/{World.Den}")).Refused(404, "NOT_FOUND");
        (await world.Atlas.Delete($"/rooms/{room}")).Refused(403, "USER_TOKEN_NEEDED");
        (await world.Nobody.Delete($"/rooms/{room}")).Refused(401, "TOKEN_MISSING");
        (await world.Dave.Delete("/rooms/alice/ghost")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Everything_of_a_deleted_room_is_gone_and_the_name_is_free()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        var published = (await world.Atlas.Publish(room)).Id();
        await world.Rover.Say(room, "hello");
        (await world.Bob.Post($"/creations/{published}/like")).Ok();
        (await world.Bob.Post($"/rooms/{room}/star")).Ok();
        (await world.Bob.Post($"/rooms/{room}/vote", new { value = 1 })).Ok();
        await using var ear = await world.Rover.Listen(room);

        (await world.Dave.Delete($"/rooms/{room}")).Ok();

        Assert.Equal(4003, await ear.Closed());
        (await world.Atlas.Get($"/rooms/{room}")).Refused(404, "NOT_FOUND");
        (await world.Nobody.Get($"/creations/{published}")).Refused(404, "NOT_FOUND");
        Assert.Equal(404, (await world.Visit(published)).Status);
        foreach (var (table, column) in new[]
        {
            ("rooms", "room_id"), ("room_members", "room_id"), ("messages", "room_id"), ("room_files", "room_id"),
            ("room_file_revisions", "room_id"), ("creations", "room_id"), ("votes", "target_id"), ("stars", "target_id"), ("events", "channel"),
        })
        {
            Assert.Equal(0, await world.Database.Read(session =>
                session.Scalar<long>($"select count(*) from {table} where {column} = $1", room)));
        }

        Assert.Equal(0, await world.Database.Read(session =>
            session.Scalar<long>("select count(*) from likes where creation_id = $1", Guid.Parse(published))));
        Assert.Equal(1, await world.Database.Read(session => session.Scalar<long>(
            "select count(*) from events where channel = '@bob/rover' and kind = 'room_deleted' and payload like $1", $"%{room}%")));
        (await world.Atlas.Post("/rooms", new { room_id = room })).Ok(201);
        Assert.Equal(1, (await world.Atlas.Get($"/rooms/{room}")).Ok().Number("member_count"));
    }
}
