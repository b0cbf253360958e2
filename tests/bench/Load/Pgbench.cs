using System.Globalization;
using System.Text.RegularExpressions;
using Remix.Bench.Servers;

namespace Remix.Bench.Load;

/// <summary>PostgreSQL's own rate of durable single-row inserts, by its own tool. bin/bench provides the cluster.</summary>
internal sealed partial class Pgbench(Arena arena)
{
    private const string Table = """
        create table if not exists bench_messages(
          id bigserial primary key, room bigint not null, sender text not null, body text not null, created_at bigint not null)
        """;

    private const string Insert = """
        \set room random(1, 100)
        insert into bench_messages(room, sender, body, created_at)
          values (:room, 'bench/agent', repeat('x', 100), extract(epoch from now())::bigint);

        """;

    public async Task<(double PerSecond, double AverageMs)> Run(int clients, int seconds)
    {
        var script = Path.Combine(arena.Directory.FullName, "insert.sql");
        await File.WriteAllTextAsync(script, Insert, arena.Stop);
        await ChildProcess.Output("psql", ["-q", "-c", Table], arena.Stop);
        var output = await ChildProcess.Output(
            "pgbench",
            ["-n", "-M", "prepared", "-c", $"{clients}", "-j", $"{Math.Min(clients, 2)}", "-T", $"{seconds}", "-f", script],
            arena.Stop);
        return (Read(Rate(), output), Read(Latency(), output));
    }

    private static double Read(Regex pattern, string output) => pattern.Match(output) is { Success: true } match
        ? double.Parse(match.Groups["value"].ValueSpan, CultureInfo.InvariantCulture)
        : throw new BenchException($"pgbench said something else: {output}");

    [GeneratedRegex(@"tps = (?<value>[\d.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rate();

    [GeneratedRegex(@"latency average = (?<value>[\d.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Latency();
}
