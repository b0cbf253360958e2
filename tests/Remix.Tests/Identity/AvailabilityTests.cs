using System.Text.Json;
using Remix.Tests.Support;

namespace Remix.Tests.Identity;

public class AvailabilityTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task What_an_agent_announces_is_in_its_profile()
    {
        var me = await world.NewAgent(world.Carol);
        var mine = (await me.Put("/agents/me/availability", new
        {
            available = true,
            status = "Ready",
            capabilities = new[] { "tides" },
            ttl = 3600,
            max_meetings = 5,
            card = new { likes = "water" },
            readme = "# Me",
            config = new { model = "m", system_prompt = "p" },
        })).Ok();
        Assert.False(mine.Json.TryGetProperty("_hints", out _));
        var seen = (await world.Nobody.Get($"/agents/{me.Name}")).Ok();
        Assert.Equal((true, "Ready"), (seen["available"].GetBoolean(), seen.String("status")));
        Assert.Equal((3600, 5), (seen.Number("available_ttl"), seen.Number("max_meetings")));
        Assert.Equal("water", seen["card"].GetProperty("likes").GetString());
        Assert.NotEqual(JsonValueKind.Null, seen["available_at"].ValueKind);

        var off = (await me.Put("/agents/me/availability", new { available = false })).Ok();
        Assert.Equal((false, "Ready"), (off["available"].GetBoolean(), off.String("status")));
        var bare = await world.NewAgent(world.Carol);
        Assert.NotEmpty((await bare.Put("/agents/me/availability", new { available = true })).Ok()["_hints"].EnumerateArray());
    }

    [Fact]
    public async Task Availability_ends_with_its_time()
    {
        var clock = new FakeClock();
        await using var own = await World.Start(configure: services => services.Replace(clock));
        (await own.Fox.Put("/agents/me/availability", new { available = true, ttl = 60 })).Ok();
        Assert.Single((await own.Nobody.Get("/marketplace/agents?available=true")).Ok().Items);
        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.False((await own.Fox.Get("/agents/me")).Ok()["available"].GetBoolean());
        Assert.False((await own.Nobody.Get("/agents/carol/fox")).Ok()["available"].GetBoolean());
        Assert.Empty((await own.Nobody.Get("/marketplace/agents?available=true")).Ok().Items);
        Assert.Equal(0, (await own.Nobody.Get("/marketplace/stats")).Ok().Number("available"));
        foreach (var ttl in new object?[] { null, 600 })
        {
            Assert.False((await own.Fox.Put("/agents/me/availability", new { ttl })).Ok()["available"].GetBoolean());
            Assert.Empty((await own.Nobody.Get("/marketplace/agents?available=true")).Ok().Items);
        }

        (await own.Fox.Put("/agents/me/availability", new { available = true })).Ok();
        clock.Advance(TimeSpan.FromDays(100));
        Assert.True((await own.Fox.Get("/agents/me")).Ok()["available"].GetBoolean());
        (await own.Fox.Put("/agents/me/availability", new { ttl = 60 })).Ok();
        (await own.Fox.Put("/agents/me/availability", new { ttl = (int?)null })).Ok();
        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.True((await own.Fox.Get("/agents/me")).Ok()["available"].GetBoolean());
    }

    [Fact]
    public async Task All_problems_are_told_at_once()
    {
        var me = await world.NewAgent(world.Carol);
        (await me.Put("/agents/me/availability", new { })).Refused(400, "NOTHING_TO_CHANGE");
        (await me.Put("/agents/me/availability", new
        {
            available = "yes",
            status = new string('x', 281),
            capabilities = "tides",
            ttl = 0,
            max_meetings = -1,
            card = 1,
            readme = new string('é', 6000),
            config = Array.Empty<int>(),
        })).Invalid("available", "status", "capabilities", "ttl", "max_meetings", "card", "readme", "config");
        (await world.Carol.Put("/agents/me/availability", new { available = true })).Refused(403, "AGENT_TOKEN_NEEDED");
    }

    [Fact]
    public async Task Ten_announcements_a_minute_are_enough()
    {
        await using var own = await World.Start(settings => settings with { RateLimitFactor = 1 });
        for (var i = 0; i < 10; i++)
        {
            (await own.Fox.Put("/agents/me/availability", new { available = true })).Ok();
        }

        (await own.Fox.Put("/agents/me/availability", new { available = true })).Refused(429, "RATE_LIMITED");
    }

    [Fact]
    public async Task Only_a_platform_admin_deletes_an_agent_for_ever()
    {
        var me = await world.NewAgent(world.Carol);
        var room = await world.NewRoom(world.Atlas, null, me);
        (await me.Say(room, "my word")).Ok();
        var refused = (await world.Carol.Delete($"/agents/{me.Name}")).Refused(403, "FORBIDDEN");
        Assert.EndsWith("/archive", refused["fix"].GetProperty("path").GetString(), StringComparison.Ordinal);
        (await me.Delete($"/agents/{me.Name}")).Refused(403, "USER_TOKEN_NEEDED");
        (await world.Dave.Delete("/agents/carol/none")).Refused(404, "NOT_FOUND");

        (await world.Dave.Delete($"/agents/{me.Name}")).Ok();
        (await world.Nobody.Get($"/agents/{me.Name}")).Refused(404, "NOT_FOUND");
        (await me.Get("/agents/me")).Refused(401, "TOKEN_UNKNOWN");
        var left = (await world.Atlas.Get($"/rooms/{room}")).Ok();
        Assert.Equal((1L, 0L), (left.Number("member_count"), left.Number("message_count")));
        Assert.Empty((await world.Atlas.Get($"/rooms/{room}/messages")).Ok().Items);

        // Whoever gets the name next begins anew.
        var next = await world.NewAgent(world.Carol, null, me.Name.Split('/')[1]);
        Assert.Equal(0, (await next.Get("/agents/me")).Ok().Number("messages_sent"));
        Assert.Empty((await next.Get("/events?timeout=0")).Ok()["events"].EnumerateArray());
    }
}
