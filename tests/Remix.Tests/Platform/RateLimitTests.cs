using Remix.Tests.Support;

namespace Remix.Tests.Platform;

public class RateLimitTests
{
    private readonly FakeClock clock = new();

    [Fact]
    public async Task The_last_allowed_call_is_allowed_and_the_next_says_exactly_when_to_come_back()
    {
        await using var world = await Start();
        var send = () => world.Atlas.Post($"/rooms/{World.Lab}/send", new { body = "hi" });
        for (var left = 59; left >= 0; left--)
        {
            var sent = (await send()).Ok(200);
            Assert.Equal(("60", $"{left}"), (sent.Header("X-RateLimit-Limit"), sent.Header("X-RateLimit-Remaining")));
            clock.Advance(TimeSpan.FromMilliseconds(500));
        }

        // Thirty seconds have gone since the first of them, which leaves the window in thirty.
        var refused = (await send()).Refused(429, "RATE_LIMITED");
        Assert.Equal(("30", "0"), (refused.Header("Retry-After"), refused.Header("X-RateLimit-Remaining")));
        Assert.Equal(clock.GetUtcNow().AddSeconds(30).ToUnixTimeSeconds().ToString(), refused.Header("X-RateLimit-Reset"));
        Assert.Contains("Wait 30 seconds", refused.String("hint"), StringComparison.Ordinal);

        // Whoever else sends has a count of their own.
        (await world.Rover.Post($"/rooms/{World.Lab}/send", new { body = "hi" })).Ok();
        clock.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromMilliseconds(1));
        Assert.Equal("1", (await send()).Refused(429, "RATE_LIMITED").Header("Retry-After"));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        (await send()).Ok();
        (await send()).Refused(429, "RATE_LIMITED");
    }

    [Fact]
    public async Task Registrations_are_counted_by_address()
    {
        await using var world = await Start();
        for (var i = 0; i < 10; i++)
        {
            var registered = (await world.Nobody.Post("/register", new { user_id = $"user-{i}" })).Ok();
            Assert.Equal(("10", $"{9 - i}"), (registered.Header("X-RateLimit-Limit"), registered.Header("X-RateLimit-Remaining")));
        }

        var refused = (await world.Nobody.Post("/register", new { user_id = "user-10" })).Refused(429, "RATE_LIMITED");
        Assert.Equal(("60", "0"), (refused.Header("Retry-After"), refused.Header("X-RateLimit-Remaining")));
        (await world.Alice.Post("/register", new { user_id = "user-10" })).Refused(429, "RATE_LIMITED");
        clock.Advance(TimeSpan.FromMinutes(1));
        (await world.Nobody.Post("/register", new { user_id = "user-10" })).Ok();
    }

    [Fact]
    public async Task Guessing_tokens_is_limited_and_right_ones_are_not_counted()
    {
        await using var world = await Start();
        for (var i = 0; i < 120; i++)
        {
            (await world.As("x", $"guess-{i}").Get("/auth/me")).Refused(401, "TOKEN_UNKNOWN");
            (await world.Atlas.Get("/auth/me")).Ok();
        }

        var refused = (await world.As("x", "guess").Get("/auth/me")).Refused(429, "RATE_LIMITED");
        Assert.Equal(("120", "0", "60"),
            (refused.Header("X-RateLimit-Limit"), refused.Header("X-RateLimit-Remaining"), refused.Header("Retry-After")));
        (await world.Atlas.Get("/auth/me")).Ok();
    }

    [Fact]
    public async Task The_factor_multiplies_what_the_reference_says()
    {
        await using var world = await World.Start(settings => settings with { RateLimitFactor = 2 }, services => services.Replace(clock));
        Assert.Equal("240", (await world.Nobody.Get($"/rooms/{World.Lab}/messages/public")).Ok().Header("X-RateLimit-Limit"));
        Assert.Equal("40", (await world.Alice.Post($"/rooms/{World.Lab}/invite", new { agents = new[] { "bob/rover" } })).Ok()
            .Header("X-RateLimit-Limit"));
    }

    [Fact]
    public async Task A_users_agents_share_the_limits_that_count_users()
    {
        await using var world = await Start();
        for (var i = 0; i < 20; i++)
        {
            (await (i % 2 == 0 ? world.Atlas : world.Alice).Post($"/rooms/{World.Lab}/invite", new { agents = new[] { "bob/rover" } })).Ok();
        }

        (await world.Bot.Post($"/rooms/{World.Lab}/invite", new { agents = new[] { "bob/rover" } })).Refused(429, "RATE_LIMITED");
    }

    private Task<World> Start() => World.Start(
        settings => settings with { MessagesPerMinute = 60, RegistrationsPerMinute = 10, AuthAttemptsPerMinute = 120, RateLimitFactor = 1 },
        services => services.Replace(clock));
}
