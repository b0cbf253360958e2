using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Remix.Platform.Events;
using Remix.Tests.Support;

namespace Remix.Tests.Platform;

public class OutageTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_follower_says_once_that_the_database_is_away_and_once_that_it_is_back()
    {
        var log = new Lines();
        using var follower = new Follower(world.Services.GetRequiredService<EventLog>(), world.Services.GetRequiredService<Signals>(), log);
        await follower.StartAsync(CancellationToken.None);
        for (var i = 0; i < 200 && log.Said.Count < 2; i++)
        {
            await Task.Delay(50);
        }

        await follower.StopAsync(CancellationToken.None);
        Assert.Equal([
            "Warning: Follower cannot use the database and tries again until it can: the line is cut",
            "Warning: Follower can use the database again"], log.Said);
        Assert.True(follower.Starts >= 3);
    }

    private sealed class Follower(EventLog events, Signals signals, ILogger log) : LogFollower(events, signals, log)
    {
        public int Starts { get; private set; }

        protected override Task<long> Start(CancellationToken stop) =>
            ++Starts < 3 ? throw new Npgsql.NpgsqlException("the line is cut") : Task.FromResult(0L);

        protected override Task Take(IReadOnlyList<LogEvent> batch, CancellationToken stop) => Task.CompletedTask;
    }

    private sealed class Lines : ILogger
    {
        public ConcurrentQueue<string> Said { get; } = new();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Enqueue($"{logLevel}: {formatter(state, exception)}{exception}");
    }
}
