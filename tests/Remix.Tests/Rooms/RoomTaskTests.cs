using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class RoomTaskTests(World world) : IClassFixture<World>
{
    private static readonly string[] Statuses = ["open", "in_progress", "done", "cancelled"];
    private static readonly string[] Priorities = ["urgent", "high", "normal", "low"];

    [Fact]
    public async Task A_task_is_created_with_what_was_said_and_what_was_not()
    {
        await using var ear = await world.Rover.Listen(World.Lab);
        var task = (await world.Atlas.Post($"/rooms/{World.Lab}/tasks", new
        {
            title = "Fix the chart",
            description = "It throws",
            priority = "high",
            type = "bug",
            assignee = "bob/rover",
            metadata = new { report_id = 7 },
        })).Ok(201);
        Assert.Equal(("Fix the chart", "It throws", "high", "bug", "bob/rover", "open", "alice/atlas"), (task.String("title"),
            task.String("description"), task.String("priority"), task.String("type"), task.String("assignee"), task.String("status"),
            task.String("created_by")));
        Assert.Equal(7, task["metadata"].GetProperty("report_id").GetInt32());

        var heard = await ear.Next("task_created");
        Assert.Equal((task.String("id"), "bob/rover", "alice/atlas"), (heard.Data.GetProperty("task_id").GetString(),
            heard.Data.GetProperty("assignee").GetString(), heard.Data.GetProperty("by").GetString()));

        var plain = (await world.Bot.Post($"/rooms/{World.Lab}/tasks", new { title = "x" })).Ok(201);
        Assert.Equal(("normal", "task", "open", "{}"), (plain.String("priority"), plain.String("type"), plain.String("status"),
            plain["metadata"].GetRawText()));
        Assert.Equal(JsonValueKind.Null, plain["assignee"].ValueKind);
    }

    [Fact]
    public async Task The_board_is_ordered_by_status_then_priority_then_age()
    {
        var room = await world.NewRoom(world.Atlas);
        foreach (var priority in Priorities.Reverse())
        {
            foreach (var status in Statuses.Reverse())
            {
                foreach (var age in new[] { "old", "young" })
                {
                    var task = (await world.Atlas.Post($"/rooms/{room}/tasks", new { title = age, priority })).Ok();
                    (await Patch(world.Atlas, room, task, new { status })).Ok();
                }
            }
        }

        var board = (await world.Atlas.Get($"/rooms/{room}/tasks")).Ok().Json.EnumerateArray().Select(task =>
            (task.GetProperty("status").GetString(), task.GetProperty("priority").GetString(), task.GetProperty("title").GetString()));
        var expected = Statuses.SelectMany(status => Priorities.SelectMany(priority =>
            new[] { "old", "young" }.Select(age => ((string?)status, (string?)priority, (string?)age))));
        Assert.Equal(expected, board);

        var done = (await world.Atlas.Get($"/rooms/{room}/tasks?status=done&limit=3")).Ok().Json;
        Assert.Equal(3, done.GetArrayLength());
        Assert.All(done.EnumerateArray(), task => Assert.Equal("done", task.GetProperty("status").GetString()));
        (await world.Atlas.Get($"/rooms/{room}/tasks?status=finished&limit=0")).Invalid("status", "limit");
    }

    [Fact]
    public async Task A_change_changes_what_it_names_and_null_clears()
    {
        var task = await NewTask();
        await using var ear = await world.Atlas.Listen(World.Lab);
        var changed = (await Patch(world.Rover, World.Lab, task, new { status = "done", title = "T", priority = "low" })).Ok();
        Assert.Equal(("done", "T", "low", "why"), (changed.String("status"), changed.String("title"), changed.String("priority"),
            changed.String("description")));
        Assert.NotNull(changed["completed_at"].GetString());
        Assert.Equal("done", (await ear.Next("task_updated")).Data.GetProperty("status").GetString());

        changed = (await Patch(world.Rover, World.Lab, task, new { description = (string?)null, assignee = "carol", status = "open" })).Ok();
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null, "carol"),
            (changed["description"].ValueKind, changed["completed_at"].ValueKind, changed.String("assignee")));
        changed = (await Patch(world.Rover, World.Lab, task, new { assignee = (string?)null })).Ok();
        Assert.Equal(JsonValueKind.Null, changed["assignee"].ValueKind);
    }

    [Fact]
    public async Task Taking_a_task_makes_it_ones_own_and_in_progress()
    {
        var task = await NewTask();
        await using var ear = await world.Atlas.Listen(World.Lab);
        var taken = (await world.Rover.Post($"/rooms/{World.Lab}/tasks/{task.String("id")}/assign")).Ok();
        Assert.Equal(("bob/rover", "in_progress"), (taken.String("assignee"), taken.String("status")));
        Assert.Equal("bob/rover", (await ear.Next("task_assigned")).Data.GetProperty("assignee").GetString());
        Assert.Equal("alice", (await world.Alice.Post($"/rooms/{World.Lab}/tasks/{task.String("id")}/assign")).Ok().String("assignee"));
    }

    [Fact]
    public async Task Only_its_creator_the_rooms_owner_or_a_platform_admin_can_delete_a_task()
    {
        await using var ear = await world.Atlas.Listen(World.Lab);
        foreach (var (actor, may) in new[] { (world.Bot, false), (world.Rover, true), (world.Alice, true), (world.Atlas, true), (world.Dave, true) })
        {
            var task = await NewTask();
            var answer = await world.As(actor.Name, actor.Token).Delete($"/rooms/{World.Lab}/tasks/{task.String("id")}");
            if (!may)
            {
                Assert.Equal("PATCH", answer.Refused(403, "FORBIDDEN")["fix"].GetProperty("method").GetString());
                continue;
            }

            answer.Ok();
            Assert.Equal(task.String("id"), (await ear.Next("task_deleted")).Data.GetProperty("task_id").GetString());
            (await actor.Delete($"/rooms/{World.Lab}/tasks/{task.String("id")}")).Refused(404, "NOT_FOUND");
        }
    }

    [Fact]
    public async Task The_log_keeps_its_newest_fifty_entries()
    {
        var task = await NewTask();
        await using var ear = await world.Atlas.Listen(World.Lab);
        for (var i = 1; i <= 52; i++)
        {
            var logged = (await world.Rover.Post($"/rooms/{World.Lab}/tasks/{task.String("id")}/log", new { message = $"step {i}" })).Ok();
            Assert.Equal(Math.Min(i, 50), logged.Number("log_count"));
        }

        var heard = await ear.Next("task_log");
        Assert.Equal(("step 1", "info", "bob/rover"), (heard.Data.GetProperty("message").GetString(), heard.Data.GetProperty("level").GetString(),
            heard.Data.GetProperty("by").GetString()));
        var changed = (await Patch(world.Rover, World.Lab, task, new { metadata = new { other = true } })).Ok();
        Assert.True(changed["metadata"].GetProperty("other").GetBoolean());
        var logs = changed["metadata"].GetProperty("logs").EnumerateArray().Select(entry => entry.GetProperty("message").GetString());
        Assert.Equal(Enumerable.Range(3, 50).Select(i => $"step {i}"), logs);
    }

    [Fact]
    public async Task Many_who_log_at_once_all_find_their_entry()
    {
        var task = await NewTask();
        await Task.WhenAll(Enumerable.Range(0, 30).Select(async i =>
            (await world.Rover.Post($"/rooms/{World.Lab}/tasks/{task.String("id")}/log", new { message = $"{i}", level = "warn" })).Ok()));
        var board = (await world.Atlas.Get($"/rooms/{World.Lab}/tasks")).Ok().Json.EnumerateArray();
        var logs = board.Single(other => other.GetProperty("id").GetString() == task.String("id")).GetProperty("metadata").GetProperty("logs");
        Assert.Equal(30, logs.EnumerateArray().Select(entry => entry.GetProperty("message").GetString()).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Readers_read_and_strangers_do_not()
    {
        var room = await world.NewRoom(world.Atlas, new() { ["visibility"] = "private", ["config"] = new { default_role = "readonly" } });
        (await world.Atlas.Post($"/rooms/{room}/invite", new { agents = new[] { "bob/rover" }, role = "readonly" })).Ok();
        var task = (await world.Atlas.Post($"/rooms/{room}/tasks", new { title = "t" })).Ok();
        var path = $"/rooms/{room}/tasks/{task.String("id")}";
        (await world.Rover.Get($"/rooms/{room}/tasks")).Ok();
        (await world.Rover.Post($"/rooms/{room}/tasks", new { title = "t" })).Refused(403, "FORBIDDEN");
        (await Patch(world.Rover, room, task, new { title = "x" })).Refused(403, "FORBIDDEN");
        (await world.Rover.Post(path + "/assign")).Refused(403, "FORBIDDEN");
        (await world.Rover.Post(path + "/log", new { message = "x" })).Refused(403, "FORBIDDEN");
        (await world.Rover.Delete(path)).Refused(403, "FORBIDDEN");
        (await world.Fox.Get($"/rooms/{room}/tasks")).Refused(404, "NOT_FOUND");
        (await world.Carol.Post($"/rooms/{room}/tasks", new { title = "t" })).Refused(404, "NOT_FOUND");
        (await world.Nobody.Get($"/rooms/{room}/tasks")).Refused(401, "TOKEN_MISSING");
        (await world.Fox.Get($"/rooms/{World.Lab}/tasks")).Refused(403, "NOT_A_MEMBER");
        (await world.Alice.Post(path + "/log", new { message = "the owner", level = "success" })).Ok();
        var reader = await world.NewAgent(world.Alice, new { actions = new[] { "read" } });
        (await world.Atlas.Post($"/rooms/{room}/invite", new { agents = new[] { reader.Name } })).Ok();
        (await reader.Get($"/rooms/{room}/tasks")).Ok();
        (await reader.Post(path + "/assign")).Refused(403, "PERMISSION_DENIED");
    }

    [Fact]
    public async Task Nonsense_is_refused_all_at_once()
    {
        var create = (object body) => world.Atlas.Post($"/rooms/{World.Lab}/tasks", body);
        (await create(new { })).Invalid("title");
        (await create(new
        {
            title = new string('x', 501),
            description = new string('x', 5_001),
            priority = "now",
            type = "epic",
            assignee = "No One",
            metadata = new { logs = Array.Empty<string>() },
        })).Invalid("title", "description", "priority", "type", "assignee", "metadata.logs");
        (await create(new { title = "t", assignee = "bob/ghost" })).Invalid("assignee");
        (await create(new { title = "t", metadata = new { x = new string('x', 9_000) } })).Invalid("metadata");
        (await create(new { title = "t", metadata = "x" })).Invalid("metadata");
        (await create(new { title = new string('x', 500), description = new string('ä', 5_000) })).Ok(201);

        var task = await NewTask();
        (await Patch(world.Atlas, World.Lab, task, new { })).Refused(400, "NOTHING_TO_CHANGE");
        (await Patch(world.Atlas, World.Lab, task, new { title = (string?)null, status = "gone", priority = 1 }))
            .Invalid("title", "status", "priority");
        var path = $"/rooms/{World.Lab}/tasks/{task.String("id")}";
        (await world.Atlas.Post(path + "/log", new { level = "loud" })).Invalid("message", "level");
        (await world.Atlas.Post(path + "/log", new { message = new string('x', 1_001) })).Invalid("message");
        (await world.Atlas.Post($"/rooms/{World.Lab}/tasks/7/assign")).Refused(400, "INVALID_ID");
        (await world.Atlas.Post($"/rooms/{World.Lab}/tasks/{Guid.NewGuid()}/assign")).Refused(404, "NOT_FOUND");
        (await world.Atlas.Post($"/rooms/{World.Den}/tasks/{task.String("id")}/assign")).Refused(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Sixty_changes_a_minute_are_enough()
    {
        await using var strict = await World.Start(settings => settings with { RateLimitFactor = 1 });
        var task = (await strict.Atlas.Post($"/rooms/{World.Lab}/tasks", new { title = "t" })).Ok();
        var path = $"/rooms/{World.Lab}/tasks/{task.String("id")}/log";
        for (var i = 0; i < 59; i++)
        {
            (await strict.Atlas.Post(path, new { message = "x" })).Ok();
        }

        (await strict.Bot.Post(path, new { message = "x" })).Refused(429, "RATE_LIMITED");
        (await strict.Rover.Post(path, new { message = "x" })).Ok();
    }

    [Fact]
    public async Task Who_goes_takes_their_tasks_along()
    {
        var erin = await world.NewUser();
        var agent = await world.NewAgent(erin);
        var room = await world.NewRoom(world.Atlas, null, agent);
        (await agent.Post($"/rooms/{room}/tasks", new { title = "erin's" })).Ok();
        (await world.Atlas.Post($"/rooms/{room}/tasks", new { title = "ours", assignee = agent.Name })).Ok();
        (await erin.Delete($"/users/{erin.Name}")).Ok();
        var left = Assert.Single((await world.Atlas.Get($"/rooms/{room}/tasks")).Ok().Json.EnumerateArray());
        Assert.Equal(("ours", JsonValueKind.Null), (left.GetProperty("title").GetString(), left.GetProperty("assignee").ValueKind));
    }

    private async Task<Answer> NewTask() =>
        (await world.Rover.Post($"/rooms/{World.Lab}/tasks", new { title = "t", description = "why" })).Ok(201);

    private static Task<Answer> Patch(Actor actor, string room, Answer task, object body) =>
        actor.Send(HttpMethod.Patch, $"/rooms/{room}/tasks/{task.String("id")}", Actor.Json(body));
}
