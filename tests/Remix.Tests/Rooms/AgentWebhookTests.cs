using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Remix.Identity.Agents;
using Remix.Platform.Events;
using Remix.Tests.Support;

namespace Remix.Tests.Rooms;

public class AgentWebhookTests(OpenWorld open) : IClassFixture<OpenWorld>
{
    private readonly World world = open.World;

    [Fact]
    public async Task An_agent_is_told_what_others_do_in_its_rooms()
    {
        var agent = await world.NewAgent(world.Carol);
        await using var receiver = await Receiver.Start();
        var set = (await agent.Put("/agents/me/webhook", new { url = receiver.Url })).Ok();
        Assert.Equal(receiver.Url, set.String("webhook_url"));
        Assert.StartsWith("whsec_", set.String("webhook_secret"), StringComparison.Ordinal);
        var me = (await agent.Get("/agents/me")).Ok();
        Assert.Equal(receiver.Url, me.String("webhook_url"));
        Assert.DoesNotContain(set.String("webhook_secret"), me.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("webhook", (await world.Nobody.Get($"/agents/{agent.Name}")).Ok().Text, StringComparison.Ordinal);

        var room = await world.NewRoom(world.Atlas, new() { ["visibility"] = "private" });
        await world.Atlas.Say(room, "before it came");
        (await world.Atlas.Post($"/rooms/{room}/invite", new { agents = new[] { agent.Name }, task = "Help" })).Ok();
        await world.Atlas.Say(room, "welcome");
        await agent.Say(room, "its own words");
        await world.Atlas.Say(room, "bye");
        await world.Atlas.Say(World.Lab, "elsewhere");
        var calls = await receiver.Wait(4);
        Assert.Equal(["member_joined", "room_invite", "message", "message"], calls.Select(call => call.Event));
        Assert.Equal("Help", calls[1].Json.GetProperty("data").GetProperty("task").GetString());
        Assert.Equal(["welcome", "bye"], calls.Skip(2).Select(call => call.Json.GetProperty("data").GetProperty("body").GetString()));

        (await agent.Post($"/rooms/{room}/leave")).Ok();
        await world.Atlas.Say(room, "gone");
        await WebhookTests.Delivered(agent, "/agents/me/webhook/deliveries", 4);
        await Task.Delay(300);
        Assert.Equal(4, receiver.Calls.Count);
    }

    [Fact]
    public async Task A_cleared_address_gets_nothing_more()
    {
        var agent = await world.NewAgent(world.Carol);
        var room = await world.NewRoom(world.Atlas, null, agent);
        await using var receiver = await Receiver.Start();
        (await agent.Put("/agents/me/webhook", new { url = receiver.Url, secret = "s" })).Ok();
        await world.Atlas.Say(room, "one");
        await receiver.Wait(1);
        Assert.Equal("""{"ok":true,"webhook_url":null}""", (await agent.Put("/agents/me/webhook", new { url = (string?)null })).Ok().Text);
        Assert.Equal(JsonValueKind.Null, (await agent.Get("/agents/me")).Ok()["webhook_url"].ValueKind);
        (await agent.Get("/agents/me/webhook/deliveries")).Refused(404, "NO_WEBHOOK");
        await world.Atlas.Say(room, "two");
        await Task.Delay(300);
        Assert.Single(receiver.Calls);
    }

    [Fact]
    public async Task An_agent_that_may_not_read_a_room_is_told_nothing_of_it()
    {
        var room = await world.NewRoom(world.Atlas);
        var other = await world.NewRoom(world.Atlas);
        var scoped = await world.NewAgent(world.Carol, new { rooms = new[] { other } });
        (await world.Atlas.Post($"/rooms/{room}/invite", new { agents = new[] { scoped.Name } })).Ok();
        (await world.Atlas.Post($"/rooms/{other}/invite", new { agents = new[] { scoped.Name } })).Ok();
        await using var receiver = await Receiver.Start();
        (await scoped.Put("/agents/me/webhook", new { url = receiver.Url })).Ok();
        await world.Atlas.Say(room, "not for it");
        await world.Atlas.Say(other, "for it");
        Assert.Equal("for it", (await receiver.Wait(1))[0].Json.GetProperty("data").GetProperty("body").GetString());
        (await scoped.Post($"/agents/{scoped.Name}/archive")).Ok();
        await world.Atlas.Say(other, "asleep");
        await Task.Delay(500);
        Assert.Single(receiver.Calls);
    }

    [Fact]
    public async Task What_concerns_one_agent_alone_is_told_to_it_and_what_is_for_others_is_not()
    {
        var agent = await world.NewAgent(world.Carol);
        var room = await world.NewRoom(world.Atlas, new() { ["moderated"] = true }, agent, world.Rover);
        await using var receiver = await Receiver.Start();
        (await agent.Put("/agents/me/webhook", new { url = receiver.Url })).Ok();
        await world.Rover.Say(room, "waits for a moderator");
        (await world.Atlas.Post($"/rooms/{room}/invite", new { agents = new[] { "carol/fox" } })).Ok();
        var log = world.Services.GetRequiredService<EventLog>();
        await world.Database.Write(async session =>
        {
            await log.Append(session, AgentChannel.Of(agent.Name), "meeting", "bob/rover", new { room_id = "bob/meeting", hint = "come" });
            await log.Append(session, AgentChannel.Of("carol/fox"), "meeting", "bob/rover", new { room_id = "bob/other" });
        });
        var calls = await receiver.Wait(2);
        Assert.Equal(["member_joined", "meeting"], calls.Select(call => call.Event));
        Assert.Equal(("bob/meeting", "come"), (calls[1].Json.GetProperty("room_id").GetString(),
            calls[1].Json.GetProperty("data").GetProperty("hint").GetString()));
    }

    [Fact]
    public async Task Another_address_takes_over_what_waits()
    {
        var agent = await world.NewAgent(world.Carol);
        var room = await world.NewRoom(world.Atlas, null, agent);
        (await agent.Put("/agents/me/webhook", new { url = "http://127.0.0.1:1/nobody" })).Ok();
        await world.Atlas.Say(room, "lost?");
        for (var i = 0; i < 500; i++)
        {
            if ((await agent.Get("/agents/me/webhook/deliveries?status=pending")).Ok().Items is [var waiting]
                && waiting.GetProperty("attempts").GetInt32() > 0)
            {
                Assert.NotNull(waiting.GetProperty("last_error").GetString());
                Assert.NotNull(waiting.GetProperty("next_attempt_at").GetString());
                break;
            }

            await Task.Delay(20);
        }

        await using var receiver = await Receiver.Start();
        (await agent.Put("/agents/me/webhook", new { url = receiver.Url })).Ok();
        Assert.Equal("lost?", (await receiver.Wait(1))[0].Json.GetProperty("data").GetProperty("body").GetString());
    }

    [Fact]
    public async Task Who_goes_is_told_nothing_more()
    {
        var erin = await world.NewUser();
        var agent = await world.NewAgent(erin);
        var room = await world.NewRoom(agent);
        await using var receiver = await Receiver.Start();
        (await agent.Put("/agents/me/webhook", new { url = receiver.Url })).Ok();
        (await agent.Post($"/rooms/{room}/webhooks", new { url = receiver.Url })).Ok();
        await agent.Say(room, "hello");
        await receiver.Wait(1);
        (await erin.Delete($"/users/{erin.Name}")).Ok();
        Assert.Equal(0, await world.Database.Read(session => session.Scalar<long>(
            "select count(*) from webhooks where created_by = $1", agent.Name)));
    }
}
