using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

/// <summary>Every limit of the routes of rooms: the last call that is allowed, the first that is not, and when to come back.</summary>
public class RoomLimitTests(RoomLimitTests.Limited limited) : IClassFixture<RoomLimitTests.Limited>
{
    private readonly FakeClock clock = limited.Clock;
    private readonly World world = limited.World;

    /// <summary>One server for all, whose clock the tests turn; each begins when nothing is counted any more.</summary>
    public sealed class Limited : IAsyncLifetime
    {
        public FakeClock Clock { get; } = new();

        public World World { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            World = await World.Start(settings => settings with { RateLimitFactor = 1 }, services => services.Replace(Clock));

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }

    public static TheoryData<string, int, string> Limits => new()
    {
        { "create", 20, "agent" },
        { "remix", 20, "agent" },
        { "join", 30, "agent" },
        { "request-join", 30, "agent" },
        { "leave", 30, "agent" },
        { "invite", 20, "user" },
        { "role", 30, "user" },
        { "announce", 10, "agent" },
        { "progress", 20, "agent" },
        { "visibility", 30, "user" },
        { "update", 30, "user" },
        { "archive", 30, "user" },
        { "delete", 10, "user" },
        { "answer", 30, "user" },
        { "vote", 30, "user" },
        { "star", 30, "user" },
        { "brief", 120, "address" },
        { "stories", 120, "address" },
        { "artifacts", 120, "address" },
        { "webhooks", 10, "agent" },
        { "webhooks/x", 10, "agent" },
        { "tasks", 60, "user" },
        { "meet", 10, "agent" },
        { "dm", 10, "agent" },
        { "messages/public", 120, "address" },
        { "marketplace/agents", 120, "address" },
        { "marketplace/rooms", 120, "address" },
        { "marketplace/stats", 120, "address" },
        { "activity", 120, "address" },
        { "search/messages", 120, "address" },
        { "agents/alice/atlas", 120, "address" },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task The_last_allowed_call_passes_and_the_next_says_when_to_come_back(string what, int calls, string per)
    {
        clock.Advance(TimeSpan.FromMinutes(1));
        var (caller, another) = Callers(what, per);
        for (var left = calls - 1; left >= 0; left--)
        {
            var passed = await Call(what, caller, left);
            Assert.NotEqual(429, passed.Status);
            Assert.Equal(($"{calls}", $"{left}"), (passed.Header("X-RateLimit-Limit"), passed.Header("X-RateLimit-Remaining")));
            clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        var wait = (int)Math.Ceiling(60 - calls * 0.1);
        var refused = (await Call(what, caller, 0)).Refused(429, "RATE_LIMITED");
        Assert.Equal(($"{wait}", "0"), (refused.Header("Retry-After"), refused.Header("X-RateLimit-Remaining")));
        Assert.Equal(per == "agent", (await Call(what, another, 0)).Status != 429);

        clock.Advance(TimeSpan.FromSeconds(60 - calls * 0.1) - TimeSpan.FromMilliseconds(1));
        Assert.Equal("1", (await Call(what, caller, 0)).Refused(429, "RATE_LIMITED").Header("Retry-After"));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotEqual(429, (await Call(what, caller, 0)).Status);
        (await Call(what, caller, 0)).Refused(429, "RATE_LIMITED");
    }

    [Fact]
    public async Task Joining_and_asking_to_join_share_a_count_and_so_do_votes_and_stars()
    {
        clock.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 30; i++)
        {
            await Call(i % 2 == 0 ? "join" : "request-join", world.Fox, i);
            await world.Fox.Post(i % 2 == 0 ? $"/rooms/{World.Lab}/star" : "/agents/alice/atlas/vote", new { value = 1 });
        }

        (await Call("join", world.Fox, 0)).Refused(429, "RATE_LIMITED");
        (await Call("vote", world.Fox, 0)).Refused(429, "RATE_LIMITED");
        (await world.Fox.Post("/agents/alice/atlas/star")).Refused(429, "RATE_LIMITED");
    }

    [Fact]
    public async Task All_that_is_done_with_tasks_is_one_count_and_so_are_meetings_and_messages_to_one()
    {
        clock.Advance(TimeSpan.FromMinutes(1));
        var tasks = $"/rooms/{World.Lab}/tasks";
        for (var i = 0; i < 60; i++)
        {
            var one = $"{tasks}/{Guid.Empty}";
            var answer = (i % 5) switch
            {
                0 => await world.Atlas.Post(tasks, new { title = "One" }),
                1 => await world.Bot.Send(HttpMethod.Patch, one, Actor.Json(new { title = "Two" })),
                2 => await world.Alice.Post($"{one}/assign"),
                3 => await world.Atlas.Post($"{one}/log", new { message = "Done" }),
                _ => await world.Atlas.Delete(one),
            };
            Assert.Equal($"{59 - i}", answer.Header("X-RateLimit-Remaining"));
            await world.Atlas.Post(i % 2 == 0 ? "/dm/bob/rover" : "/agents/bob/rover/meet", new { message = "Hello" });
        }

        (await world.Bot.Post($"{tasks}/{Guid.Empty}/log", new { message = "Done" })).Refused(429, "RATE_LIMITED");
        (await world.Atlas.Post("/dm/bob/rover", new { message = "Hello" })).Refused(429, "RATE_LIMITED");
    }

    [Fact]
    public async Task Subscriptions_are_counted_by_the_hour()
    {
        clock.Advance(TimeSpan.FromHours(1));
        var studio = "/studios/alice/default/subscribe";
        for (var left = 59; left >= 0; left--)
        {
            var passed = left % 2 == 0 ? await world.Carol.Put(studio, new { notify = true }) : await world.Carol.Post(studio);
            Assert.Equal(("60", $"{left}"), (passed.Header("X-RateLimit-Limit"), passed.Header("X-RateLimit-Remaining")));
            clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromSeconds(10));
        }

        var refused = (await world.Carol.Post(studio)).Refused(429, "RATE_LIMITED");
        Assert.Equal(("600", "0"), (refused.Header("Retry-After"), refused.Header("X-RateLimit-Remaining")));
        Assert.Equal(clock.GetUtcNow().AddMinutes(10).ToUnixTimeSeconds().ToString(), refused.Header("X-RateLimit-Reset"));
        (await world.Bob.Post(studio)).Ok();
        clock.Advance(TimeSpan.FromMinutes(10));
        Assert.NotEqual(429, (await world.Carol.Post(studio)).Status);
    }

