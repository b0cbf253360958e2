using Remix.Bench.Load;
using Remix.Bench.Servers;

namespace Remix.Bench.Benches;

/// <summary>What an authenticated WebSocket costs while nothing happens: the server's growth over 5,000 of them.</summary>
internal sealed class SocketMemoryBench : IBench
{
    private const int WarmUp = 200;
    private const int Sockets = 5000;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(4);

    public string Name => "socket-memory";
    public string Says => "resident memory per idle WebSocket, over 5,000";

    public async Task Run(Arena arena, Report report)
    {
        await using var server = await OurServer.Start(arena, arena.Directory.CreateSubdirectory("sockets"));
        var world = await World.Make(server, arena.Stop);
        await using var first = await Open(server, world, WarmUp, arena.Stop);
        await Task.Delay(Rest, arena.Stop);
        var before = server.Process.ResidentBytes();
        await using var many = await Open(server, world, Sockets, arena.Stop);
        await Task.Delay(Rest, arena.Stop);
        report.AtMost("memory per idle socket", (server.Process.ResidentBytes() - before) / 1024.0 / Sockets, "KB", 12);
    }

    private static Task<Swarm> Open(OurServer server, World world, int count, CancellationToken stop) => Swarm.Open(
        server.EndPoint, $"/rooms/{World.Hall}/ws", count,
        i => FanOutBench.Auth(world.Tokens[i % World.AgentCount]), "\"hello\"", stop);
}
