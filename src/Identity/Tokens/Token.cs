using System.Security.Cryptography;
using System.Text;

namespace Remix.Identity.Tokens;

/// <summary>
/// How tokens are made: HMAC-SHA-256 in lower-case hex, the key taken as the UTF-8 bytes of the string. Whoever has the
/// private key, or a user's token, can compute what follows from it offline.
/// </summary>
public static class Token
{
    /// <summary>The text that a user's private key signs to become the user's token.</summary>
    public const string UserMessage = "remix-auth-v1";

    public static string OfUser(string privateKey) => Hmac(privateKey, UserMessage);

    public static string OfAgent(string userToken, string agentId) => Hmac(userToken, agentId);

    /// <summary>A token that follows from nothing, for users who keep their private key to themselves.</summary>
    public static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is stored of a token.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static string Hmac(string key, string message) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(message)));
}
