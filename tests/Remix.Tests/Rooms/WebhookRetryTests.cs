using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Remix.Platform.Data;
using Remix.Platform.Text;
using Remix.Rooms.Webhooks;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

/// <summary>What fails is tried again, and not for ever.</summary>
public class WebhookRetryTests
{
    [Fact]
    public async Task A_delivery_is_tried_five_times_each_pause_longer_and_the_next_waits_for_it()
    {
        var clock = new FakeClock();
        await using var world = await World.Start(OpenWorld.Opened, services => services.Replace(clock));
        var isWell = false;
        await using var receiver = await Receiver.Start(_ => (isWell ? 204 : 500, null));
        var path = await NewWebhook(world, receiver.Url);
        await world.Atlas.Say(World.Lab, "first");
        await world.Atlas.Say(World.Lab, "second");

        var head = await Attempted(world, path, 1);
        foreach (var (attempt, pause) in new[] { (1, 4), (2, 16), (3, 64), (4, 256) })
        {
            head = await Attempted(world, path, attempt);
            Assert.Equal(("pending", 500, "Answered 500"), (head.GetProperty("status").GetString(), head.GetProperty("last_status_code").GetInt32(),
                head.GetProperty("last_error").GetString()));
            Assert.Equal(clock.NowMs() + pause * 1000, head.GetProperty("next_attempt_at").GetDateTimeOffset().ToUnixTimeMilliseconds());
            clock.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromMilliseconds(1));
            await Task.Delay(700);
            Assert.Equal(attempt, receiver.Calls.Count);
            clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        head = await Attempted(world, path, 5);
        Assert.Equal("failed", head.GetProperty("status").GetString());
        Assert.Single(receiver.Calls.Take(5).Select(call => (call.Delivery, call.Body)).Distinct());

        // Its pause is counted from when the answer is noted, which is after it was given.
        await receiver.Wait(6);
        await Patience.Until(() => world.Atlas.Get(path + "?status=pending"),
            answer => answer.Items is [var second] && second.GetProperty("attempts").GetInt32() == 1);
        isWell = true;
        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal("second", (await receiver.Wait(7))[6].Json.GetProperty("data").GetProperty("body").GetString());
        Assert.Equal(receiver.Calls[5].Delivery, receiver.Calls[6].Delivery);
        await WebhookTests.Delivered(world.Atlas, path, 1);
        Assert.Single((await world.Atlas.Get(path + "?status=failed")).Ok().Items);
    }

