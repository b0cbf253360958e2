using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Remix.Platform.Data;
using Remix.Platform.Observability;

namespace Remix.Platform.Events;

/// <summary>
/// Wake-up calls: "this key of this topic has changed, look again". They carry no content, may be repeated, and reach
/// every node: at once in this process, through LISTEN/NOTIFY in the others. Whoever must not miss one reads the log.
/// </summary>
public sealed class Signals(Database database, ILogger<Signals> log) : BackgroundService
{
    /// <summary>Sent to every listener after the line to PostgreSQL was down: anything may have changed.</summary>
    public const string Everything = "*";

    private const string PostgresChannel = "remix";
    private const int PayloadMax = 7900;

    private readonly ConcurrentDictionary<string, Action<string>> listeners = new(StringComparer.Ordinal);
    private readonly Channel<string> outgoing = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly string node = Guid.NewGuid().ToString("n")[..12];

    public void Listen(string topic, Action<string> listener) =>
        listeners.AddOrUpdate(topic, listener, (_, others) => others + listener);

    public void Send(string topic, string key)
    {
        Dispatch(topic, key);
        if (!database.Kind.IsSqlite)
        {
            outgoing.Writer.TryWrite($"{topic}\u001f{key}");
        }
    }

    private void Dispatch(string topic, string key)
    {
        if (listeners.TryGetValue(topic, out var listener))
        {
            listener(key);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => database.Kind.IsSqlite
        ? Task.CompletedTask
        : Task.WhenAll(
            Repeat(SendToOthers, new Outage(log, "Sending to the other nodes"), stoppingToken),
            Repeat(HearOthers, new Outage(log, "Hearing the other nodes"), stoppingToken));

    private static async Task Repeat(Func<Outage, CancellationToken, Task> work, Outage outage, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await work(outage, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
            {
                outage.Met(e);
                await Task.Delay(500, CancellationToken.None);
            }
        }
    }

    private async Task SendToOthers(Outage outage, CancellationToken stop)
    {
        await using var connection = await database.Postgres!.OpenConnectionAsync(stop);
        await using var command = new NpgsqlCommand("select pg_notify($1, $2)", connection)
        {
            Parameters = { new NpgsqlParameter { Value = PostgresChannel }, new NpgsqlParameter { Value = "" } },
        };
        outage.IsOver();
        while (await outgoing.Reader.WaitToReadAsync(stop))
        {
            var keys = new HashSet<string>(StringComparer.Ordinal);
            var length = node.Length;
            while (length < PayloadMax && outgoing.Reader.TryPeek(out var next)
                && length + next.Length * 3 + 1 < PayloadMax && outgoing.Reader.TryRead(out next))
            {
                length += keys.Add(next) ? next.Length * 3 + 1 : 0;
            }

            command.Parameters[1].Value = $"{node}\n{string.Join('\n', keys)}";
            await command.ExecuteNonQueryAsync(stop);
        }
    }

    private async Task HearOthers(Outage outage, CancellationToken stop)
    {
        await using var connection = await database.Postgres!.OpenConnectionAsync(stop);
        connection.Notification += (_, notification) => Hear(notification.Payload);
        await using (var listen = new NpgsqlCommand($"listen {PostgresChannel}", connection))
        {
            await listen.ExecuteNonQueryAsync(stop);
        }

        outage.IsOver();
        foreach (var topic in listeners.Keys)
        {
            Dispatch(topic, Everything);
        }

        while (!stop.IsCancellationRequested)
        {
            await connection.WaitAsync(stop);
        }
    }

    private void Hear(string payload)
    {
        var lines = payload.Split('\n');
        if (lines[0] == node)
        {
            return;
        }

        foreach (var parts in lines.Skip(1).Select(line => line.Split('\u001f', 2)).Where(parts => parts.Length == 2))
        {
            Dispatch(parts[0], parts[1]);
        }
    }
}
