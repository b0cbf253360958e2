using Remix.Bench.Servers;

namespace Remix.Bench.Benches;

/// <summary>What the server keeps in memory when nobody asks anything of it.</summary>
internal sealed class IdleMemoryBench : IBench
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public string Name => "idle-memory";
    public string Says => "resident memory, five seconds after the start";

    public async Task Run(Arena arena, Report report)
    {
        await using var server = await OurServer.Start(arena, arena.Directory.CreateSubdirectory("idle"));
        await Task.Delay(Rest, arena.Stop);
        report.AtMost("idle memory", server.Process.ResidentBytes() / 1024.0 / 1024.0, "MB", 150);
    }
}
