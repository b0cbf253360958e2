using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Remix.AgentCloud;
using Remix.AgentCloud.Data;
using Remix.AgentCloud.Queries;
using Remix.AgentCloud.Records;
using Remix.Platform.Data;
using Remix.Platform.Settings;

namespace Remix.Bench.Benches;

/// <summary>Queries on one field among a million records of one app, on both databases, and what writing them costs.</summary>
internal sealed class RecordsBench : IBench
{
    private const int Count = 1_000_000;
    private const int Batch = 5000;
    private const int Questions = 300;
    private const int Saves = 200;
    private const string App = "bench";

    private static readonly string[] Cities = [.. Enumerable.Range(0, 200).Select(n => $"city-{n}")];

    private readonly string workspace = new('b', 32);

    public string Name => "records";
    public string Says => $"queries on one field of {Count:#,0} records, and saving, on both databases";
    public bool OnRequest => true;

    public async Task Run(Arena arena, Report report)
    {
        await Run(arena, report, "SQLite", null);
        await Run(arena, report, "PostgreSQL", Environment.GetEnvironmentVariable("REMIX_TEST_DATABASE")
            ?? throw new BenchException("REMIX_TEST_DATABASE names no PostgreSQL. bin/bench provides one."));
    }

    private async Task Run(Arena arena, Report report, string title, string? connection)
    {
        var settings = new RemixSettings { DataDirectory = arena.Directory.CreateSubdirectory($"records-{title}").FullName, Database = connection };
        await using var database = new Database(settings);
        var migrations = new Migrations(database, [new AgentCloudModule()], TimeProvider.System, NullLogger<Migrations>.Instance);
        await migrations.Apply();
        await using var data = new WorkspaceData(database, migrations, settings, TimeProvider.System);
        var store = new RecordStore(data, TimeProvider.System);
        await Fill(store, report, title, arena.Stop);
        await Save(store, report, title);

        var runner = new QueryRunner(data);
        var random = new Random(7);
        await Ask(runner, report, $"records, {title}: text == (1 record)", () => $"name == \"name-{random.Next(Count)}\"", 1);
        await Ask(runner, report, $"records, {title}: number == (10 records)", () => $"score == {random.Next(Count / 10)} | limit 100", 10);
        await Ask(runner, report, $"records, {title}: text == (5,000), first 100", () => $"city == \"{Cities[random.Next(200)]}\" | limit 100", 100);
        await Ask(runner, report, $"records, {title}: number > (half), first 100", () => $"score > {Count / 20 + random.Next(99)} | limit 100", 100);
        await Ask(runner, report, $"records, {title}: like, first 20", () => $"name like \"name-{random.Next(10_000, 99_999)}\" | limit 20", 1);
        await Ask(runner, report, $"records, {title}: ordered, last 20", () => $"orderDesc score | skip {random.Next(50)} | limit 20", 20);
        await Ask(runner, report, $"records, {title}: nested ==, ordered by another", () =>
            $"score == {random.Next(Count / 10)} | orderAsc name | limit 20", 10);
        await Ask(runner, report, $"records, {title}: count of == (5,000)", () => $"city == \"{Cities[random.Next(200)]}\" | count", 1);
    }

    private async Task Fill(RecordStore store, Report report, string title, CancellationToken stop)
    {
        var random = new Random(7);
        var started = Stopwatch.GetTimestamp();
        for (var at = 0; at < Count; at += Batch)
        {
            stop.ThrowIfCancellationRequested();
            await store.Change(workspace, App, "bench", [.. Enumerable.Range(at, Batch).Select(n => RecordChange.Save(Content(n, random)))]);
        }

        report.Plain($"records, {title}: saved {Batch:#,0} at a time", Count / Stopwatch.GetElapsedTime(started).TotalSeconds, "records/s");
    }

    private static JsonElement Content(int n, Random random) => JsonSerializer.SerializeToElement(new
    {
        name = $"name-{n}",
        score = random.Next(Count / 10),
        city = Cities[random.Next(Cities.Length)],
        active = n % 2 == 0,
        address = new { zip = $"{n % 10_000:0000}" },
    });

    private async Task Save(RecordStore store, Report report, string title)
    {
        var random = new Random(8);
        var times = new List<double>();
        for (var n = 0; n < Saves; n++)
        {
            var started = Stopwatch.GetTimestamp();
            await store.Change(workspace, App, "bench", RecordChange.Save(Content(Count + n, random)));
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        report.Plain($"records, {title}: one saved, durable, p50", Rounds.Median(times), "ms");
    }

    private async Task Ask(QueryRunner runner, Report report, string name, Func<string> question, int least)
    {
        var times = new List<double>();
        for (var i = 0; i < Questions + 20; i++)
        {
            var query = QueryParser.Parse(question());
            var started = Stopwatch.GetTimestamp();
            var answer = await runner.Run(workspace, App, query);
            if (i >= 20)
            {
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            if (answer.Rows < least && !name.Contains("number ==", StringComparison.Ordinal) && !name.Contains("nested", StringComparison.Ordinal))
            {
                throw new BenchException($"{name}: only {answer.Rows} rows");
            }
        }

        report.AtMost($"{name}, p50", Rounds.Median(times), "ms", 10);
        report.Plain($"{name}, p99", Rounds.Percentile(times, 99), "ms");
    }
}
