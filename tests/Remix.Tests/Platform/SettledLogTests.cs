using Microsoft.Extensions.DependencyInjection;
using Remix.Platform.Events;
using Remix.Tests.Support;

namespace Remix.Tests.Platform;

public class SettledLogTests(World world) : IClassFixture<World>
{
    /// <summary>On SQLite there is one node, and all writing is one after the other.</summary>
    [Fact, Trait(TestDatabase.Only, "postgres")]
    public async Task A_transaction_that_ends_late_is_not_passed_over()
    {
        var log = world.Services.GetRequiredService<EventLog>();
        var start = await log.LastId();
        var (begun, written, go) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());

        // The first has the lower transaction number and the higher id; the second has it the other way round, and ends last.
        var first = world.Database.Write(async session =>
        {
            var stamp = await log.Next(session, "first");
            begun.TrySetResult();
            await written.Task;
            await log.Write(session, "first", stamp, "kind", null, "{}");
        });
        await begun.Task;
        var second = world.Database.Write(async session =>
        {
            await log.Append(session, "second", "kind", null, new { });
            written.TrySetResult();
            await go.Task;
        });
        await first;
        Assert.DoesNotContain((await log.ReadAll(start, 100)).Events, logged => logged.Channel is "first" or "second");
        go.SetResult();
        await second;
        await log.Rest(TimeSpan.FromSeconds(10));
        var channels = (await log.ReadAll(start, 100)).Events.Select(logged => logged.Channel);
        Assert.Equal(["second", "first"], channels.Where(channel => channel is "first" or "second"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Who_follows_while_many_write_at_once_misses_nothing(int oneOf)
    {
        var log = world.Services.GetRequiredService<EventLog>();
        var start = await log.LastId();
        var writing = Task.WhenAll(Enumerable.Range(0, 400).Select(n => world.Database.Write(async session =>
        {
            await log.Append(session, $"many-{oneOf}-{n % 40}", n % oneOf == 0 ? "wanted" : "other", null, new { n });
        })));
        var read = new List<long>();
        var isLast = false;
        while (true)
        {
            (var batch, start) = await log.ReadAll(start, 37, ["wanted", "never"]);
            read.AddRange(batch.Where(logged => logged.Channel.StartsWith($"many-{oneOf}-", StringComparison.Ordinal)).Select(logged => logged.Id));
            if (batch.Count == 0 && isLast)
            {
                break;
            }

            if (!isLast && writing.IsCompleted)
            {
                await log.Rest(TimeSpan.FromSeconds(30));
                isLast = true;
            }
        }

        await writing;
        Assert.Equal(400 / oneOf, read.Count);
        Assert.Equal(read.Order(), read);
        Assert.Equal(400 / oneOf, read.Distinct().Count());
        Assert.True(start >= await log.LastId());
    }
}
