using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Remix.AgentCloud.Tokens;

/// <summary>
/// A public key and the one algorithm that it is for. A token that names another algorithm is refused before anything is
/// computed: a public key is never taken for a shared secret.
/// </summary>
internal sealed class VerificationKey(string? id, string algorithm, Func<byte[], byte[], bool> verify)
{
    private const int RsaBitsMin = 2048;
    private const int EcSignatureBytes = 64;

    public string? Id => id;

    public string Algorithm => algorithm;

    public bool Verifies(Jwt token) => token.Algorithm == algorithm && verify(token.Signed, token.Signature);

    public static VerificationKey Of(string? id, ECDsa key) => new(id, "ES256", (signed, signature) => signature.Length == EcSignatureBytes
        && key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    /// <summary>A key as issuers show them (JWK); null for one of a kind that is not taken here.</summary>
    public static VerificationKey? Of(JsonElement jwk)
    {
        try
        {
            var (use, named) = (Member(jwk, "use"), Member(jwk, "alg"));
            if (use is not (null or "sig"))
            {
                return null;
            }

            return (Member(jwk, "kty"), Member(jwk, "crv")) switch
            {
                ("EC", "P-256") when named is null or "ES256" => Of(Member(jwk, "kid"), ECDsa.Create(Point(jwk))),
                ("RSA", _) when named is null or "RS256" => Of(Member(jwk, "kid"), Modulus(jwk)),
                _ => null,
            };
        }
        catch (Exception e) when (e is CryptographicException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static VerificationKey? Of(string? id, RSAParameters modulus)
    {
        var key = RSA.Create(modulus);
        return key.KeySize < RsaBitsMin ? null : new VerificationKey(id, "RS256", (signed, signature) => signature.Length == key.KeySize / 8
            && key.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static ECParameters Point(JsonElement jwk) => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = Bytes(jwk, "x"), Y = Bytes(jwk, "y") },
    };

    private static RSAParameters Modulus(JsonElement jwk) => new() { Modulus = Bytes(jwk, "n"), Exponent = Bytes(jwk, "e") };

    private static byte[] Bytes(JsonElement jwk, string name) => Base64Url.DecodeFromChars(Member(jwk, name) ?? throw new FormatException(name));

    private static string? Member(JsonElement jwk, string name) =>
        jwk.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
