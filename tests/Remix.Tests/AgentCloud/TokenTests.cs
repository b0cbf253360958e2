using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Remix.AgentCloud.Tokens;
using Remix.Platform.Data;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud;

/// <summary>Tokens that this server signs, and everything that only looks like one.</summary>
public class TokenTests(CloudWorld cloud) : IClassFixture<CloudWorld>
{
    private readonly World world = cloud.World;

    [Fact]
    public async Task A_token_of_this_server_speaks_for_its_subject_and_address()
    {
        var ann = await Holder("ann", "Ann@Example.com");
        var ws = (await ann.Post("/ws")).Ok(201);
        Assert.Equal("ann@example.com", ws.String("owner"));

        // The same subject is the same owner, whatever the token.
        (await (await Holder("ann", null)).Delete($"/ws/{ws.String("name")}")).Ok();
        var granted = await cloud.NewWorkspace();
        await cloud.Grant(granted, "domain/example.com", "runner", "workspace");
        (await ann.Get($"/v1/ws/{granted}")).Ok();
        (await (await Holder("ann", null)).Get($"/v1/ws/{granted}")).RefusedByCloud(404, "NOT_FOUND");
        (await (await Holder("alice", null)).Get($"/v1/ws/{granted}")).RefusedByCloud(404, "NOT_FOUND");
    }

