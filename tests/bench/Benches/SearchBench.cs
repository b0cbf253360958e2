using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Remix.Bench.Load;
using Remix.Bench.Servers;

namespace Remix.Bench.Benches;

/// <summary>Search among a million messages, on both databases: exact, with slips of the finger, and how soon a new one is found.</summary>
internal sealed class SearchBench : IBench
{
    private const int Messages = 1_000_000;
    private const int Questions = 400;
    private const int Lags = 30;
    private const string Room = "bench/hall";

    public string Name => "search";
    public string Says => $"GET /search/messages among {Messages:#,0} messages, on both databases";

    public async Task Run(Arena arena, Report report)
    {
        await Run(arena, report, "SQLite", null);
        await Run(arena, report, "PostgreSQL", Environment.GetEnvironmentVariable("REMIX_TEST_DATABASE")
            ?? throw new BenchException("REMIX_TEST_DATABASE names no PostgreSQL. bin/bench provides one."));
    }

    private static async Task Run(Arena arena, Report report, string title, string? database)
    {
        var data = arena.Directory.CreateSubdirectory($"search-{title}");
        string token;
        await using (var founder = await OurServer.Start(arena, data, database))
        {
            token = await Found(founder, arena.Stop);
        }

        var flood = new MessageFlood(Room, "bench/agent");
        if (database is null)
        {
            await flood.FillSqlite(Path.Combine(data.FullName, "remix.db"), Messages, arena.Stop);
            File.Delete(Path.Combine(data.FullName, "search.db"));
        }
        else
        {
            await flood.FillPostgres(database, Messages, arena.Stop);
            await ChildProcess.Output("psql", ["-q", "-d", "postgres", "-c", "delete from search_notes where name = 'gathered'"], arena.Stop);
        }

        await using var server = await OurServer.Start(arena, data, database);
        using var http = new HttpClient { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var started = Stopwatch.GetTimestamp();
        while (await Total(http, $"{Messages - 1}", arena.Stop) == 0)
        {
            await Task.Delay(200, arena.Stop);
        }

        report.Plain($"search, {title}: index of {Messages:#,0} made", Stopwatch.GetElapsedTime(started).TotalSeconds, "s");
        await Measure(http, report, $"search, {title}: two words",
            () => $"{MessageFlood.Word(flood.Rank())} {MessageFlood.Word(flood.Rank())}", arena.Stop);
        await Measure(http, report, $"search, {title}: one word", () => MessageFlood.Word(flood.Rank()), arena.Stop);
        await Measure(http, report, $"search, {title}: slip", () => Slip(MessageFlood.Word(1200 + flood.Rank())), arena.Stop);
        await MeasureLag(http, report, title, arena.Stop);
    }

    private static async Task<string> Found(OurServer server, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        var user = await Post(http, "/register", new() { ["user_id"] = "bench" }, stop);
        http.DefaultRequestHeaders.Authorization = new("Bearer", (string)user["token"]!);
        var token = (string)(await Post(http, "/agents", new() { ["agent_id"] = "bench/agent" }, stop))["token"]!;
        await Post(http, "/rooms", new() { ["room_id"] = Room, ["visibility"] = "open", ["invite"] = new JsonArray("bench/agent") }, stop);
        return token;
    }

    private static async Task Measure(HttpClient http, Report report, string name, Func<string> question, CancellationToken stop)
    {
        var times = new List<double>();
        for (var i = 0; i < Questions + 20; i++)
        {
            var q = question();
            var started = Stopwatch.GetTimestamp();
            using var response = await http.GetAsync(new Uri($"/search/messages?q={Uri.EscapeDataString(q)}", UriKind.Relative), stop);
            response.EnsureSuccessStatusCode();
            await response.Content.ReadAsByteArrayAsync(stop);
            if (i >= 20)
            {
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        report.Plain($"{name}, p50", Rounds.Median(times), "ms");
        report.AtMost($"{name}, p99", Rounds.Percentile(times, 99), "ms", 50);
    }

    private static async Task MeasureLag(HttpClient http, Report report, string title, CancellationToken stop)
    {
        var lags = new List<double>();
        for (var i = 0; i < Lags; i++)
        {
            var word = $"fresh{i}word";
            await Post(http, $"/rooms/{Room}/send", new() { ["body"] = word }, stop);
            var sent = Stopwatch.GetTimestamp();
            while (await Total(http, word, stop) == 0)
            {
                await Task.Delay(5, stop);
            }

            lags.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }

        report.AtMost($"search, {title}: from answered to found, worst of {Lags}", lags.Max(), "ms", 1000);
    }

    /// <summary>Two letters in the middle change places.</summary>
    private static string Slip(string word) => word.Length < 4 ? word : word[..2] + word[3] + word[2] + word[4..];

    private static async Task<long> Total(HttpClient http, string q, CancellationToken stop) =>
        (long)JsonNode.Parse(await http.GetStringAsync(new Uri($"/search/messages?limit=1&q={q}", UriKind.Relative), stop))!["total"]!;

    private static async Task<JsonNode> Post(HttpClient http, string path, JsonObject body, CancellationToken stop)
    {
        using var response = await http.PostAsJsonAsync(path, body, stop);
        var text = await response.Content.ReadAsStringAsync(stop);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new BenchException($"{path} was answered {(int)response.StatusCode}: {text}");
    }
}
