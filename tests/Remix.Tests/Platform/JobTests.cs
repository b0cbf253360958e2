using Microsoft.Extensions.DependencyInjection;
using Remix.Platform.Events;
using Remix.Platform.Faults;
using Remix.Platform.Jobs;
using Remix.Tests.Support;

namespace Remix.Tests.Platform;

public class JobTests
{
    private readonly FakeClock clock = new();
    private readonly CountingJob job = new();

    [Fact]
    public async Task A_job_is_done_once_for_each_key_that_it_was_enqueued_with()
    {
        await using var world = await Start();
        await Enqueue(world, "count", "same");
        await Enqueue(world, "count", "same");
        await Enqueue(world, "count", "other");
        await Enqueue(world, "count", null);
        await Enqueue(world, "count", null);
        await Settle(world, () => job.Runs.Count >= 4);
        Assert.Equal(["", "", "other", "same"], job.Runs.Order(StringComparer.Ordinal));

        // Also when it is done already.
        await Enqueue(world, "count", "same");
        await Enqueue(world, "count", "last");
        await Settle(world, () => job.Runs.Contains("last"));
        Assert.Single(job.Runs, "same");
    }

    [Fact]
    public async Task A_job_of_a_transaction_that_fails_does_not_exist()
    {
        await using var world = await Start();
        var queue = world.Services.GetRequiredService<JobQueue>();
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => world.Database.Write(async session =>
        {
            await queue.Enqueue(session, "count", "never", new { key = "never" });
            throw new InvalidTimeZoneException("on purpose");
        }));
        await Enqueue(world, "count", "after");
        await Settle(world, () => !job.Runs.IsEmpty);
        Assert.Equal(["after"], job.Runs);
    }

    [Fact]
    public async Task A_failed_job_is_tried_again_later_each_time_and_then_given_up()
    {
        await using var world = await Start();
        job.Fails = true;
        await Enqueue(world, "count", "bad");
        foreach (var (attempt, waitSeconds) in new[] { (1, 4), (2, 16), (3, 64) })
        {
            await Settle(world, () => job.Runs.Count == attempt);
            var state = attempt == 3 ? "failed" : "due";
            await SettleRow(world, "bad", row => row == (state, attempt));
            clock.Advance(TimeSpan.FromSeconds(waitSeconds - 1));
            await Nudge(world);
            Assert.Equal(attempt, job.Runs.Count);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        await Nudge(world);
        Assert.Equal(3, job.Runs.Count);
        Assert.All(world.TakeErrors(), error => Assert.Contains("failed, attempt", error, StringComparison.Ordinal));
        Assert.Equal("on purpose", await world.Database.Read(session => session.Scalar<string>("select last_error from jobs where key = 'bad'")));
    }

    [Fact]
    public async Task A_job_waits_for_its_time()
    {
        await using var world = await Start();
        var queue = world.Services.GetRequiredService<JobQueue>();
        var later = clock.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds();
        await world.Database.Write(async session => await queue.Enqueue(session, "count", "later", new { key = "later" }, later));
        await Nudge(world);
        Assert.Empty(job.Runs);
        clock.Advance(TimeSpan.FromHours(1));
        await Settle(world, () => job.Runs.Count == 1);
    }

    [Fact]
    public async Task What_was_claimed_by_a_process_that_died_is_done_by_another_when_the_claim_runs_out()
    {
        await using var world = await Start();
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await world.Database.Write(async session =>
        {
            await session.Execute("""
                insert into jobs (kind, key, payload, state, attempts, run_at, claimed_until, created_at) values ('count', 'orphan',
                    '{"key":"orphan"}', 'running', 1, $1, $2, $3)
                """, now, now + 60_000, now);
        });
        await Nudge(world);
        Assert.Empty(job.Runs);
        clock.Advance(TimeSpan.FromSeconds(61));
        await Settle(world, () => job.Runs.Count == 1);
        await SettleRow(world, "orphan", row => row == ("done", 2));
    }

    [Fact]
    public async Task A_job_that_runs_for_long_keeps_its_claim()
    {
        await using var world = await Start();
        job.Gate = new();
        await Enqueue(world, "count", "long");
        await Settle(world, () => job.Runs.Count == 1);
        var queue = world.Services.GetRequiredService<JobQueue>();
        for (var minutes = 0; minutes < 12; minutes += 2)
        {
            clock.Advance(TimeSpan.FromMinutes(2));
            await SettleClaim(world, "long", until => until > clock.GetUtcNow().AddMinutes(3).ToUnixTimeMilliseconds());
            Assert.DoesNotContain(await queue.Claim(5), claimed => claimed.Kind == "count");
        }

        job.Gate.SetResult();
        await SettleRow(world, "long", row => row == ("done", 1));
        Assert.Equal(["long"], job.Runs);
    }

    [Fact]
    public async Task A_job_whose_claim_was_lost_is_stopped_and_changes_nothing_of_the_other_run()
    {
        await using var world = await Start();
        job.Gate = new();
        await Enqueue(world, "count", "lost");
        await Settle(world, () => job.Runs.Count == 1);
        var later = clock.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds();
        await world.Database.Write(async session =>
            await session.Execute("update jobs set attempts = 2, claimed_until = $1 where key = 'lost'", later));
        clock.Advance(TimeSpan.FromMinutes(2));
        await Settle(world, () => job.WasStopped);
        await SettleRow(world, "lost", row => row == ("running", 2));
    }

    [Fact]
    public async Task A_kind_that_nobody_knows_is_given_up_with_a_reason()
    {
        await using var world = await Start();
        await Enqueue(world, "from-the-future", "x");
        await SettleRow(world, "x", row => row == ("failed", 1));
        Assert.Contains("from-the-future", await world.Database.Read(session =>
            session.Scalar<string>("select last_error from jobs where key = 'x'")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_claims_at_once_never_get_the_same_job()
    {
        await using var world = await Start(withJob: false);
        for (var n = 0; n < 40; n++)
        {
            await Enqueue(world, "count", $"{n}");
        }

        var queue = world.Services.GetRequiredService<JobQueue>();
        var claimed = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => queue.Claim(3)));
        var ids = claimed.SelectMany(jobs => jobs).Select(one => one.Id).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());

        // The server's own runner may have been quicker: whoever it was, each was claimed by one.
        var attempts = await world.Database.Read(session => session.Query("select attempts from jobs where kind = 'count'", row => row.GetInt64(0)));
        Assert.Equal(Enumerable.Repeat(1L, 40), attempts);
    }

    /// <summary>On PostgreSQL no lane is there to be full.</summary>
    [Fact]
    [Trait(TestDatabase.Only, "sqlite")]
    public async Task Jobs_go_on_after_a_time_with_more_writes_than_can_be_done()
    {
        await using var world = await Start();
        using var held = new ManualResetEventSlim();
        var waiting = new List<Task> { world.Database.Write(_ => { held.Wait(); return ValueTask.CompletedTask; }) };
        var full = await Assert.ThrowsAsync<Fault>(async () =>
        {
            while (true)
            {
                var write = world.Database.Write(_ => ValueTask.CompletedTask);
                waiting.Add(write);
                await (write.IsFaulted ? write : Task.CompletedTask);
            }
        });
        Assert.Equal("OVERLOADED", full.Code);
        world.Services.GetRequiredService<Signals>().Send(JobQueue.Enqueued, "");
        await Task.Delay(500);
        held.Set();
        await Task.WhenAll(waiting.Where(write => !write.IsFaulted));
        await Enqueue(world, "count", "after");
        await Settle(world, () => job.Runs.Contains("after"));
        world.TakeErrors();
    }

    [Fact]
    public async Task A_recurring_job_runs_once_in_each_slot()
    {
        job.Period = TimeSpan.FromMinutes(10);
        await using var world = await Start();
        await Settle(world, () => job.Runs.Count == 1);
        await Nudge(world);
        Assert.Single(job.Runs);
        clock.Advance(TimeSpan.FromMinutes(10));
        await Settle(world, () => job.Runs.Count == 2);
    }

    private Task<World> Start(bool withJob = true) => World.Start(configure: services =>
    {
        services.Replace(clock);
        if (withJob)
        {
            services.AddSingleton<Job>(job);
        }
    });

    private static async Task Enqueue(World world, string kind, string? key)
    {
        var queue = world.Services.GetRequiredService<JobQueue>();
        await world.Database.Write(async session => await queue.Enqueue(session, kind, key, new { key = key ?? "" }));
    }

    /// <summary>Has the runner look again now, and gives it time to.</summary>
    private static async Task Nudge(World world)
    {
        world.Services.GetRequiredService<Signals>().Send(JobQueue.Enqueued, "test");
        await Task.Delay(60);
    }

    private static async Task Settle(World world, Func<bool> holds)
    {
        for (var i = 0; i < 100 && !holds(); i++)
        {
            await Nudge(world);
        }

        Assert.True(holds());
    }

    private static async Task SettleClaim(World world, string key, Func<long, bool> holds)
    {
        for (var i = 0; i < 100; i++)
        {
            await Nudge(world);
            if (holds(await world.Database.Read(session => session.Scalar<long>("select claimed_until from jobs where key = $1", key))))
            {
                return;
            }
        }

        Assert.Fail("The claim was not renewed");
    }

    private static async Task SettleRow(World world, string key, Func<(string, int), bool> holds)
    {
        (string, int) row = default;
        for (var i = 0; i < 100 && !holds(row); i++)
        {
            await Nudge(world);
            row = (await world.Database.Read(session =>
                session.Query("select state, attempts from jobs where key = $1", row => (row.GetString(0), (int)row.GetInt64(1)), key)))[0];
        }

        Assert.True(holds(row), $"{row}");
    }
}
