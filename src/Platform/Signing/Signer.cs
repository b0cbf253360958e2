using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Remix.Platform.Data;
using Remix.Platform.Http;
using Remix.Platform.Text;

namespace Remix.Platform.Signing;

/// <summary>
/// Signs what the server hands out and will be shown again: addresses, short-lived tokens. The key is made once and kept
/// in the database, so that every node knows it. A purpose keeps signatures of one kind from counting as another.
/// </summary>
public sealed class Signer(Database database, TimeProvider clock)
{
    private const string KeyName = "signing";
    private const int KeyBytes = 32;

    private volatile byte[]? key;

    public async ValueTask<string> Sign(string purpose, string text) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(await Key(), Encoding.UTF8.GetBytes($"{purpose}\n{text}")));

    public async ValueTask<bool> IsSigned(string purpose, string text, string? signature) => signature is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(await Sign(purpose, text)), Encoding.UTF8.GetBytes(signature));

    /// <summary><c>base64url(payload).base64url(hmac)</c>.</summary>
    public async ValueTask<string> Token<T>(string purpose, T payload)
    {
        var text = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(payload, RemixJson.Options));
        return $"{text}.{await Sign(purpose, text)}";
    }

    /// <summary>The payload of a token that is ours; null for any other.</summary>
    public async ValueTask<T?> Read<T>(string purpose, string token) where T : class
    {
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && await IsSigned(purpose, token[..dot], token[(dot + 1)..])
            ? JsonSerializer.Deserialize<T>(Base64Url.DecodeFromChars(token.AsSpan(0, dot)), RemixJson.Options)
            : null;
    }

    private async ValueTask<byte[]> Key() => key ??= Convert.FromHexString(await Find() ?? await Make());

    private Task<string?> Find() => database.Read(session => session.Scalar<string>("select value from server_keys where name = $1", KeyName));

    private Task<string> Make() => database.Write(async session =>
    {
        await session.Execute("insert into server_keys (name, value, created_at) values ($1, $2, $3) on conflict (name) do nothing",
            KeyName, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes)), clock.NowMs());
        return await session.Scalar<string>("select value from server_keys where name = $1", KeyName)
            ?? throw new InvalidOperationException("The signing key was not kept.");
    });
}
