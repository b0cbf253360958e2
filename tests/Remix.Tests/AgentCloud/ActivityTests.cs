using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud;

public class ActivityTests
{
    [Fact]
    public async Task Activities_are_counted_by_subject_kind_and_time()
    {
        var clock = new FakeClock();
        await using var world = await World.Start(null, services => services.Replace(clock));
        var (alice, bob) = (world.OnCloud(world.Alice), world.OnCloud(world.Bob));
        (await alice.Post("/ws", new { name = "counted" })).Ok();
        clock.Advance(TimeSpan.FromMinutes(1));
        await Grant(alice, "user/bob", "admin");
        clock.Advance(TimeSpan.FromMinutes(1));
        await Grant(bob, "all-users", "runner");

        await Expect(3, new { });
        await Expect(2, new { activity = "grant_permission" });
        await Expect(1, new { activity = "create_workspace" });
        await Expect(0, new { activity = "run_agent" });
        await Expect(2, new { subject = "user/alice" });
        await Expect(1, new { subject = "user/bob", activity = "grant_permission" });
        await Expect(0, new { subject = "user/nobody" });

        // From the start on, up to the end without it.
        await Expect(2, new { start = "2030-01-01T12:01:00Z" });
        await Expect(1, new { end = "2030-01-01T12:01:00Z" });
        await Expect(1, new { start = "2030-01-01T12:01:00Z", end = "2030-01-01T12:02:00Z" });
        await Expect(0, new { start = "2030-01-01T12:01:00.001Z", end = "2030-01-01T12:02:00Z" });
        await Expect(1, new FormUrlEncodedContent([new("start", "1893499320000"), new("activity", "grant_permission")]));

        (await alice.Post("/count-activities/counted", new { activity = "sleep", start = "soon", end = "2030-13-01" }))
            .InvalidForCloud("activity", "start", "end");
        (await alice.Post("/count-activities/counted", new { start = 2, end = 1 })).InvalidForCloud("end");
        (await world.OnCloud(world.Carol).Post("/count-activities/counted")).RefusedByCloud(403, "PERMISSION_DENIED");
        (await world.OnCloud(world.Carol).Post("/count-activities/other")).RefusedByCloud(404, "NOT_FOUND");

        async Task Expect(long count, object filter) => Assert.Equal(count, (await alice.Post("/count-activities/counted",
            filter)).Ok().Number("count"));

        static async Task Grant(Actor actor, string subject, string role) =>
            (await actor.Post("/grant-permission/counted", new { subject, role, resource = "workspace" })).Ok();
    }
}
