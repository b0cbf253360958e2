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
    private const int Count = RecordQuestion.Count;
    private const int Batch = 5000;
    private const int Questions = 100;
    private const int QuestionsOfAll = 5;
    private const int Saves = 200;
    private const string App = "bench";

    private readonly string workspace = new('b', 32);

    public string Name => "records";
    public string Says => $"queries of every shape on {Count:#,0} records, and saving, on both databases";
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
        foreach (var question in RecordQuestion.All)
        {
            var times = await Ask(runner, question, Questions, arena.Stop);
            report.AtMost($"records, {title}: {question.Says}, p50", Rounds.Median(times), "ms", 10);
            report.Plain($"records, {title}: {question.Says}, p99", Rounds.Percentile(times, 99), "ms");
        }

        foreach (var question in RecordQuestion.OfAll)
        {
            report.Plain($"records, {title}: {question.Says}, p50", Rounds.Median(await Ask(runner, question, QuestionsOfAll, arena.Stop)), "ms");
        }
    }

    private async Task Fill(RecordStore store, Report report, string title, CancellationToken stop)
    {
        var random = new Random(7);
        var started = Stopwatch.GetTimestamp();
        for (var at = 0; at < Count; at += Batch)
        {
            stop.ThrowIfCancellationRequested();
            await store.Change(workspace, App, "bench", [.. Enumerable.Range(at, Batch).Select(n =>
                RecordChange.Save(Content(n, random), recordset: n % RecordQuestion.RareEvery == 7 ? "rare" : null))]);
        }

        report.Plain($"records, {title}: saved {Batch:#,0} at a time", Count / Stopwatch.GetElapsedTime(started).TotalSeconds, "records/s");
    }

    private static JsonElement Content(int n, Random random)
    {
        var content = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["name"] = $"name-{n}",
            ["city"] = RecordQuestion.Cities[random.Next(RecordQuestion.Cities.Count)],
            ["active"] = n % 2 == 0,
            ["address"] = new { zip = $"{n % 10_000:0000}" },
            ["tags"] = Enumerable.Range(0, 3).Select(_ => $"tag-{random.Next(500)}").Distinct(StringComparer.Ordinal),
        };
        if (n % 1000 != 500)
        {
            content["score"] = random.Next(Count / 10);
        }

        return JsonSerializer.SerializeToElement(content);
    }

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

    private async Task<List<double>> Ask(QueryRunner runner, RecordQuestion question, int often, CancellationToken stop)
    {
        var random = new Random(7);
        var scope = question.IsPast ? RecordScope.Current with { AsOf = new AsOf(Count / 2, null) } : RecordScope.Current;
        var times = new List<double>();
        for (var i = 0; i < often + 3; i++)
        {
            stop.ThrowIfCancellationRequested();
            var query = QueryParser.Parse(question.Text(random)).Within(question.Recordset);
            var started = Stopwatch.GetTimestamp();
            var answer = await runner.Run(workspace, App, query, scope);
            if (i >= 3)
            {
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            if (answer.Rows < question.Least)
            {
                throw new BenchException($"{question.Says}: only {answer.Rows} rows");
            }
        }

        return times;
    }
}
