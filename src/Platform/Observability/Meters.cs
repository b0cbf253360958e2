using System.Diagnostics.Metrics;

namespace Remix.Platform.Observability;

/// <summary>The instruments of the server. Names follow Prometheus, since that is how they are read.</summary>
public static class Meters
{
    public static readonly Meter Remix = new("remix");

    public static readonly Histogram<double> RequestSeconds = Remix.CreateHistogram(
        "remix_http_request_duration_seconds", "s", "How long requests took, by route, method and status.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10] });

    public static readonly Counter<long> RateLimited = Remix.CreateCounter<long>(
        "remix_rate_limited", null, "Calls refused by a rate limit, by limit.");
}