    [Fact]
    public async Task Redirects_fail_and_so_do_names_that_lead_inside_by_now()
    {
        var clock = new FakeClock();
        await using var world = await World.Start(OpenWorld.Opened, services => services.Replace(clock));
        await using var receiver = await Receiver.Start(_ => (307, "http://127.0.0.1:1/"));
        var path = await NewWebhook(world, receiver.Url);
        await world.Atlas.Say(World.Lab, "x");
        Assert.Contains("redirects are not followed", (await Attempted(world, path, 1)).GetProperty("last_error").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_turns_inside_after_it_was_given_is_not_called()
    {
        var inside = false;
        await using var receiver = await Receiver.Start();
        await using var world = await World.Start(settings => settings, services => services.AddSingleton<Remix.Platform.Http.Outbound.ResolveHost>(
            (_, _) => Task.FromResult<System.Net.IPAddress[]>([System.Net.IPAddress.Parse(inside ? "127.0.0.1" : "93.184.216.34")])));
        var path = await NewWebhook(world, receiver.Url.Replace("127.0.0.1", "rebinding.example.org", StringComparison.Ordinal));
        inside = true;
        await world.Atlas.Say(World.Lab, "x");
        Assert.Contains("not on the public internet", (await Attempted(world, path, 1)).GetProperty("last_error").GetString(),
            StringComparison.Ordinal);
        Assert.Empty(receiver.Calls);
    }

    [Fact]
    public async Task What_is_done_goes_after_its_time_and_what_waits_stays()
    {
        var clock = new FakeClock();
        await using var world = await World.Start(settings => OpenWorld.Opened(settings) with { WebhookRetentionHours = 2 },
            services => services.Replace(clock));
        await using var receiver = await Receiver.Start();
        var (good, dead) = (await NewWebhook(world, receiver.Url), await NewWebhook(world, "http://127.0.0.1:1/"));
        await world.Atlas.Say(World.Lab, "x");
        await WebhookTests.Delivered(world.Atlas, good, 1);
        await Attempted(world, dead, 1);
        var deliveries = world.Services.GetRequiredService<WebhookDeliveries>();

        clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(0, await deliveries.Sweep(CancellationToken.None));
        await world.Database.Write(session => session.Execute("update webhook_deliveries set next_at = $1", 4_000_000_000_000));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(await deliveries.Sweep(CancellationToken.None) >= 1);
        Assert.Empty((await world.Atlas.Get(good)).Ok().Items);
        Assert.DoesNotContain("delivered", (await world.Atlas.Get(dead)).Ok().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_that_is_full_says_so_in_its_log()
    {
        var clock = new FakeClock();
        await using var world = await World.Start(OpenWorld.Opened, services => services.Replace(clock));
        var path = await NewWebhook(world, "http://127.0.0.1:1/");
        await world.Atlas.Say(World.Lab, "first");
        await Attempted(world, path, 1);
        await world.Database.Write(async session =>
        {
            var webhook = await session.Scalar<Guid>("select id from webhooks");
            for (var i = 1; i < Delivery.PendingMax; i++)
            {
                await session.Execute("""
                    insert into webhook_deliveries (id, webhook_id, event_id, event_type, status, attempts, next_at, created_at)
                    values ($1, $2, $3, 'message', 'pending', 0, 0, 0)
                    """, Guid.NewGuid(), webhook, 1_000_000 + i);
            }
        });
        await world.Atlas.Say(World.Lab, "too much");
        for (var i = 0; i < 500; i++)
        {
            if ((await world.Atlas.Get(path + "?status=failed")).Ok().Items is [var failed])
            {
                Assert.Contains("waiting", failed.GetProperty("last_error").GetString(), StringComparison.Ordinal);
                return;
            }

            await Task.Delay(20);
        }

        Assert.Fail("Nothing failed.");
    }

    [Fact]
    public async Task Two_nodes_deliver_everything_once()
    {
        if (!TestDatabase.IsPostgres)
        {
            return;
        }

        await using var world = await World.Start(OpenWorld.Opened);
        await using var second = await world.StartSecondNode();
        await using var receiver = await Receiver.Start();
        var path = await NewWebhook(world, receiver.Url);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async sender =>
        {
            for (var i = 0; i < 25; i++)
            {
                await (sender % 2 == 0 ? world.Atlas : second.Rover).Say(World.Lab, $"{sender}.{i}");
            }
        }));
        var calls = await receiver.Wait(100);
        await WebhookTests.Delivered(world.Atlas, path, 100);
        Assert.Equal(100, receiver.Calls.Count);
        Assert.Equal(100, calls.Select(call => call.Delivery).Distinct(StringComparer.Ordinal).Count());
        var numbers = calls.Select(call => call.Json.GetProperty("seq").GetInt64()).ToList();
        Assert.Equal(numbers.Order(), numbers);
    }

    private static async Task<string> NewWebhook(World world, string url)
    {
        var made = await world.Atlas.Post($"/rooms/{World.Lab}/webhooks", new { url, events = new[] { "message" } });
        return $"/rooms/{World.Lab}/webhooks/{made.Ok(201).String("webhook_id")}/deliveries";
    }

    /// <summary>The oldest delivery, once it was attempted so many times.</summary>
    private static async Task<JsonElement> Attempted(World world, string path, int attempts)
    {
        for (var i = 0; i < 500; i++)
        {
            if ((await world.Atlas.Get(path)).Ok().Items is [.., var oldest] && oldest.GetProperty("attempts").GetInt32() >= attempts)
            {
                Assert.Equal(attempts, oldest.GetProperty("attempts").GetInt32());
                return oldest;
            }

            await Task.Delay(20);
        }

        throw new Xunit.Sdk.XunitException($"{attempts} attempts were expected: {(await world.Atlas.Get(path)).Text}");
    }
}
