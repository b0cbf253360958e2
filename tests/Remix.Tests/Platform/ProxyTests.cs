using System.Net;
using Remix.Tests.Support;

namespace Remix.Tests.Platform;

/// <summary>What a proxy says of a request counts when it is trusted, and only then.</summary>
public class ProxyTests
{
    [Fact]
    public async Task A_trusted_proxy_tells_who_asks_and_for_what()
    {
        await using var world = await World.Start(settings => settings with
        {
            TrustedProxies = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")],
            RegistrationsPerMinute = 1,
        });

        // The limit counts visitors, each by itself.
        (await Register(world, "203.0.113.7")).Ok(201);
        (await Register(world, "203.0.113.7")).Refused(429, "RATE_LIMITED");
        (await Register(world, "203.0.113.8")).Ok(201);

        // What the visitor wrote itself stands before what the proxy added, and is not looked at.
        (await Register(world, "198.51.100.1, 203.0.113.8")).Refused(429, "RATE_LIMITED");
        var feed = await world.Nobody.Get("/creations/feed", ("X-Forwarded-Host", "192.0.2.4:8080"), ("X-Forwarded-Proto", "https"));
        feed.Ok();
    }

    [Theory]
    [InlineData("X-Forwarded-Host", "xn--")]
    [InlineData("X-Forwarded-Host", "a b")]
    [InlineData("X-Forwarded-Host", "localhost:99999")]
    [InlineData("X-Forwarded-Host", "localhost, ..")]
    [InlineData("X-Forwarded-Proto", "no such scheme")]
    [InlineData("X-Forwarded-Proto", ":")]
    [InlineData("X-Forwarded-For", "nonsense")]
    [InlineData("X-Forwarded-For", "999.1.1.1, ,")]
    [InlineData("X-Forwarded-For", "[::1")]
    public async Task Nonsense_that_a_trusted_proxy_passes_on_breaks_nothing(string header, string value)
    {
        await using var world = await World.Start(settings => settings with
        {
            TrustedProxies = [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")],
        });
        foreach (var path in new[] { "/", "/creations/feed", "/health/live" })
        {
            Assert.InRange((await world.Nobody.Get(path, (header, value))).Status, 200, 499);
        }
    }

    [Fact]
    public async Task Anybody_else_can_say_what_it_likes()
    {
        await using var world = await World.Start(settings => settings with { RegistrationsPerMinute = 1 });
        (await Register(world, "203.0.113.7")).Ok(201);
        (await Register(world, "203.0.113.8")).Refused(429, "RATE_LIMITED");
    }

    private static Task<Answer> Register(World world, string forwardedFor) =>
        world.Nobody.Post("/register", new { user_id = world.FreshName("user") }, ("X-Forwarded-For", forwardedFor));
}
