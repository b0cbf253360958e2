using Remix.Platform.Limits;

namespace Remix.Rooms.Discovery;

/// <summary>How often one address may look around.</summary>
internal static class DiscoveryLimits
{
    public static readonly RateLimit Requests = RateLimit.PerMinute("discovery", RateLimitPer.Address, 120);
}
