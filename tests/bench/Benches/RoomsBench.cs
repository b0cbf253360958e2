using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Remix.Bench.Load;
using Remix.Bench.Servers;

namespace Remix.Bench.Benches;

/// <summary>1,000 rooms of 20 members with a socket each, in which everything is done at once; five minutes, or as long as one says.</summary>
internal sealed class RoomsBench(TimeSpan length) : IBench
{
    /// <summary>The first part is not measured: code is still being compiled, and caches filled.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    private const int Workers = 12;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);
    private static readonly byte[] File = World.Json(8 * 1024);

    private readonly ConcurrentQueue<double> sends = [];
    private readonly ConcurrentDictionary<string, int> errors = new(StringComparer.Ordinal);
    private long calls;
    private long said;

    public string Name => "rooms";
    public string Says => "1,000 rooms of 20 members, mixed traffic, 1,000 sockets: errors, latency of a send, memory (--seconds N, 300)";
    public bool OnRequest => true;

    public async Task Run(Arena arena, Report report)
    {
        await using var server = await OurServer.Start(arena, arena.Directory.CreateSubdirectory("rooms"));
        using var town = await Town.Build(server, arena.Stop);
        await using var ears = await Swarm.Open(server.EndPoint, room => $"/rooms/{Town.NameOf(room)}/ws", Town.Rooms,
            room => FanOutBench.Auth(town.TokenOf(room, 1)), "\"hello\"", arena.Stop);
        await Drive(town, WarmUp, arena.Stop);
        var (start, startResident) = Memory(server);
        sends.Clear();
        calls = 0;
        await Drive(town, length / 2, arena.Stop);
        var (middle, _) = Memory(server);
        await Drive(town, length / 2, arena.Stop);
        var (end, endResident) = Memory(server);
        await Task.Delay(TimeSpan.FromSeconds(2), arena.Stop);

        foreach (var (error, times) in errors)
        {
            Console.Error.WriteLine($"  {times} × {error}");
        }

        report.AtMost("rooms: errors", errors.Values.Sum(), "", 0);
        report.Plain("rooms: calls", calls / length.TotalSeconds, "/s");
        report.Plain("rooms: send, p50", Rounds.Percentile(sends, 50), "ms");
        report.AtMost("rooms: send, p99", Rounds.Percentile(sends, 99), "ms", 50);
        report.AtLeast("rooms: heard on sockets", ears.Seen, "messages", said);
        report.AtLeast("rooms: sockets still open", ears.Alive, "sockets", Town.Rooms);
        report.Plain("rooms: own memory at the start", start, "MB");
        report.Plain("rooms: own memory in the middle", middle, "MB");
        report.AtMost("rooms: own memory at the end", end, "MB", Math.Ceiling(middle * 1.1));
        report.Plain("rooms: with mapped files, at the start", startResident, "MB");
        report.Plain("rooms: with mapped files, at the end", endResident, "MB");
    }

    private static (double Own, double Resident) Memory(OurServer server) =>
        (server.Process.OwnBytes() / 1048576.0, server.Process.ResidentBytes() / 1048576.0);

    private Task Drive(Town town, TimeSpan time, CancellationToken stop)
    {
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        return Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            while (Stopwatch.GetTimestamp() < until)
            {
                await Act(town, random, stop);
                await Task.Delay(Pause, stop);
            }
        }, stop)));
    }

    private async Task Act(Town town, Random random, CancellationToken stop)
    {
        var (room, member) = (random.Next(Town.Rooms), random.Next(Town.Members));
        Interlocked.Increment(ref calls);
        try
        {
            switch (random.Next(100))
            {
                case < 40:
                    var started = Stopwatch.GetTimestamp();
                    await town.Send(room, member, Text(random), stop);
                    sends.Enqueue(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                    Interlocked.Increment(ref said);
                    break;
                case < 70:
                    await town.Read(room, member, "messages?limit=20", stop);
                    break;
                case < 80:
                    await town.Read(room, member, "context", stop);
                    break;
                case < 86:
                    await town.Write(room, member, string.Create(CultureInfo.InvariantCulture, $"notes/{random.Next(20)}.json"), File, stop);
                    break;
                case < 92:
                    await town.Read(room, member, "files", stop);
                    break;
                default:
                    await town.Work(room, member, stop);
                    break;
            }
        }
        catch (Exception failure) when (failure is BenchException or HttpRequestException)
        {
            errors.AddOrUpdate(failure.Message[..Math.Min(failure.Message.Length, 200)], 1, (_, times) => times + 1);
        }
    }

    private static string Text(Random random) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{Encoding.ASCII.GetString(Swarm.Marker)} {MessageFlood.Word(random.Next(2000))} {random.Next()}");
}
