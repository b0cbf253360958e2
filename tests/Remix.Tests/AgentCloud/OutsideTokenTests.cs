using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Remix.Platform.Settings;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud;

/// <summary>Tokens of an outside issuer, whose keys are fetched.</summary>
public sealed class OutsideTokenTests : IDisposable
{
    private readonly ECDsa first = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA second = RSA.Create(2048);
    private readonly FakeClock clock = new();

    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task An_outside_issuers_tokens_are_taken_by_the_keys_it_shows()
    {
        await using var issuer = Issuer.Start(TokenMaking.Jwk(first, "one"), TokenMaking.Jwk(second, "two"), new
        {
            kty = "oct",
            k = "AAAA",
            kid = "shared"
        });
        await using var world = await Start(issuer);
        var es = Holder(world, TokenMaking.Signed(new { alg = "ES256", kid = "one" }, Claims(), TokenMaking.With(first)));
        Assert.Equal("ann@example.com", (await es.Post("/ws", new { name = "outside" })).Ok(201).String("owner"));
        var rs = Holder(world, TokenMaking.Signed(new { alg = "RS256", kid = "two" }, Claims(), TokenMaking.With(second)));
        (await rs.Delete("/ws/outside")).Ok();
        Assert.Equal(1, issuer.Asked);

        // A key is for its own algorithm and no other.
        await Refused(world, "TOKEN_SIGNATURE", new { alg = "RS256", kid = "one" }, Claims(), TokenMaking.With(second));
        await Refused(world, "TOKEN_SIGNATURE", new { alg = "ES256", kid = "two" }, Claims(), TokenMaking.With(first));
        await Refused(world, "TOKEN_ALGORITHM", new { alg = "HS256", kid = "shared" }, Claims(), bytes => HMACSHA256.HashData(new byte[3], bytes));
        await Refused(world, "TOKEN_ISSUER", new { alg = "ES256", kid = "one" }, Claims("remix-cloud"), TokenMaking.With(first));
        await Refused(world, "TOKEN_ISSUER", new { alg = "ES256", kid = "one" }, Claims("https://other.example"), TokenMaking.With(first));
        await Refused(world, "TOKEN_AUDIENCE", new { alg = "ES256", kid = "one" }, Claims(audience: "somebody else"), TokenMaking.With(first));
    }

    [Fact]
    public async Task A_key_that_is_new_is_fetched_but_not_at_each_call()
    {
        await using var issuer = Issuer.Start(TokenMaking.Jwk(first, "one"));
        await using var world = await Start(issuer);
        (await Holder(world, TokenMaking.Signed(new { alg = "ES256", kid = "one" }, Claims(), TokenMaking.With(first))).Get("/v1/ws")).Ok();
        var later = TokenMaking.Signed(new { alg = "RS256", kid = "two" }, Claims(), TokenMaking.With(second));
        for (var i = 0; i < 5; i++)
        {
            (await Holder(world, later).Get("/v1/ws")).RefusedByCloud(401, "TOKEN_SIGNATURE");
        }

        Assert.Equal(1, issuer.Asked);
        issuer.Keys = [TokenMaking.Jwk(second, "two")];
        clock.Advance(TimeSpan.FromSeconds(31));
        (await Holder(world, later).Get("/v1/ws")).Ok();
        Assert.Equal(2, issuer.Asked);
        clock.Advance(TimeSpan.FromSeconds(61));
        (await Holder(world, TokenMaking.Signed(new { alg = "ES256", kid = "one" }, Claims(), TokenMaking.With(first))).Get("/v1/ws"))
            .RefusedByCloud(401, "TOKEN_SIGNATURE");
    }

