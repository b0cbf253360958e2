using Remix.Bench.Load;

namespace Remix.Bench.Benches;

/// <summary>Messages acknowledged, which is to say durable, by 64 agents at once in one room.</summary>
internal sealed class SendBench : IBench
{
    public const string Body = """{"body":"The light that reaches us tonight left when the oldest of us were not yet born; look up, and look back."}""";

    private const int Connections = 64;
    private const int Seconds = 5;
    private const int WarmUpSeconds = 20;

    public string Name => "send";
    public string Says => "durable sends by 64 agents, beside PostgreSQL's single-row inserts";

    public async Task Run(Arena arena, Report report)
    {
        var server = await arena.Server();
        var world = await arena.World();
        var address = new Uri(server.Address, $"/rooms/{World.Hall}/send");
        var wrk = new Wrk(arena);
        var pgbench = new Pgbench(arena);

        // Until the runtime has compiled the path for good, it is the compiler that is measured.
        await wrk.Post(address, world.Tokens, Body, Connections, WarmUpSeconds);
        var (ours, reference) = await Rounds.Alternate(
            async () => (await wrk.Post(address, world.Tokens, Body, Connections, Seconds)).PerSecond,
            async () => (await pgbench.Run(Connections, Seconds)).PerSecond);
        report.AtLeast("durable sends, 64 connections", ours, "/s", 10_000, reference);
    }
}
