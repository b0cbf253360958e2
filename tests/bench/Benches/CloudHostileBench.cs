using System.Diagnostics;
using Remix.Bench.Servers;

namespace Remix.Bench.Benches;

/// <summary>What a hostile workspace costs the one beside it.</summary>
internal sealed class CloudHostileBench : IBench
{
    private const int Attackers = 2;
    private const int DeadlineMs = 2000;
    private const double RatioMax = 2;
    private const int Rounds = 3;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(4);

    private static readonly (string Name, string Code)[] Attacks =
    [
        ("endless-loop", "export default () => { for (;;); }"),
        ("top-level-loop", "for (;;);\nexport default () => ({});"),
        ("heap-bomb", "export default () => { const a = []; for (;;) a.push(new Array(1e5).fill({ x: a.length })); };"),
        ("buffer-bomb", "export default () => { const a = []; for (;;) a.push(new Uint8Array(16 << 20).fill(1)); };"),
        ("bad-regex", "export default () => ({ m: /^(a+)+$/.test('a'.repeat(60) + '!') });"),
        ("left-behind", "export default () => { setInterval(() => { for (let i = 0; i < 1e8; i++); }, 1); return { s: 'x'.repeat(8e6) }; };"),
        ("log-flood", "export default () => { for (let i = 0; i < 5000; i++) console.log('flood '.repeat(1000)); return {}; };"),
        ("thousand-fetches",
            "export default () => Promise.all(Array.from({ length: 1000 }, () => fetch('https://127.0.0.1/').catch(() => 0))).then(() => ({}));"),
        ("call-flood",
            "export default async (p, remix) => { for (;;) await Promise.all(Array.from({ length: 100 }, () => remix.db.head())); };"),
    ];

    public string Name => "cloud-hostile";
    public string Says => "an agent's run beside a hostile workspace: its p99 against its p99 alone, and its errors";

    public async Task Run(Arena arena, Report report)
    {
        await using var server = await OurServer.Start(arena, arena.Directory.CreateSubdirectory("cloud-hostile"));
        await using var cloud = await Cloud.Enter(server, "cloud-hostile", arena.Stop);
        await cloud.Workspace("good", arena.Stop);
        await cloud.Workspace("bad", arena.Stop);
        await Listen(cloud, Round, arena.Stop);
        foreach (var (name, code) in Attacks)
        {
            await cloud.Write("bad", name, arena.Stop, code);
            var errors = 0;
            var (beside, alone) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                alone.Add((await Listen(cloud, Round, arena.Stop)).P99);
                var heard = await Beside(cloud, name, arena.Stop);
                beside.Add(heard.P99);
                errors += heard.Errors;
            }

            report.AtMost($"beside {name}: p99", Bench.Rounds.Median(beside), "ms", RatioMax * Bench.Rounds.Median(alone),
                Bench.Rounds.Median(alone));
            report.AtMost($"beside {name}: errors", errors, "", 0);
        }
    }

    private static async Task<(double P99, int Errors)> Beside(Cloud cloud, string attack, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var attackers = Enumerable.Range(0, Attackers).Select(_ => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await cloud.TryRun("bad", attack, DeadlineMs, stop);
            }
        })).ToArray();
        var heard = await Listen(cloud, Round, stop);
        await over.CancelAsync();
        await Task.WhenAll(attackers);
        return heard;
    }

    /// <summary>Calls the good workspace one call after the other.</summary>
    private static async Task<(double P99, int Errors)> Listen(Cloud cloud, TimeSpan length, CancellationToken stop)
    {
        var times = new List<double>();
        var errors = 0;
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < length;)
        {
            var called = Stopwatch.GetTimestamp();
            try
            {
                await cloud.Run("good", "sum", stop);
            }
            catch (Exception e) when (e is BenchException or HttpRequestException)
            {
                errors++;
            }

            times.Add(Stopwatch.GetElapsedTime(called).TotalMilliseconds);
        }

        return (Bench.Rounds.Percentile(times, 99), errors);
    }
}
