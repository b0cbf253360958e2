using System.Diagnostics;
using Remix.Bench.Load;
using Remix.Bench.Servers;

namespace Remix.Bench.Benches;

/// <summary>15,000 WebSockets on one process: what each costs, and that all of them hear what is said.</summary>
internal sealed class ManySocketsBench : IBench
{
    private const int WarmUp = 200;
    private const int Sockets = 15_000;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan HearingMax = TimeSpan.FromSeconds(30);

    public string Name => "sockets-15000";
    public string Says => "memory of 15,000 idle WebSockets in one process, and one message to all of them";
    public bool OnRequest => true;

    public async Task Run(Arena arena, Report report)
    {
        await using var server = await OurServer.Start(arena, arena.Directory.CreateSubdirectory("many-sockets"));
        var world = await World.Make(server, arena.Stop);
        await using var first = await Open(server, world, WarmUp, arena.Stop);
        await Task.Delay(Rest, arena.Stop);
        var before = server.Process.ResidentBytes();
        await using var many = await Open(server, world, Sockets, arena.Stop);
        await Task.Delay(Rest, arena.Stop);
        report.AtMost("memory per idle socket of 15,000", (server.Process.ResidentBytes() - before) / 1024.0 / Sockets, "KB", 12);
        report.AtLeast("of 15,000, still open", many.Alive, "sockets", Sockets);

        var all = many.Expect(Sockets);
        var started = Stopwatch.GetTimestamp();
        await world.Say(World.Hall, System.Text.Encoding.ASCII.GetString(Swarm.Marker), arena.Stop);
        try
        {
            var ended = await all.WaitAsync(HearingMax, arena.Stop);
            report.Plain("one message to 15,000, until the last has heard it", Stopwatch.GetElapsedTime(started, ended).TotalMilliseconds, "ms");
        }
        catch (TimeoutException)
        {
            throw new BenchException($"only {many.Seen:N0} of {Sockets:N0} sockets heard the message in {HearingMax.TotalSeconds} s");
        }
    }

    private static Task<Swarm> Open(OurServer server, World world, int count, CancellationToken stop) => Swarm.Open(
        server.EndPoint, $"/rooms/{World.Hall}/ws", count,
        i => FanOutBench.Auth(world.Tokens[i % World.AgentCount]), "\"hello\"", stop);
}
