using System.Globalization;
using Remix.Bench.Servers;

namespace Remix.Bench.Benches;

/// <summary>Many workspaces whose agents are called in random order: what the server and all its processes hold.</summary>
internal sealed class CloudManyBench : IBench
{
    private const int Workspaces = 200;
    private const int Calls = 600;
    private const int Callers = 4;
    private const double MebibytesMax = 2048;

    public string Name => "cloud-many";
    public string Says => $"{Workspaces} workspaces with an agent each, called in random order: memory of the server and its processes";

    public async Task Run(Arena arena, Report report)
    {
        await using var server = await OurServer.Start(arena, arena.Directory.CreateSubdirectory("cloud-many"));
        await using var cloud = await Cloud.Enter(server, "cloud-many", arena.Stop);
        for (var i = 0; i < Workspaces; i++)
        {
            await cloud.Workspace($"many-{i}", arena.Stop);
        }

        var order = Enumerable.Range(0, Calls).Select(i => i % Workspaces).ToArray();
        new Random(1).Shuffle(order);
        var most = 0.0;
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < Calls;)
            {
                await cloud.Run($"many-{order[i]}", "sum", arena.Stop);
                if (i % 25 == 0)
                {
                    most = Math.Max(most, Mebibytes(server.Process.Id));
                }
            }
        })));
        report.AtMost($"{Workspaces} workspaces, {Calls} runs in random order: memory", Math.Max(most,
            Mebibytes(server.Process.Id)), "MiB", MebibytesMax);
    }

    /// <summary>The process and all below it, what they share counted in parts.</summary>
    private static double Mebibytes(int root)
    {
        var children = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
            .Select(name => (Id: int.Parse(name!, CultureInfo.InvariantCulture), Parent: Field($"/proc/{name}/status", "PPid:")))
            .Where(process => process.Parent > 0).ToLookup(process => (int)process.Parent, process => process.Id);
        return Below(root) / 1024.0;

        double Below(int id) => Field($"/proc/{id}/smaps_rollup", "Pss:") + children[id].Sum(Below);
    }

    private static long Field(string file, string name)
    {
        try
        {
            var line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line[name.Length..].Replace("kB", "",
                StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
