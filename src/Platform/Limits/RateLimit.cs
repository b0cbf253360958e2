using Microsoft.AspNetCore.Builder;
using Remix.Platform.Settings;

namespace Remix.Platform.Limits;

/// <summary>Whom a limit counts: one agent, one user with all its agents, one API key, or one address.</summary>
public enum RateLimitPer
{
    Agent,
    User,
    Key,
    Address,
}

/// <summary>At most so many calls in a sliding window, counted per caller. Named in the route table: <c>.Limited(X)</c>.</summary>
public sealed record RateLimit(string Name, RateLimitPer Per, int WindowSeconds, Func<RemixSettings, int> Calls)
{
    /// <summary>A limit of the reference, which <c>REMIX_RATE_LIMIT_FACTOR</c> multiplies.</summary>
    public static RateLimit PerMinute(string name, RateLimitPer per, int calls) => new(name, per, 60, settings => Multiplied(settings, calls));

    public static RateLimit PerHour(string name, RateLimitPer per, int calls) => new(name, per, 3600, settings => Multiplied(settings, calls));

    private static int Multiplied(RemixSettings settings, int calls) => (int)Math.Min((long)calls * settings.RateLimitFactor, int.MaxValue);
}

public static class RateLimitRoutes
{
    public static TBuilder Limited<TBuilder>(this TBuilder builder, RateLimit limit) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(limit);
}
