using System.Threading.RateLimiting;

namespace Remix.Platform.Limits;

/// <summary>
/// A sliding window that remembers each call, so that what remains and when to come back are exact. The framework's own
/// sliding window works in segments and can only estimate both.
/// </summary>
internal sealed class SlidingLog(int calls, TimeSpan window, TimeProvider clock) : RateLimiter
{
    private readonly Queue<long> stamps = new();
    private readonly Lock gate = new();
    private long lastUsed = clock.GetTimestamp();

    public override TimeSpan? IdleDuration
    {
        get
        {
            var idle = clock.GetElapsedTime(Volatile.Read(ref lastUsed));
            return idle > window ? idle : null;
        }
    }

    /// <summary>Counts one call, if it is allowed.</summary>
    public Verdict Count()
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            lastUsed = now;
            while (stamps.TryPeek(out var oldest) && clock.GetElapsedTime(oldest, now) >= window)
            {
                stamps.Dequeue();
            }

            var allowed = stamps.Count < calls;
            if (allowed)
            {
                stamps.Enqueue(now);
            }

            return new Verdict(allowed, calls - stamps.Count, stamps.Count == 0 ? window : window - clock.GetElapsedTime(stamps.Peek(), now));
        }
    }

    protected override RateLimitLease AttemptAcquireCore(int permitCount) => new Lease(Count());

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
        ValueTask.FromResult(AttemptAcquireCore(permitCount));

    public override RateLimiterStatistics? GetStatistics()
    {
        lock (gate)
        {
            return new RateLimiterStatistics { CurrentAvailablePermits = calls - stamps.Count };
        }
    }

    /// <param name="Reset">How long until the oldest counted call falls out of the window.</param>
    internal readonly record struct Verdict(bool Allowed, int Remaining, TimeSpan Reset);

    internal sealed class Lease(Verdict verdict) : RateLimitLease
    {
        public Verdict Verdict { get; } = verdict;

        public override bool IsAcquired => Verdict.Allowed;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }
}
