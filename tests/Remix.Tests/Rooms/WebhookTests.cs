using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Remix.Platform.Settings;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

/// <summary>A world whose users may have this machine called, as a self-hoster may open it.</summary>
public sealed class OpenWorld : IAsyncLifetime
{
    public World World { get; private set; } = null!;

    public static RemixSettings Opened(RemixSettings settings) =>
        settings with { AllowPrivateHosts = new PrivateHosts([], [new IPNetwork(IPAddress.Loopback, 32)]) };

    public async ValueTask InitializeAsync() => World = await World.Start(Opened);

    public ValueTask DisposeAsync() => World.DisposeAsync();
}

public class WebhookTests(OpenWorld open) : IClassFixture<OpenWorld>
{
    private readonly World world = open.World;

    [Fact]
    public async Task What_happens_in_a_room_is_delivered_signed_and_in_order()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover);
        await using var receiver = await Receiver.Start();
        var made = (await world.Atlas.Post($"/rooms/{room}/webhooks", new { url = receiver.Url })).Ok(201);
        Assert.StartsWith("whsec_", made.String("secret"), StringComparison.Ordinal);
        Assert.Equal("""["*"]""", made["events"].GetRawText());

        var sent = (await world.Rover.Say(room, "Grüße")).String("message_id");
        (await world.Atlas.Upload(room, "a.txt", "hello")).Ok();
        (await world.Atlas.Post($"/rooms/{room}/tasks", new { title = "t" })).Ok();
        var calls = await receiver.Wait(3);

        Assert.Equal(["message", "file_update", "task_created"], calls.Select(call => call.Event));
        var first = calls[0];
        Assert.Equal(first.Delivery, first.Json.GetProperty("id").GetString());
        Assert.Equal(("message", room, sent, "Grüße"), (first.Json.GetProperty("type").GetString(), first.Json.GetProperty("room_id").GetString(),
            first.Json.GetProperty("data").GetProperty("message_id").GetString(), first.Json.GetProperty("data").GetProperty("body").GetString()));
        Assert.True(first.Json.GetProperty("seq").GetInt64() < calls[1].Json.GetProperty("seq").GetInt64());
        Assert.Equal("application/json", first.Headers["Content-Type"]);
        foreach (var call in calls)
        {
            var key = Encoding.UTF8.GetBytes(made.String("secret"));
            Assert.Equal("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(call.Body))),
                call.Headers["X-Remix-Signature"]);
        }

        var deliveries = await Delivered(world.Atlas, $"/rooms/{room}/webhooks/{made.String("webhook_id")}/deliveries", 3);
        Assert.Equal(["task_created", "file_update", "message"], deliveries.Select(delivery => delivery.GetProperty("event").GetString()));
        Assert.All(deliveries, delivery => Assert.Equal((1, 200), (delivery.GetProperty("attempts").GetInt32(),
            delivery.GetProperty("last_status_code").GetInt32())));
        Assert.Equal(first.Delivery, deliveries[2].GetProperty("delivery_id").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("a plain secret")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public async Task Standard_webhooks_own_library_finds_the_signature_right(string? secret)
    {
        var room = await world.NewRoom(world.Atlas);
        await using var receiver = await Receiver.Start();
        var made = (await world.Atlas.Post($"/rooms/{room}/webhooks", new { url = receiver.Url, secret, events = new[] { "message" } })).Ok(201);
        Assert.True(secret is null || made.String("secret") == secret);
        await world.Atlas.Say(room, "verify — ✓");
        var call = (await receiver.Wait(1))[0];
        Assert.Equal("ok", StandardWebhooks.Verify(made.String("secret"), call));
        Assert.NotEqual("ok", StandardWebhooks.Verify(made.String("secret"), call with { Body = call.Body + " " }));
        Assert.NotEqual("ok", StandardWebhooks.Verify("whsec_AAAA", call));
    }

    [Fact]
    public async Task A_filter_lets_through_what_it_names()
    {
        var room = await world.NewRoom(world.Atlas);
        await using var receiver = await Receiver.Start();
        (await world.Atlas.Post($"/rooms/{room}/webhooks", new { url = receiver.Url, events = new[] { "file_update", "creation_published" } })).Ok();
        await world.Atlas.Say(room, "not this");
        (await world.Atlas.Upload(room, "a.txt", "this")).Ok();
        Assert.Equal("file_update", (await receiver.Wait(1))[0].Event);
        await Task.Delay(300);
        Assert.Single(receiver.Calls);
    }

    [Fact]
    public async Task What_happened_before_is_not_told()
    {
        var room = await world.NewRoom(world.Atlas);
        await world.Atlas.Say(room, "before");
        await using var receiver = await Receiver.Start();
        (await world.Atlas.Post($"/rooms/{room}/webhooks", new { url = receiver.Url })).Ok();
        await world.Atlas.Say(room, "after");
        Assert.Equal("after", (await receiver.Wait(1))[0].Json.GetProperty("data").GetProperty("body").GetString());
    }

    [Fact]
    public async Task One_that_does_not_answer_holds_up_no_other()
    {
        var room = await world.NewRoom(world.Atlas);
        using var never = new ManualResetEventSlim();
        await using var deaf = await Receiver.Start(_ =>
        {
            never.Wait(8_000);
            return (200, null);
        });
        await using var good = await Receiver.Start();
        for (var i = 0; i < 5; i++)
        {
            (await world.Atlas.Post($"/rooms/{room}/webhooks", new { url = deaf.Url })).Ok();
        }

        (await world.Atlas.Post($"/rooms/{room}/webhooks", new { url = "http://127.0.0.1:1/nobody" })).Ok();
        (await world.Atlas.Post($"/rooms/{room}/webhooks", new { url = good.Url })).Ok();
        for (var i = 0; i < 20; i++)
        {
            await world.Atlas.Say(room, $"{i}");
        }

        var calls = await good.Wait(20, seconds: 6);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"),
            calls.Select(call => call.Json.GetProperty("data").GetProperty("body").GetString()));
        never.Set();
    }

    [Fact]
    public async Task Webhooks_are_for_moderators_and_keep_their_secret()
    {
        var room = await world.NewRoom(world.Atlas, null, world.Rover, world.Fox);
        (await world.Atlas.Post($"/rooms/{room}/members/bob/rover/role", new { role = "moderator" })).Ok();
        var path = $"/rooms/{room}/webhooks";
        var made = (await world.Rover.Post(path, new { url = "http://127.0.0.1:1/x", secret = "very secret" })).Ok(201);
        var listed = (await world.Alice.Get(path)).Ok();
        Assert.Equal(made.String("webhook_id"), Assert.Single(listed.Items).GetProperty("webhook_id").GetString());
        Assert.DoesNotContain("very secret", listed.Text, StringComparison.Ordinal);
        var one = $"{path}/{made.String("webhook_id")}";
        foreach (var answer in new[]
        {
            await world.Fox.Get(path), await world.Fox.Post(path, new { url = "http://127.0.0.1:1/" }), await world.Fox.Delete(one),
            await world.Fox.Get(one + "/deliveries"),
        })
        {
            answer.Refused(403, "FORBIDDEN");
        }

        (await world.Bot.Get(path)).Refused(403, "NOT_A_MEMBER");
        (await world.Nobody.Get(path)).Refused(401, "TOKEN_MISSING");
        (await world.Atlas.Delete($"/rooms/{World.Lab}/webhooks/{made.String("webhook_id")}")).Refused(404, "NOT_FOUND");
        (await world.Atlas.Delete(one)).Ok();
        (await world.Atlas.Delete(one)).Refused(404, "NOT_FOUND");
        (await world.Atlas.Get(one + "/deliveries")).Refused(404, "NOT_FOUND");
        (await world.Atlas.Delete(path + "/1")).Refused(400, "INVALID_ID");
    }

    [Fact]
    public async Task Nonsense_is_refused_all_at_once()
    {
        var create = (object body) => world.Atlas.Post($"/rooms/{World.Lab}/webhooks", body);
        (await create(new { })).Invalid("url");
        (await create(new { url = "http://10.0.0.1/", events = new[] { "message", "massage" } })).Invalid("url", "events");
        (await create(new { url = 5, events = "message", secret = "whsec_*" })).Invalid("url", "events", "secret");
        (await create(new { url = "http://127.0.0.1:1/", events = Array.Empty<string>(), secret = new string('x', 257) }))
            .Invalid("events", "secret");
        (await create(new { url = "https://example.org/" + new string('x', 2_048) })).Invalid("url");
        (await world.Atlas.Put("/agents/me/webhook", new { })).Invalid("url");
        (await world.Atlas.Put("/agents/me/webhook", new { url = "http://169.254.169.254/" })).Invalid("url");
        (await world.Alice.Put("/agents/me/webhook", new { url = (string?)null })).Refused(403, "AGENT_TOKEN_NEEDED");
        (await world.Atlas.Get("/agents/me/webhook/deliveries?status=lost&before=0")).Invalid("status", "before");
    }

    [Fact]
    public async Task A_room_has_at_most_twenty()
    {
        var room = await world.NewRoom(world.Atlas);
        var answers = await Task.WhenAll(Enumerable.Range(0, 25).Select(_ =>
            world.Atlas.Post($"/rooms/{room}/webhooks", new { url = "http://127.0.0.1:1/" })));
        Assert.Equal(20, answers.Count(answer => answer.Status == 201));
        answers.First(answer => answer.Status != 201).Refused(409, "TOO_MANY_WEBHOOKS");
    }

    [Fact]
    public async Task Ten_changes_a_minute_are_enough()
    {
        await using var strict = await World.Start(settings => OpenWorld.Opened(settings) with { RateLimitFactor = 1 });
        for (var i = 0; i < 10; i++)
        {
            (await strict.Atlas.Put("/agents/me/webhook", new { url = "http://127.0.0.1:1/" })).Ok();
        }

        (await strict.Atlas.Post($"/rooms/{World.Lab}/webhooks", new { url = "http://127.0.0.1:1/" })).Refused(429, "RATE_LIMITED");
    }

    [Fact]
    public async Task Private_addresses_are_refused_where_nothing_is_opened()
    {
        await using var closed = await World.Start();
        (await closed.Atlas.Post($"/rooms/{World.Lab}/webhooks", new { url = "http://127.0.0.1:1/" })).Invalid("url");
        (await closed.Atlas.Put("/agents/me/webhook", new { url = "http://localhost:4700/" })).Invalid("url");
    }

    /// <summary>The delivery log, once so many are delivered.</summary>
    internal static async Task<IReadOnlyList<JsonElement>> Delivered(Actor actor, string path, int count)
    {
        for (var i = 0; i < 500; i++)
        {
            var items = (await actor.Get(path + "?status=delivered&limit=200")).Ok().Items;
            if (items.Count >= count)
            {
                return items;
            }

            await Task.Delay(20);
        }

        throw new Xunit.Sdk.XunitException($"{count} deliveries were expected: {(await actor.Get(path)).Text}");
    }
}
