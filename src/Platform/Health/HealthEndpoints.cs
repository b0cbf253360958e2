using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Jobs;
using Remix.Platform.Observability;
using Remix.Platform.Realtime;

namespace Remix.Platform.Health;

/// <summary>A number a module wants in /health and /ready, and as a gauge in the metrics.</summary>
public sealed record StatusCount(string Name, string Description, Func<SqlSession, ValueTask<long>> Read);

/// <summary>For load balancers, probes and the operator.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var ops = routes.MapGroup("").WithTags("ops");
        ops.MapGet("/health", Health).WithSummary("Detailed health");
        ops.MapGet("/health/live", () => new LiveView("ok")).WithSummary("Whether the process answers");
        ops.MapGet("/ready", Ready).WithSummary("Whether it can take traffic");
        ops.MapGet("/metrics", Metrics).WithSummary("Metrics for Prometheus").Produces<string>(200, "text/plain");
    }

    private static async Task<HealthView> Health(Database database, JobQueue jobs, LiveHub hub, IEnumerable<StatusCount> counts)
    {
        var (latencyMs, values) = await Probe(database, counts);
        return new HealthView("ok", new DatabaseHealth(database.Kind.Name, latencyMs, database.Pool().Max), await jobs.Waiting(),
            values.GetValueOrDefault("agents_online"), hub.Connections, Memory());
    }

    private static async Task<Dictionary<string, object>> Ready(Database database, JobQueue jobs,
        IEnumerable<StatusCount> counts, Lifecycle lifecycle)
    {
        if (lifecycle.IsStopping)
        {
            throw new Fault(503, "STOPPING", "The server is stopping") { RetryAfter = 5 };
        }

        var (latencyMs, values) = await Probe(database, counts);
        var pool = database.Pool();
        var ready = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["status"] = "ready",
            ["db_latency_ms"] = latencyMs,
            ["db_pool"] = new PoolView(pool.Active, pool.Idle, pool.Active + pool.Idle, pool.Max, 0),
            ["event_queue_depth"] = await jobs.Waiting(),
            ["uptime_s"] = (long)(DateTime.UtcNow - Process.GetCurrentProcess().StartTime.ToUniversalTime()).TotalSeconds,
        };
        foreach (var (name, value) in values)
        {
            ready[name] = value;
        }

        return ready;
    }

    private static IResult Metrics(MetricsCollector collector) => Results.Text(collector.Scrape(), "text/plain; version=0.0.4; charset=utf-8");

    private static async Task<(double LatencyMs, Dictionary<string, long> Values)> Probe(Database database, IEnumerable<StatusCount> counts)
    {
        try
        {
            var started = Stopwatch.GetTimestamp();
            await database.Read(session => session.Scalar<long>("select count(*) from migrations"));
            var latency = Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 3);
            var values = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var count in counts)
            {
                values[count.Name] = await database.Read(count.Read);
            }

            return (latency, values);
        }
        catch (Exception e) when (DatabaseKind.IsUnavailable(e))
        {
            throw new Fault(503, "DATABASE_UNAVAILABLE", "The database cannot be reached") { RetryAfter = 2 };
        }
    }

    private static MemoryView Memory() => new(
        Math.Round(Environment.WorkingSet / 1048576.0, 1), Math.Round(GC.GetTotalMemory(false) / 1048576.0, 1));

    internal sealed record LiveView(string Status);

    internal sealed record HealthView(string Status, DatabaseHealth Db, long EventsQueued, long AgentsOnline, long Connections, MemoryView Memory);

    internal sealed record DatabaseHealth(string Kind, double LatencyMs, int MaxConnections);

    internal sealed record MemoryView(double RssMb, double HeapUsedMb);

    internal sealed record PoolView(int Active, int Idle, int Total, int Max, int Waiting);
}
