using Remix.Platform.Limits;

namespace Remix.Identity;

/// <summary>How often one address may register, or try tokens.</summary>
public static class AuthLimits
{
    public static readonly RateLimit Registrations = new("registrations", RateLimitPer.Address, 60, settings => settings.RegistrationsPerMinute);

    public static readonly RateLimit Attempts = new("authentication attempts", RateLimitPer.Address, 60, settings => settings.AuthAttemptsPerMinute);
}
