using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Remix.Bench.Servers;

/// <summary>Our server, as bin/run builds it, on a directory of its own; only its rate limits are out of the way.</summary>
internal sealed class OurServer : IAsyncDisposable
{
    private static readonly Dictionary<string, string> Unlimited = new(StringComparer.Ordinal)
    {
        ["RATE_LIMIT_MESSAGES"] = "100000000",
        ["RATE_LIMIT_REGISTER"] = "100000000",
        ["RATE_LIMIT_AUTH"] = "100000000",
        ["REMIX_RATE_LIMIT_FACTOR"] = "1000000",
    };

    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(30);

    private OurServer(ChildProcess process, int port, int cloudPort, TimeSpan startTime)
    {
        Process = process;
        Port = port;
        CloudAddress = new Uri($"http://127.0.0.1:{Text(cloudPort)}");
        StartTime = startTime;
    }

    public ChildProcess Process { get; }
    public int Port { get; }
    public TimeSpan StartTime { get; }
    public Uri CloudAddress { get; }
    public Uri Address => new($"http://127.0.0.1:{Port}");
    public IPEndPoint EndPoint => new(IPAddress.Loopback, Port);

    /// <param name="database">A PostgreSQL connection string; null for SQLite in the directory.</param>
    public static async Task<OurServer> Start(Arena arena, DirectoryInfo data, string? database = null)
    {
        var assembly = Environment.GetEnvironmentVariable("REMIX_BENCH_SERVER")
            ?? throw new BenchException("REMIX_BENCH_SERVER names no server. bin/bench sets it.");
        var (port, cloudPort) = (Arena.FreePort(), Arena.FreePort());
        var started = Stopwatch.GetTimestamp();
        var process = ChildProcess.Start(
            Path.Combine(arena.Directory.FullName, $"server-{port}.log"),
            "dotnet",
            [assembly, "--port", Text(port), "--cloud-port", Text(cloudPort), "--data", data.FullName, "--no-welcome",
                .. database is null ? Array.Empty<string>() : ["--database", database]],
            Unlimited);
        try
        {
            await Ready(process, port, arena.Stop);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }

        return new(process, port, cloudPort, Stopwatch.GetElapsedTime(started));
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private static async Task Ready(ChildProcess process, int port, CancellationToken stop)
    {
        using var http = new HttpClient();
        var address = new Uri($"http://127.0.0.1:{port}/ready");
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < StartMax;)
        {
            process.ThrowIfGone();
            try
            {
                using var response = await http.GetAsync(address, stop);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(5, stop);
        }

        throw new BenchException($"the server was not ready after {StartMax.TotalSeconds} s");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