    [Fact]
    public async Task While_the_issuer_cannot_be_reached_its_last_word_holds()
    {
        await using var issuer = Issuer.Start(TokenMaking.Jwk(first, "one"));
        await using var world = await Start(issuer);
        var token = TokenMaking.Signed(new { alg = "ES256", kid = "one" }, Claims(), TokenMaking.With(first));
        issuer.IsDown = true;
        (await Holder(world, token).Get("/v1/ws")).RefusedByCloud(503, "ISSUER_UNREACHABLE");
        issuer.IsDown = false;
        clock.Advance(TimeSpan.FromSeconds(31));
        (await Holder(world, token).Get("/v1/ws")).Ok();
        issuer.IsDown = true;
        clock.Advance(TimeSpan.FromMinutes(11));
        (await Holder(world, token).Get("/v1/ws")).Ok();
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"keys\":{}}")]
    [InlineData("""{"keys":[5,null,{},{"kty":"EC","kid":"\ud800"},{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"new"}]}""")]
    [InlineData("huge")]
    public async Task What_is_no_list_of_keys_takes_no_key_away_but_of_itself(string said)
    {
        await using var issuer = Issuer.Start(TokenMaking.Jwk(first, "one"));
        await using var world = await Start(issuer);
        var known = new { alg = "ES256", kid = "one" };
        (await Holder(world, TokenMaking.Signed(known, Claims(), TokenMaking.With(first))).Get("/v1/ws")).Ok();
        issuer.Said = said != "huge" ? said
            : JsonSerializer.Serialize(new { keys = Enumerable.Repeat(TokenMaking.Jwk(first, "new"), 3000) });
        clock.Advance(TimeSpan.FromSeconds(31));
        await Refused(world, "TOKEN_SIGNATURE", new { alg = "ES256", kid = "new" }, Claims(), TokenMaking.With(first));
        Assert.Equal(2, issuer.Asked);
        var later = Holder(world, TokenMaking.Signed(known, Claims(audience: "remix"), TokenMaking.With(first)));
        Assert.Equal(said.Contains("[5", StringComparison.Ordinal) ? 401 : 200, (await later.Get("/v1/ws")).Status);
    }

    /// <summary>Many issuers let people write in whatever address they like.</summary>
    [Theory]
    [InlineData(null, "issuer.example#ann")]
    [InlineData(false, "issuer.example#ann")]
    [InlineData(true, "ann@example.com")]
    public async Task An_address_counts_when_the_issuer_says_that_it_verified_it(bool? isVerified, string known)
    {
        await using var issuer = Issuer.Start(TokenMaking.Jwk(first, "one"));
        await using var world = await Start(issuer);
        var claims = JsonSerializer.SerializeToNode(Claims())!.AsObject();
        claims.Remove("email_verified");
        if (isVerified is { } verified)
        {
            claims["email_verified"] = verified;
        }

        var holder = Holder(world, TokenMaking.Signed(new { alg = "ES256", kid = "one" }, claims, TokenMaking.With(first)));
        Assert.Equal(known, (await holder.Post("/ws", new { name = "mine" })).Ok(201).String("owner"));
    }

    /// <summary>The issuers here are on this machine, where addresses that callers name may not lead.</summary>
    private Task<World> Start(Issuer issuer) => World.Start(settings => settings with
    {
        Cloud = new CloudSettings { JwksUrl = issuer.Url, Issuer = "https://issuer.example", Audience = "remix" },
    }, services => services.Replace(clock));

    private object Claims(string issuer = "https://issuer.example", string audience = "remix") => new
    {
        iss = issuer,
        sub = "ann",
        aud = new[] { "other", audience },
        email = "ann@example.com",
        email_verified = true,
        exp = clock.GetUtcNow().ToUnixTimeSeconds() + 7200,
    };

    private static Actor Holder(World world, string token) => world.OnCloud(world.As("ann", token));

    private static async Task Refused(World world, string code, object header, object claims, Func<byte[], byte[]> sign) =>
        (await Holder(world, TokenMaking.Signed(header, claims, sign)).Get("/v1/ws")).RefusedByCloud(401, code);

    /// <summary>Shows its keys at an address of this machine.</summary>
    private sealed class Issuer : IAsyncDisposable
    {
        private readonly HttpListener listener = new();
        private Task serving = Task.CompletedTask;
        private int asked;

        public string Url { get; } = $"http://127.0.0.1:{Ports.Free()}/keys/";

        public object[] Keys { get; set; } = [];

        public bool IsDown { get; set; }

        /// <summary>What it shows instead of its keys.</summary>
        public string? Said { get; set; }

        public int Asked => asked;

        public static Issuer Start(params object[] keys)
        {
            var issuer = new Issuer { Keys = keys };
            issuer.listener.Prefixes.Add(issuer.Url);
            issuer.listener.Start();
            issuer.serving = issuer.Serve();
            return issuer;
        }

        private async Task Serve()
        {
            while (listener.IsListening)
            {
                try
                {
                    var context = await listener.GetContextAsync();
                    Interlocked.Increment(ref asked);
                    context.Response.StatusCode = IsDown ? 503 : 200;
                    var bytes = Said is { } said ? System.Text.Encoding.UTF8.GetBytes(said)
                        : JsonSerializer.SerializeToUtf8Bytes(new { keys = Keys });
                    await context.Response.OutputStream.WriteAsync(bytes);
                    context.Response.Close();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            listener.Close();
            await serving;
        }
    }
}
