using Remix.Bench.Servers;

namespace Remix.Bench.Benches;

/// <summary>From the command to the first answer of /ready: with nothing there yet, and as after a restart.</summary>
internal sealed class StartBench : IBench
{
    public string Name => "start";
    public string Says => "from the command to ready";

    public async Task Run(Arena arena, Report report)
    {
        var first = new List<double>();
        var again = new List<double>();
        for (var round = 0; round < Rounds.Count; round++)
        {
            var data = arena.Directory.CreateSubdirectory($"start-{round}");
            first.Add(await Start(arena, data));
            again.Add(await Start(arena, data));
        }

        report.AtMost("start, empty data directory", Rounds.Median(first), "s", 1.5);
        report.AtMost("start, existing data", Rounds.Median(again), "s", 1.5);
    }

    private static async Task<double> Start(Arena arena, DirectoryInfo data)
    {
        await using var server = await OurServer.Start(arena, data);
        return server.StartTime.TotalSeconds;
    }
}
