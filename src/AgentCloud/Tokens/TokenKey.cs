using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Remix.Platform.Data;
using Remix.Platform.Http;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Tokens;

/// <summary>
/// The key with which this server signs tokens: ES256, made when it is first needed, kept in the database so that all nodes
/// and the tool that makes tokens have the same. Only its public half is ever shown.
/// </summary>
internal sealed class TokenKey(Database database, TimeProvider clock)
{
    /// <summary>What our tokens say in <c>iss</c>; nobody else's may.</summary>
    public const string Issuer = "remix-cloud";

    public const int DaysMax = 3650;

    private const string KeyName = "cloud-tokens";

    private volatile Loaded? loaded;

    public async ValueTask<VerificationKey> Verification() => (await Load()).Verification;

    /// <summary>The public key as others read it (JWK).</summary>
    public async ValueTask<PublicKeyView> Public()
    {
        var key = await Load();
        return new PublicKeyView("EC", "P-256", key.X, key.Y, key.Id, "ES256", "sig");
    }

    public async Task<string> Sign(string subject, string? email, int days)
    {
        var key = await Load();
        var now = clock.NowMs() / 1000;
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = Issuer,
            ["sub"] = subject,
            ["iat"] = now,
            ["exp"] = now + days * 86_400L,
        };
        if (email is not null)
        {
            (claims["email"], claims["email_verified"]) = (email, true);
        }

        var signed = $"{Part(new { alg = "ES256", typ = "JWT", kid = key.Id })}.{Part(claims)}";
        var signature = key.Private.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Part<T>(T value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value, RemixJson.Options));

    private async ValueTask<Loaded> Load() => loaded ??= Loaded.Of(await Find() ?? await Make());

    private Task<string?> Find() => database.Read(session => session.Scalar<string>("select value from server_keys where name = $1", KeyName));

    private Task<string> Make() => database.Write(async session =>
    {
        using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await session.Execute("insert into server_keys (name, value, created_at) values ($1, $2, $3) on conflict (name) do nothing",
            KeyName, Convert.ToBase64String(fresh.ExportPkcs8PrivateKey()), clock.NowMs());
        return await session.Scalar<string>("select value from server_keys where name = $1", KeyName)
            ?? throw new InvalidOperationException("The key was not kept.");
    });

    private sealed record Loaded(ECDsa Private, VerificationKey Verification, string Id, string X, string Y)
    {
        public static Loaded Of(string pkcs8)
        {
            var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(Convert.FromBase64String(pkcs8), out _);
            var point = key.ExportParameters(false).Q;
            var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));

            // The key's thumbprint (RFC 7638): the same wherever it is computed.
            var thumbprint = SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}"""));
            var id = Base64Url.EncodeToString(thumbprint);
            return new Loaded(key, VerificationKey.Of(id, key), id, x, y);
        }
    }
}

/// <summary>A public key (JWK).</summary>
internal sealed record PublicKeyView(string Kty, string Crv, string X, string Y, string Kid, string Alg, string Use);
