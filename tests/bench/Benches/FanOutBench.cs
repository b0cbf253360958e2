using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Remix.Bench.Load;

namespace Remix.Bench.Benches;

/// <summary>One room, 2,000 listeners: what each message costs until the last has heard it. Beside nchan.</summary>
internal sealed class FanOutBench : IBench
{
    private const int Listeners = 2000;
    private const int Messages = 200;
    private const int Publishers = 4;
    private static readonly TimeSpan RoundMax = TimeSpan.FromSeconds(20);

    public string Name => "fan-out";
    public string Says => "200 messages to 2,000 WebSockets in one room, beside nchan";

    public async Task Run(Arena arena, Report report)
    {
        var server = await arena.Server();
        var world = await arena.World();
        var nginx = await arena.Nginx();
        await using var ours = await Swarm.Open(
            server.EndPoint, $"/rooms/{World.Hall}/ws", Listeners, i => Auth(world.Tokens[i % World.AgentCount]), "\"hello\"", arena.Stop);
        await using var theirs = await Swarm.Open(nginx.EndPoint, "/sub", Listeners, _ => null, null, arena.Stop);

        var send = new Publication(
            new Uri(server.Address, $"/rooms/{World.Hall}/send"), new JsonObject { ["body"] = Text() }.ToJsonString(), world.Tokens);
        var each = await Calibrate(ours, send, arena.Stop);

        // nchan passes on what it is given, so it is given one of our frames.
        var publish = new Publication(new Uri(nginx.Address, "/pub"), FrameOf(ours.Sample!), []);
        var lags = (Ours: new List<double>(), Theirs: new List<double>());
        var (us, them) = await Rounds.Alternate(
            () => Round(ours, send, each, lags.Ours, arena.Stop),
            () => Round(theirs, publish, each, lags.Theirs, arena.Stop));
        report.Ratio("fan-out, 2,000 sockets", us, them, "deliveries/s", 1);
        report.Plain("fan-out, from the last answer to the last delivery", Rounds.Median(lags.Ours), "ms", Rounds.Median(lags.Theirs));
    }

    public static string Auth(string token) => new JsonObject { ["type"] = "auth", ["token"] = token }.ToJsonString();

    private static string Text() => $"{Encoding.ASCII.GetString(Swarm.Marker)} " + new string('x', 80);

    /// <summary>How often the marker occurs in one message as the server frames it.</summary>
    private static async Task<int> Calibrate(Swarm swarm, Publication publication, CancellationToken stop)
    {
        var all = swarm.Expect(Listeners);
        await publication.Send(1, 1, stop);
        await all.WaitAsync(RoundMax, stop);
        await Task.Delay(500, stop);
        return (int)(swarm.Seen / Listeners);
    }

    private static async Task<double> Round(
        Swarm swarm, Publication publication, int each, List<double> lags, CancellationToken stop)
    {
        var expected = (long)Messages * Listeners * each;
        var all = swarm.Expect(expected);
        var started = Stopwatch.GetTimestamp();
        await publication.Send(Messages, Publishers, stop);
        var published = Stopwatch.GetTimestamp();
        try
        {
            var ended = await all.WaitAsync(RoundMax, stop);
            lags.Add(Math.Max(0, Stopwatch.GetElapsedTime(published, ended).TotalMilliseconds));
            return expected / each / Stopwatch.GetElapsedTime(started, ended).TotalSeconds;
        }
        catch (TimeoutException)
        {
            throw new BenchException($"only {swarm.Seen:N0} of {expected:N0} deliveries at {publication.Address} in {RoundMax.TotalSeconds} s");
        }
    }

    private static string FrameOf(byte[] sample)
    {
        var text = Encoding.UTF8.GetString(sample);
        var from = Math.Max(0, text.IndexOf('{', StringComparison.Ordinal));
        return text[from..(text.LastIndexOf('}') + 1)];
    }

    /// <summary>A message, and where it is posted.</summary>
    private sealed class Publication(Uri address, string body, IReadOnlyList<string> tokens)
    {
        private static readonly HttpClient Http = new();

        public Uri Address => address;

        public Task Send(int count, int atOnce, CancellationToken stop) => Parallel.ForAsync(
            0, count, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = stop },
            async (i, token) =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, address)
                {
                    Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json")),
                };
                request.Headers.Authorization = tokens.Count > 0 ? new("Bearer", tokens[i % tokens.Count]) : null;
                using var response = await Http.SendAsync(request, token);
                response.EnsureSuccessStatusCode();
            });
    }
}
