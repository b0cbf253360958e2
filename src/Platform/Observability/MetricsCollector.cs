using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Remix.Platform.Data;
using Remix.Platform.Health;
using Remix.Platform.Jobs;
using Remix.Platform.Realtime;

namespace Remix.Platform.Observability;

/// <summary>Collects the server's own instruments, the runtime's, and every module's counts.</summary>
public sealed class MetricsCollector : IDisposable
{
    private readonly PrometheusText exporter = new();
    private readonly MeterProvider provider;
    private readonly Meter gauges = new("remix.gauges");

    public MetricsCollector(Database database, LiveHub hub, JobQueue jobs, IEnumerable<StatusCount> counts)
    {
        gauges.CreateObservableGauge("remix_live_connections", () => hub.Connections, null, "Open WebSockets and event streams.");
        gauges.CreateObservableGauge("remix_db_pool_active", () => database.Pool().Active, null, "Database connections in use.");
        gauges.CreateObservableGauge("remix_db_pool_idle", () => database.Pool().Idle, null, "Database connections kept idle.");
        gauges.CreateObservableGauge("remix_db_pool_max", () => database.Pool().Max, null, "Database connections allowed.");
        gauges.CreateObservableGauge("remix_memory_bytes", () => Environment.WorkingSet, null, "Resident memory of the process.");
        gauges.CreateObservableGauge("remix_jobs_waiting", () => jobs.Waiting().GetAwaiter().GetResult(), null, "Jobs due or running.");
        foreach (var count in counts)
        {
            gauges.CreateObservableGauge("remix_" + count.Name, () => database.Read(count.Read).GetAwaiter().GetResult(), null, count.Description);
        }

        provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(Meters.Remix.Name, gauges.Name)
            .AddReader(new BaseExportingMetricReader(exporter) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative })
            .Build();
    }

    public string Scrape() => exporter.Scrape();

    public void Dispose()
    {
        provider.Dispose();
        gauges.Dispose();
    }
}