    [Fact]
    public async Task The_public_half_of_the_key_checks_them_and_the_private_half_is_nowhere()
    {
        var shown = (await cloud.Nobody.Get("/jwks.json")).Ok();
        var jwk = shown["keys"][0];
        Assert.Equal(("EC", "P-256", "ES256", "sig"), (jwk.Text("kty"), jwk.Text("crv"), jwk.Text("alg"), jwk.Text("use")));
        Assert.Equal(["alg", "crv", "kid", "kty", "use", "x", "y"],
            jwk.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        var token = await Make("ann", null);
        var (signed, signature) = (token[..token.LastIndexOf('.')], token[(token.LastIndexOf('.') + 1)..]);
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Decoded(jwk.Text("x")), Y = Decoded(jwk.Text("y")) },
        });
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes(signed), Decoded(signature), HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    [Fact]
    public async Task A_token_ends_with_its_time()
    {
        var clock = new FakeClock();
        await using var own = await World.Start(null, services => services.Replace(clock));
        var token = await own.Services.GetRequiredService<TokenKey>().Sign("ann", null, 1);
        var ann = own.OnCloud(own.As("ann", token));
        (await ann.Get("/v1/ws")).Ok();
        clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        (await ann.Get("/v1/ws")).Ok();
        clock.Advance(TimeSpan.FromSeconds(1));
        (await ann.Get("/v1/ws")).RefusedByCloud(401, "TOKEN_EXPIRED");
    }

    [Fact]
    public async Task What_is_not_signed_by_this_server_is_refused()
    {
        var kid = (await cloud.Nobody.Get("/jwks.json")).Ok()["keys"][0].Text("kid");
        var claims = Claims();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        var publicKey = Encoding.UTF8.GetBytes((await cloud.Nobody.Get("/jwks.json")).Ok().Text);
        await Refused("TOKEN_MALFORMED", $"{TokenMaking.Part(new { alg = "none" })}.{TokenMaking.Part(claims)}.");
        await Refused("TOKEN_ALGORITHM", TokenMaking.Signed(new { alg = "none", kid }, claims, _ => [1]));
        await Refused("TOKEN_ALGORITHM", TokenMaking.Signed(new { alg = "NONE" }, claims, _ => [1]));
        await Refused("TOKEN_ALGORITHM", TokenMaking.Signed(new { alg = "HS256", kid }, claims, bytes => HMACSHA256.HashData(publicKey, bytes)));
        await Refused("TOKEN_SIGNATURE", TokenMaking.Signed(new { alg = "RS256", kid }, claims, TokenMaking.With(rsa)));
        await Refused("TOKEN_SIGNATURE", TokenMaking.Signed(new { alg = "ES256", kid }, claims, TokenMaking.With(other)));
        await Refused("TOKEN_SIGNATURE", TokenMaking.Signed(new { alg = "ES256" }, claims, TokenMaking.With(other)));
        await Refused("TOKEN_KEY_UNKNOWN", TokenMaking.Signed(new { alg = "ES256", kid = "mine" }, claims, TokenMaking.With(other)));
        foreach (var length in new[] { 1, 63, 65, 128, 512 })
        {
            await Refused("TOKEN_SIGNATURE", TokenMaking.Signed(new { alg = "ES256", kid }, claims, _ => new byte[length]));
        }

        var good = await Make("ann", null);
        await Refused("TOKEN_SIGNATURE", good.Replace(good.Split('.')[1], TokenMaking.Part(claims), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Claims_that_make_no_sense_are_refused_though_the_signature_is_good()
    {
        var kid = (await cloud.Nobody.Get("/jwks.json")).Ok()["keys"][0].Text("kid");
        using var key = await ServersKey();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        (string Code, object Claims)[] cases =
        [
            ("TOKEN_EXPIRED", new { iss = "remix-cloud", sub = "a", exp = now - 1 }),
            ("TOKEN_NOT_YET_VALID", new { iss = "remix-cloud", sub = "a", exp = now + 7200, nbf = now + 3600 }),
            ("TOKEN_NOT_YET_VALID", new { iss = "remix-cloud", sub = "a", exp = now + 7200, iat = now + 3600 }),
            ("TOKEN_ISSUER", new { iss = "somebody", sub = "a", exp = now + 60 }),
            ("TOKEN_ISSUER", new { sub = "a", exp = now + 60 }),
            ("TOKEN_MALFORMED", new { iss = "remix-cloud", sub = "a" }),
            ("TOKEN_MALFORMED", new { iss = "remix-cloud", exp = now + 60 }),
            ("TOKEN_MALFORMED", new { iss = "remix-cloud", sub = "", exp = now + 60 }),
            ("TOKEN_MALFORMED", new { iss = "remix-cloud", sub = new string('a', 256), exp = now + 60 }),
            ("TOKEN_MALFORMED", new { iss = "remix-cloud", sub = "a\nb", exp = now + 60 }),
            ("TOKEN_MALFORMED", new { iss = "remix-cloud", sub = 1, exp = now + 60 }),
            ("TOKEN_MALFORMED", new { iss = "remix-cloud", sub = "a", exp = "soon" }),
            ("TOKEN_MALFORMED", new { iss = "remix-cloud", sub = "a", email = 1, exp = now + 60 }),
        ];
        foreach (var (code, claims) in cases)
        {
            await Refused(code, TokenMaking.Signed(new { alg = "ES256", kid }, claims, TokenMaking.With(key)));
        }

        await Refused("TOKEN_MALFORMED", TokenMaking.Signed(new { alg = "ES256", kid, crit = new[] { "x" } }, Claims(), TokenMaking.With(key)));
        var good = TokenMaking.Signed(new { alg = "ES256", kid }, Claims(), TokenMaking.With(key));
        (await world.OnCloud(world.As("a", good)).Get("/v1/ws")).Ok();
        await Refused("TOKEN_MALFORMED", good + "=");
        await Refused("TOKEN_MALFORMED", good + ".x");
    }

    [Theory]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("e30.e30.")]
    [InlineData("W10.W10.AAAA")]
    [InlineData("e30.e30.AAAA")]
    [InlineData("eyJhbGciOjF9.e30.AAAA")]
    [InlineData("eyJhbGciOiJcdWQ4MDAifQ.e30.AAAA")]
    public async Task What_is_no_token_is_refused(string token) => await Refused("TOKEN_MALFORMED", token);

    [Fact]
    public async Task An_address_counts_unless_it_is_said_not_to_be_verified()
    {
        var kid = (await cloud.Nobody.Get("/jwks.json")).Ok()["keys"][0].Text("kid");
        using var key = await ServersKey();
        var ws = await cloud.NewWorkspace();
        await cloud.Grant(ws, "user/zoe@example.com", "runner", "workspace");
        var exp = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 60;
        foreach (var (claims, status) in new (object, int)[]
        {
            (new { iss = "remix-cloud", sub = "z", exp, email = "zoe@example.com" }, 200),
            (new { iss = "remix-cloud", sub = "z", exp, email = "zoe@example.com", email_verified = true }, 200),
            (new { iss = "remix-cloud", sub = "z", exp, email = "zoe@example.com", email_verified = false }, 404),
            (new { iss = "remix-cloud", sub = "z", exp, email = "zoe@example.com", email_verified = "false" }, 404),
            (new { iss = "remix-cloud", sub = "z", exp, email = "zoe@example.com@example.com" }, 404),
        })
        {
            var token = TokenMaking.Signed(new { alg = "ES256", kid }, claims, TokenMaking.With(key));
            Assert.Equal(status, (await world.OnCloud(world.As("z", token)).Get($"/v1/ws/{ws}")).Status);
        }
    }

    private static object Claims() => new { iss = "remix-cloud", sub = "mallory", exp = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 600 };

    private static byte[] Decoded(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);

    private async Task<ECDsa> ServersKey()
    {
        await Make("first", null);
        var pkcs8 = await world.Database.Read(session => session.Scalar<string>("select value from server_keys where name = 'cloud-tokens'"));
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(pkcs8!), out _);
        return key;
    }

    private Task<string> Make(string subject, string? email) => world.Services.GetRequiredService<TokenKey>().Sign(subject, email, 1);

    private async Task<Actor> Holder(string subject, string? email) => world.OnCloud(world.As(subject, await Make(subject, email)));

    private async Task Refused(string code, string token)
    {
        var caller = world.OnCloud(world.As("mallory", token));
        (await caller.Get("/v1/ws")).RefusedByCloud(401, code);
        (await caller.Get("/")).RefusedByCloud(401, code);
    }
}
