using Remix.Bench.Load;

namespace Remix.Bench.Benches;

/// <summary>How long one sender waits for one message, with nobody else about.</summary>
internal sealed class SendLatencyBench : IBench
{
    private const int Seconds = 3;

    public string Name => "send-latency";
    public string Says => "one durable send at a time, beside one insert at a time";

    public async Task Run(Arena arena, Report report)
    {
        var server = await arena.Server();
        var world = await arena.World();
        var address = new Uri(server.Address, $"/rooms/{World.Hall}/send");
        var wrk = new Wrk(arena);
        var pgbench = new Pgbench(arena);
        var slow = new List<double>();
        await wrk.Post(address, world.Tokens, SendBench.Body, 1, 1);
        var (ours, reference) = await Rounds.Alternate(
            async () =>
            {
                var result = await wrk.Post(address, world.Tokens, SendBench.Body, 1, Seconds);
                slow.Add(result.Percentile99Ms);
                return result.MedianMs;
            },
            async () => (await pgbench.Run(1, Seconds)).AverageMs);
        report.Plain("one send, p50 (reference: average)", ours, "ms", reference);
        report.Plain("one send, p99", Rounds.Median(slow), "ms");
    }
}
