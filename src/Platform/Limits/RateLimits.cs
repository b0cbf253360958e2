using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Observability;
using Remix.Platform.Settings;

namespace Remix.Platform.Limits;

/// <summary>Counts calls against the limit of their route and says in headers what is left.</summary>
public sealed class RateLimits(RemixSettings settings, TimeProvider clock) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, PartitionedRateLimiter<string>> limiters = new(StringComparer.Ordinal);

    /// <summary>Counts one call; throws the 429 when there was one too many.</summary>
    public void Count(HttpContext context, RateLimit limit)
    {
        var calls = limit.Calls(settings);
        var limiter = limiters.GetOrAdd(limit.Name, _ => PartitionedRateLimiter.Create<string, string>(key =>
            RateLimitPartition.Get(key, _ => new SlidingLog(calls, TimeSpan.FromSeconds(limit.WindowSeconds), clock))));
        using var lease = (SlidingLog.Lease)limiter.AttemptAcquire(Key(context, limit.Per));
        var verdict = lease.Verdict;
        var wait = (int)Math.Ceiling(verdict.Reset.TotalSeconds);

        var headers = context.Response.Headers;
        headers["X-RateLimit-Limit"] = calls.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Remaining"] = verdict.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Reset"] = (clock.GetUtcNow() + verdict.Reset).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        if (!verdict.Allowed)
        {
            Meters.RateLimited.Add(1, new KeyValuePair<string, object?>("limit", limit.Name));
            throw new Fault(429, "RATE_LIMITED", $"More than {calls} calls in {limit.WindowSeconds} seconds ({limit.Name})")
            {
                Hint = $"Wait {wait} second{(wait == 1 ? "" : "s")}, as Retry-After says, then go on. Nothing was lost.",
                RetryAfter = wait,
            };
        }
    }

    private static string Key(HttpContext context, RateLimitPer per)
    {
        var caller = context.Features.Get<CallerKeys>();
        return per switch
        {
            RateLimitPer.Key when caller?.ApiKeyId is { } key => key,
            RateLimitPer.Agent when caller?.AgentId is { } agent => agent,
            RateLimitPer.Agent or RateLimitPer.User when caller?.UserId is { } user => user,
            _ => context.Connection.RemoteIpAddress?.ToString() ?? "unknown",
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var limiter in limiters.Values)
        {
            await limiter.DisposeAsync();
        }
    }
}

/// <summary>Who calls, as far as counting goes; set by the module that knows tokens.</summary>
public sealed record CallerKeys(string? UserId, string? AgentId, string? ApiKeyId = null);

internal sealed class RateLimitMiddleware(RequestDelegate next, RateLimits limits)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RateLimit>() is { } limit)
        {
            limits.Count(context, limit);
        }

        return next(context);
    }
}