    /// <summary>Who calls, and who calls then: another agent of the same user where agents are counted, else somebody who shares the count.</summary>
    private (Actor Caller, Actor Another) Callers(string what, string per) => (what, per) switch
    {
        ("delete", _) => (world.Dave, world.Dave),
        ("update", _) => (world.Alice, world.Alice),
        ("vote" or "star", _) => (world.Fox, world.Carol),
        (_, "address") => (world.Nobody, world.Rover),
        (_, "user") => (world.Atlas, world.Alice),
        _ => (world.Atlas, world.Bot),
    };

    private Task<Answer> Call(string what, Actor caller, int left)
    {
        var lab = $"/rooms/{World.Lab}";
        return what switch
        {
            "create" => caller.Post("/rooms", new { room_id = $"alice/{world.FreshName("limit")}" }),
            "remix" => caller.Post($"{lab}/remix", new { room_id = $"alice/{world.FreshName("limit")}" }),
            "archive" => caller.Post($"{lab}/{(left % 2 == 0 ? "unarchive" : what)}"),
            "join" or "request-join" or "leave" or "star" => caller.Post($"{lab}/{what}"),
            "invite" => caller.Post($"{lab}/invite", new { agents = new[] { "bob/rover" } }),
            "role" => caller.Post($"{lab}/members/bob/rover/role", new { role = "member" }),
            "announce" => caller.Post($"{lab}/announce", new { topic = "t" }),
            "progress" => caller.Post($"{lab}/progress", new { percentage = 1 }),
            "visibility" => caller.Post($"{lab}/visibility", new { goals = "g" }),
            "update" => caller.Send(HttpMethod.Patch, lab, Actor.Json(new { name = "Lab" })),
            "delete" => caller.Delete("/rooms/alice/ghost"),
            "answer" => caller.Post($"{lab}/requests/{Guid.Empty}", new { action = "approve" }),
            "vote" => caller.Post($"{lab}/vote", new { value = 1 }),
            "webhooks" => caller.Post($"{lab}/webhooks", new { url = "https://example.com/hook" }),
            "webhooks/x" => caller.Delete($"{lab}/webhooks/{Guid.Empty}"),
            "tasks" => caller.Post($"{lab}/tasks", new { title = "One" }),
            "meet" => caller.Post("/agents/bob/rover/meet", new { message = "Hello" }),
            "dm" => caller.Post("/dm/bob/rover", new { message = "Hello" }),
            "messages/public" => caller.Get($"{lab}/messages/public"),
            "search/messages" => caller.Get("/search/messages?q=hello"),
            "brief" => caller.Get($"{lab}/brief"),
            _ => caller.Get("/" + what),
        };
    }
}
