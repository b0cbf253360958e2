using System.Collections.Concurrent;
using System.Text.Json;
using Remix.Platform.Faults;
using Remix.Platform.Settings;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Tokens;

/// <summary>
/// Signed token → caller: our own, and the outside issuer's. What was found good is kept for a minute, so that a busy
/// caller's signature is not computed at each call.
/// </summary>
internal sealed class SignedTokens(TokenKey own, OutsideKeys outside, RemixSettings settings, TimeProvider clock)
{
    private const int KnownMax = 10_000;
    private const long KeptMs = 60_000;
    private const int TextLengthMax = 255;

    /// <summary>By how much clocks may differ.</summary>
    private const int SkewSeconds = 30;

    private readonly ConcurrentDictionary<string, (CloudCaller Caller, long Until)> known = new(StringComparer.Ordinal);

    public async ValueTask<CloudCaller> Find(string token)
    {
        if (known.TryGetValue(token, out var entry) && entry.Until > clock.NowMs())
        {
            return entry.Caller;
        }

        var jwt = Jwt.Parse(token);
        if (jwt.Algorithm is not ("ES256" or "RS256"))
        {
            throw CloudCallers.Bad("TOKEN_ALGORITHM", $"The algorithm {Shown(jwt.Algorithm)} is not taken: tokens are signed with ES256 or RS256");
        }

        var isOwn = await IsOurs(jwt);
        var key = isOwn ? await own.Verification() : (await outside.For(jwt)).FirstOrDefault(key => key.Verifies(jwt));
        if (key is null || !key.Verifies(jwt))
        {
            throw isOwn || jwt.KeyId is null ? CloudCallers.Bad("TOKEN_SIGNATURE", "The token's signature is wrong")
                : CloudCallers.Bad("TOKEN_SIGNATURE", $"The token's signature is wrong, or its key {Shown(jwt.KeyId)} is not known here");
        }

        var caller = Believe(jwt, isOwn, out var expires);
        if (known.Count >= KnownMax)
        {
            known.Clear();
        }

        known[token] = (caller, Math.Min(clock.NowMs() + KeptMs, expires));
        return caller;
    }

    /// <summary>Ours by the key it names. Without a name, and without an outside issuer, nobody else's is taken anyway.</summary>
    private async ValueTask<bool> IsOurs(Jwt jwt)
    {
        var isOurs = jwt.KeyId is null ? !outside.AreUsed || Jwt.Text(jwt.Claims, "iss") == TokenKey.Issuer
            : jwt.KeyId == (await own.Verification()).Id;
        return isOurs || outside.AreUsed ? isOurs
            : throw CloudCallers.Bad("TOKEN_KEY_UNKNOWN", $"The token was signed with the key {Shown(jwt.KeyId!)}, which is not known here");
    }

    /// <summary>The caller that a token with a good signature speaks of.</summary>
    private CloudCaller Believe(Jwt jwt, bool isOwn, out long expiresMs)
    {
        expiresMs = CheckTimes(jwt);
        var issuer = Jwt.Text(jwt.Claims, "iss");
        var wanted = isOwn ? TokenKey.Issuer : settings.Cloud.Issuer;
        if (wanted is not null ? issuer != wanted : issuer == TokenKey.Issuer)
        {
            throw CloudCallers.Bad("TOKEN_ISSUER", $"The token's issuer {Shown(issuer ?? "(none)")} is not the one it would have to be");
        }

        issuer ??= settings.Cloud.JwksUrl!.Split('#')[0];
        var subject = Jwt.Text(jwt.Claims, "sub");
        if (!IsSensible(issuer) || issuer.Contains('#', StringComparison.Ordinal) || subject is null || !IsSensible(subject))
        {
            throw Jwt.Malformed($"It must name who it is for (sub) and by whom (iss), in at most {TextLengthMax} characters.");
        }

        if (!isOwn && settings.Cloud.Audience is { } audience && !IsFor(jwt.Claims, audience))
        {
            throw CloudCallers.Bad("TOKEN_AUDIENCE", "The token is not meant for this server (aud)");
        }

        return CloudCaller.OfToken(issuer, subject, VerifiedEmail(jwt.Claims, isOwn), isOwn);
    }

    private long CheckTimes(Jwt jwt)
    {
        var now = clock.NowMs() / 1000.0;
        if (Jwt.Seconds(jwt.Claims, "exp") is not { } expires)
        {
            throw Jwt.Malformed("It never expires (exp); make one that does.");
        }

        if (expires <= now)
        {
            throw CloudCallers.Bad("TOKEN_EXPIRED", "The token has expired");
        }

        if (Jwt.Seconds(jwt.Claims, "nbf") > now + SkewSeconds || Jwt.Seconds(jwt.Claims, "iat") > now + SkewSeconds)
        {
            throw CloudCallers.Bad("TOKEN_NOT_YET_VALID", "The token is not valid yet");
        }

        return (long)Math.Min(expires * 1000, long.MaxValue / 2);
    }

    /// <summary>An outside issuer must say that it verified the address: many let people write in whatever they like.</summary>
    private static string? VerifiedEmail(JsonElement claims, bool isOwn)
    {
        var isVerified = claims.TryGetProperty("email_verified", out var verified)
            ? verified.ValueKind == JsonValueKind.True || (verified.ValueKind == JsonValueKind.String && verified.ValueEquals("true"))
            : isOwn;
        return isVerified ? Jwt.Text(claims, "email") : null;
    }

    private static bool IsFor(JsonElement claims, string audience) => claims.TryGetProperty("aud", out var named) && named.ValueKind switch
    {
        JsonValueKind.String => named.ValueEquals(audience),
        JsonValueKind.Array => named.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(audience)),
        _ => false,
    };

    private static bool IsSensible(string text) => text.Length is > 0 and <= TextLengthMax && !text.Any(char.IsControl);

    private static string Shown(string text) => text.Length <= 64 ? text : text[..63] + "…";
}
