using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Remix.Bench.Load;
using Remix.Bench.Servers;
using Remix.JsRuntime;
using Remix.Platform.Http.Outbound;
using Remix.Platform.Settings;

namespace Remix.Bench.Benches;

/// <summary>
/// An agent's call without the HTTP in front of it, beside workerd with nothing of ours around it; both are called from this
/// process, over a unix socket.
/// </summary>
internal sealed class AgentRuntimeBench : IBench
{
    private const int Callers = 16;
    private const int Seconds = 3;
    private const int Cold = 15;
    private const string Agent = "export default async (params) => ({ sum: params.a + params.b })";
    private static readonly byte[] Params = """{"a":1,"b":2}"""u8.ToArray();

    public string Name => "js";
    public string Says => "runs of a small agent, beside raw workerd's loader; cold agents, cold processes";

    public async Task Run(Arena arena, Report report)
    {
        await using var services = Services(out var binary);
        var runtime = services.GetRequiredService<AgentRuntime>();
        await using var raw = await RawWorkerd.Start(arena, binary, Agent);
        await Call(runtime, "warm", "agent", arena.Stop);
        await Call(raw, arena.Stop);
        var (ours, reference) = await Rounds.Alternate(
            () => Calls.Throughput(Callers, Seconds, () => Call(runtime, "warm", "agent", arena.Stop)),
            () => Calls.Throughput(Callers, Seconds, () => Call(raw, arena.Stop)));
        report.Ratio($"agent, warm, {Callers} at once", ours, reference, "runs/s", 0.5);
        var (median, rawMedian) = await Rounds.Alternate(
            () => Calls.Median(500, _ => Call(runtime, "warm", "agent", arena.Stop)), () => Calls.Median(500, _ => Call(raw, arena.Stop)));
        report.AtMost("agent, warm, one at a time, p50", median, "ms", 1.5);
        report.Plain("raw workerd, one at a time, p50", rawMedian, "ms");
        report.AtMost("agent, cold, in a live process, p50",
            await Calls.Median(Cold, i => Call(runtime, "warm", $"agent-{i}", arena.Stop)), "ms", 15);
        report.AtMost("agent, cold, no process yet, p50", await Calls.Median(Cold, i => Call(runtime, $"cold-{i}", "agent", arena.Stop)), "ms", 150);
    }

    private static ServiceProvider Services(out string binary)
    {
        binary = Binary();
        var settings = new RemixSettings { Workerd = binary };
        var services = new ServiceCollection().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error)).AddSingleton(settings)
            .AddSingleton<ResolveHost>(Dns.GetHostAddressesAsync).AddSingleton<OutboundGuard>().AddSingleton<OutboundHttp>();
        new JsRuntimeModule().AddServices(services, settings);
        return services.BuildServiceProvider();
    }

    internal static string Binary()
    {
        var package = Path.Combine(Root(), "src/JsRuntime/Workerd/node_modules/@cloudflare");
        return Directory.EnumerateFiles(package, "workerd", SearchOption.AllDirectories).FirstOrDefault()
            ?? throw new BenchException("workerd is missing: bin/setup workerd fetches it");
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "global.json")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new BenchException("This is not run from the sources");
        }

        return folder;
    }

    private static async Task Call(AgentRuntime runtime, string tenant, string key, CancellationToken stop)
    {
        var result = await runtime.Run(new JsRun(new JsTenant(tenant), key, _ => ValueTask.FromResult(new JsModules("agent.js",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["agent.js"] = Agent })), Params, "{}"u8.ToArray(), TimeSpan.FromSeconds(30),
            new Nobody()), stop);
        if (result.Value?.GetProperty("sum").GetInt32() != 3)
        {
            throw new BenchException(result.Error?.Message ?? "The run gave another sum");
        }
    }

    private static async Task Call(RawWorkerd raw, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://raw/") { Content = new ByteArrayContent(Params) };
        using var response = await raw.Client.SendAsync(request, stop);
        var text = await response.Content.ReadAsStringAsync(stop);
        if (text != """{"sum":3}""")
        {
            throw new BenchException(string.Create(CultureInfo.InvariantCulture, $"Raw workerd answered {text}"));
        }
    }

    /// <summary>A host of agents that ask nothing.</summary>
    private sealed class Nobody : IJsHost
    {
        public Task<ReadOnlyMemory<byte>> Call(string operation, ReadOnlyMemory<byte> arguments, CancellationToken stop) =>
            throw new JsHostException("Nothing is here");
    }
}
