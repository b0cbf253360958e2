using System.Security.Cryptography;

namespace Remix.Identity.ApiKeys;

/// <summary>A key with which a program acts for a person, as far as it is kept: never the key itself.</summary>
internal sealed record ApiKey(Guid Id, string Name, string Prefix, long CreatedAt, long? LastUsed)
{
    public const string Mark = "sk_live_";
    public const int NameLengthMax = 80;
    public const int PerUserMax = 20;

    /// <summary>How much of a key is shown in lists: enough to tell two apart.</summary>
    private const int PrefixLength = 14;

    private const int SecretLength = 40;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>238 random bits.</summary>
    public static string NewSecret() => Mark + RandomNumberGenerator.GetString(Letters, SecretLength);

    public static string PrefixOf(string secret) => secret[..PrefixLength];
}

/// <summary>Whom a key stands for; no user when the account was deleted.</summary>
internal sealed record ApiKeyHolder(Guid Id, string? UserId, bool IsBanned);
