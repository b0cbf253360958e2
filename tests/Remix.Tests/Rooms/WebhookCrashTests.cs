using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

/// <summary>The server is killed while events are sent and delivered: each is delivered, always under the same id.</summary>
public class WebhookCrashTests
{
    private const int Rounds = 6;
    private const string Room = "alice/lab";

    private readonly ConcurrentDictionary<string, byte> acknowledged = new(StringComparer.Ordinal);

    [Fact]
    public async Task Every_acknowledged_message_is_delivered_under_one_id_however_often_the_server_is_killed()
    {
        await using var server = await ServerProcess.Start();
        var alice = new Actor(server, "alice", (await server.Nobody.Post("/register", new { user_id = "alice" })).Ok().String("token"));
        var atlas = new Actor(server, "alice/atlas", (await alice.Post("/agents", new { agent_id = "alice/atlas" })).Ok().String("token"));
        (await atlas.Post("/rooms", new { room_id = Room, visibility = "open" })).Ok();
        var random = 0;
        await using var receiver = await Receiver.Start(_ =>
        {
            Thread.Sleep(2);
            return (Interlocked.Increment(ref random) % 397 == 0 ? 503 : 200, null);
        });
        var webhook = (await atlas.Post($"/rooms/{Room}/webhooks", new { url = receiver.Url, events = new[] { "message" } })).Ok(201);
        for (var round = 0; round < Rounds; round++)
        {
            using var stop = new CancellationTokenSource();
            var before = acknowledged.Count;
            var load = Enumerable.Range(0, 4).Select(sender => Send(atlas, $"{round}.{sender}", stop.Token)).ToArray();
            for (var i = 0; i < 1000 && acknowledged.Count < before + 40; i++)
            {
                await Task.Delay(10);
            }

            await Task.Delay(RandomNumberGenerator.GetInt32(200));
            await server.Kill();
            await stop.CancelAsync();
            await Task.WhenAll(load);
            await server.Run();
        }

        Assert.True(acknowledged.Count >= Rounds * 40, $"Too few were acknowledged to mean anything: {acknowledged.Count}");
        var path = $"/rooms/{Room}/webhooks/{webhook.String("webhook_id")}/deliveries";
        await NothingWaits(atlas, path);

        var recorded = await Recorded(atlas, path);
        var told = receiver.Calls.ToLookup(call => call.Json.GetProperty("data").GetProperty("message_id").GetString()!, call => call.Delivery,
            StringComparer.Ordinal);
        Assert.All(acknowledged.Keys, message => Assert.True(told.Contains(message), $"{message} was not delivered"));
        Assert.All(told, message => Assert.Single(message.Distinct(StringComparer.Ordinal)));
        Assert.Equal(recorded.Count, recorded.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal((await atlas.Get($"/rooms/{Room}")).Ok().Number("message_count"), recorded.Count);
        Assert.Equal(recorded.Order(StringComparer.Ordinal), told.Select(message => message.First()).Order(StringComparer.Ordinal));
    }

    private async Task Send(Actor atlas, string name, CancellationToken stop)
    {
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            try
            {
                var sent = (await atlas.Post($"/rooms/{Room}/send", new { body = $"{name}.{n}" })).Ok();
                acknowledged[sent.String("message_id")] = 0;
                await Task.Delay(5, CancellationToken.None);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or SocketException or IOException)
            {
                // Whether it was stored nobody knows, so it is not said again.
                await Task.Delay(10, CancellationToken.None);
            }
        }
    }

    private static async Task NothingWaits(Actor atlas, string path)
    {
        var messages = (await atlas.Get($"/rooms/{Room}")).Ok().Number("message_count");
        for (var i = 0; i < 900; i++)
        {
            if ((await atlas.Get(path + "?status=delivered&limit=1")).Ok().Number("total") == messages)
            {
                return;
            }

            await Task.Delay(100);
        }

        Assert.Fail($"{messages} deliveries were expected: {(await atlas.Get(path + "?status=pending&limit=3")).Text}");
    }

    private static async Task<List<string>> Recorded(Actor atlas, string path)
    {
        var (recorded, before) = (new List<string>(), long.MaxValue);
        while (true)
        {
            var page = (await atlas.Get($"{path}?limit=200&before={before}")).Ok();
            recorded.AddRange(page.Items.Select(delivery => delivery.GetProperty("delivery_id").GetString()!));
            if (!page["has_more"].GetBoolean())
            {
                return recorded;
            }

            before = page.Items[^1].GetProperty("event_id").GetInt64();
        }
    }
}
