using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Data;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Data;

/// <summary>Each workspace's content lies apart, is opened when needed, and goes as a whole.</summary>
public class WorkspaceDataTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task What_one_workspace_has_no_other_sees()
    {
        await using var data = Data();
        var apps = new CloudApps(data, TimeProvider.System);
        var (one, other) = (NewId(), NewId());
        await apps.Create(one, "shop", "alice");
        await apps.Create(other, "blog", "bob");
        Assert.Equal(["shop"], (await apps.List(one)).Select(app => app.Name));
        Assert.Equal(["blog"], (await apps.List(other)).Select(app => app.Name));
        await Assert.ThrowsAsync<Fault>(() => apps.Get(one, "blog"));
        Assert.Contains(one, await data.Stored());
    }

    [Fact]
    public async Task A_removed_workspace_is_gone_and_stays_gone()
    {
        await using var data = Data();
        var apps = new CloudApps(data, TimeProvider.System);
        var (id, neighbour) = (NewId(), NewId());
        await apps.Create(id, "shop", "alice");
        await apps.Create(neighbour, "shop", "alice");
        await data.Delete(id);
        Assert.DoesNotContain(id, await data.Stored());
        Assert.Single(await apps.List(neighbour));
        if (data.Folder is { } folder)
        {
            Assert.Empty(Directory.EnumerateFiles(folder, id + "*"));
            Assert.Equal(404, (await Assert.ThrowsAsync<Fault>(() => apps.List(id))).Status);
        }

        await data.Delete(id);
    }

    /// <summary>On PostgreSQL there are no files.</summary>
    [Fact, Trait(TestDatabase.Only, "sqlite")]
    public async Task No_more_files_are_open_than_may_be_however_many_are_asked_for()
    {
        await using var data = Data(openMax: 4);
        var apps = new CloudApps(data, TimeProvider.System);
        var ids = Enumerable.Range(0, 20).Select(_ => NewId()).ToList();
        var most = new ConcurrentBag<int>();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async n =>
        {
            var id = ids[n % ids.Count];
            await data.Write(id, session => CloudApps.Ensure(session, id, $"app{n / ids.Count}", "alice", 1));
            most.Add(data.OpenCount);
        }));
        Assert.InRange(most.Max(), 1, 4);
        foreach (var id in ids)
        {
            Assert.Equal(10, (await apps.List(id)).Count);
        }
    }

    [Fact, Trait(TestDatabase.Only, "sqlite")]
    public async Task A_file_that_nobody_uses_is_closed()
    {
        var clock = new FakeClock();
        await using var data = Data(clock: clock);
        await new CloudApps(data, clock).Create(NewId(), "shop", "alice");
        Assert.Equal(1, data.OpenCount);
        clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(0, data.OpenCount);
    }

    [Fact, Trait(TestDatabase.Only, "sqlite")]
    public async Task A_workspace_in_use_is_removed_when_its_users_are_done()
    {
        await using var data = Data();
        var id = NewId();
        var entered = new TaskCompletionSource();
        var mayLeave = new TaskCompletionSource();
        var reading = data.Read(id, async session =>
        {
            entered.SetResult();
            await mayLeave.Task;
            return await session.Scalar<long>("select count(*) from cloud_apps");
        });
        await entered.Task;
        var deleting = data.Delete(id);
        Assert.False(deleting.IsCompleted);
        Assert.Equal(404, (await Assert.ThrowsAsync<Fault>(() => data.Read(id, _ => ValueTask.FromResult(0)))).Status);
        mayLeave.SetResult();
        Assert.Equal(0, await reading);
        await deleting;
        Assert.DoesNotContain(id, await data.Stored());
    }

    [Fact, Trait(TestDatabase.Only, "sqlite")]
    public async Task A_file_that_cannot_be_opened_is_tried_again_the_next_time()
    {
        await using var data = Data();
        var id = NewId();
        Directory.CreateDirectory(Path.Combine(data.Folder!, id + ".db"));
        await Assert.ThrowsAnyAsync<Exception>(() => data.Read(id, _ => ValueTask.FromResult(0)));
        Directory.Delete(Path.Combine(data.Folder!, id + ".db"));
        Assert.Equal(7, await data.Read(id, _ => ValueTask.FromResult(7)));
    }

    [Fact]
    public async Task A_read_that_takes_too_long_ends_and_the_next_one_works()
    {
        await using var data = Data();
        var id = NewId();
        const string endless = "with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000000000) select count(*) from n";
        var failed = await Assert.ThrowsAnyAsync<Exception>(() =>
            data.ReadWithin(id, TimeSpan.FromMilliseconds(100), session => session.Scalar<long>(endless)));
        Assert.True(DatabaseKind.IsOutOfTime(failed), failed.ToString());
        Assert.Equal(1, await data.ReadWithin(id, TimeSpan.FromSeconds(30), session => session.Scalar<long>("select count(*) from (select 1) x")));
    }

    [Theory]
    [InlineData("../remix")]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcdeg")]
    public async Task A_workspace_is_named_by_its_id_only(string id)
    {
        await using var data = Data();
        await Assert.ThrowsAsync<ArgumentException>(() => data.Read(id, _ => ValueTask.FromResult(0)));
    }

    internal static string NewId() => Guid.NewGuid().ToString("n");

    private WorkspaceData Data(int openMax = WorkspaceData.OpenMax, TimeProvider? clock = null) => new(world.Database,
        world.Services.GetRequiredService<Migrations>(), world.Settings, clock ?? TimeProvider.System, openMax);
}
