using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Remix.Rooms.Webhooks;

/// <summary>
/// Signs a delivery twice: in the platform's own form over the body, and in that of Standard Webhooks over id, time and
/// body, which a receiver can check for age as well.
/// </summary>
internal static class WebhookSignature
{
    public static IEnumerable<(string Name, string Value)> Headers(string secret, string id, long unixSeconds, byte[] body)
    {
        var time = unixSeconds.ToString(CultureInfo.InvariantCulture);
        yield return ("X-Remix-Signature", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body)));
        yield return ("webhook-id", id);
        yield return ("webhook-timestamp", time);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{time}."), .. body];
        yield return ("webhook-signature", "v1," + Convert.ToBase64String(HMACSHA256.HashData(Key(secret), signed)));
    }

    /// <summary>What follows <c>whsec_</c> is base64; a secret of another form is taken as its bytes.</summary>
    private static byte[] Key(string secret) => secret.StartsWith(Webhook.SecretPrefix, StringComparison.Ordinal)
        ? Convert.FromBase64String(secret[Webhook.SecretPrefix.Length..])
        : Encoding.UTF8.GetBytes(secret);
}
