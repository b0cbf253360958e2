using System.Diagnostics;
using Remix.Tests.Support;

namespace Remix.Tests.Platform;

public class HealthTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task Health_tells_the_database_and_the_load()
    {
        (await world.Atlas.Get("/agents/me")).Ok();
        await using var ear = await world.Atlas.Listen(World.Lab);
        await ear.Any();
        var health = (await world.Nobody.Get("/health")).Ok();
        Assert.Equal("ok", health.String("status"));
        Assert.Equal(TestDatabase.IsPostgres ? "postgres" : "sqlite", health["db"].GetProperty("kind").GetString());
        Assert.True(health["db"].GetProperty("latency_ms").GetDouble() >= 0);
        Assert.True(health["db"].GetProperty("max_connections").GetInt32() > 1);
        Assert.True(health.Number("connections") >= 1);
        Assert.True(health["memory"].GetProperty("rss_mb").GetDouble() > 1);
        Assert.Equal(0, health.Number("events_queued"));
    }

    [Fact]
    public async Task Ready_tells_the_pool_and_the_counts()
    {
        var ready = (await world.Nobody.Get("/ready")).Ok();
        Assert.Equal("ready", ready.String("status"));
        var pool = ready["db_pool"];
        Assert.All(new[] { "active", "idle", "total", "max", "waiting" }, name => Assert.True(pool.GetProperty(name).GetInt32() >= 0));
        Assert.All(new[] { "users", "rooms", "agents_online", "uptime_s", "event_queue_depth" }, name => Assert.True(ready.Number(name) >= 0, name));
        Assert.True(ready.Number("users") >= 4);
        Assert.Equal("ok", (await world.Nobody.Get("/health/live")).Ok().String("status"));
    }

    [Fact]
    public async Task Metrics_are_what_Prometheus_reads()
    {
        await using var server = await ServerProcess.Start();
        (await server.Nobody.Get("/nothing")).Refused(404, "NO_SUCH_ROUTE");
        (await server.Nobody.Post("/register", new { user_id = "alice" })).Ok();
        var metrics = (await server.Nobody.Get("/metrics")).Ok();
        Assert.StartsWith("text/plain; version=0.0.4", metrics.Header("Content-Type"), StringComparison.Ordinal);
        foreach (var name in new[] { "remix_http_request_duration_seconds_bucket", "remix_live_connections", "remix_db_pool_active", "remix_users",
            "remix_jobs_waiting" })
        {
            Assert.Contains($"\n{name}", metrics.Text, StringComparison.Ordinal);
        }

        var (code, said) = await Judge(metrics.Bytes);
        Assert.True(code == 0, said);
    }

    /// <summary>SQLite does not go away.</summary>
    [Fact, Trait(TestDatabase.Only, "postgres")]
    public async Task A_server_whose_database_is_gone_says_so_and_recovers()
    {
        await using var own = await World.Start();
        var name = new Npgsql.NpgsqlConnectionStringBuilder(own.Settings.Database).Database;
        await Administer($"alter database {name} allow_connections false");
        await Administer($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
        (await own.Nobody.Get("/ready")).Refused(503, "DATABASE_UNAVAILABLE");
        (await own.Nobody.Get("/health")).Refused(503, "DATABASE_UNAVAILABLE");
        (await own.Nobody.Get("/health/live")).Ok();
        Assert.Equal("2", (await own.Atlas.Post($"/rooms/{World.Lab}/send", new { body = "x" })).Refused(503, "DATABASE_UNAVAILABLE")
            .Header("Retry-After"));
        await Administer($"alter database {name} allow_connections true");
        (await own.Nobody.Get("/ready")).Ok();
        (await own.Atlas.Say(World.Lab, "back")).Ok();

        // Whoever follows the log said so meanwhile, and went on.
        Assert.All(own.TakeErrors(), error => Assert.Contains("trying again", error, StringComparison.Ordinal));
    }

    private static async Task Administer(string sql)
    {
        await using var connection = new Npgsql.NpgsqlConnection(Environment.GetEnvironmentVariable("REMIX_TEST_DATABASE"));
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<(int Code, string Said)> Judge(byte[] metrics)
    {
        using (var setup = Process.Start(Path.Combine(Repository.Root, "bin/setup"), ["prometheus"]))
        {
            await setup.WaitForExitAsync();
        }

        var start = new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        using var promtool = Process.Start(start)!;
        await promtool.StandardInput.BaseStream.WriteAsync(metrics);
        promtool.StandardInput.Close();
        var said = await promtool.StandardError.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        return (promtool.ExitCode, said);
    }
}
