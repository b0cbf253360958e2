using System.Globalization;
using System.Runtime.InteropServices;
using Remix.Bench;
using Remix.Bench.Benches;

var length = TimeSpan.FromMinutes(5);
if (Array.IndexOf(args, "--seconds") is >= 0 and var option)
{
    if (option + 1 >= args.Length || !int.TryParse(args[option + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        || seconds < 2)
    {
        Console.Error.WriteLine("--seconds wants a number, at least 2.");
        return 2;
    }

    length = TimeSpan.FromSeconds(seconds);
    args = [.. args[..option], .. args[(option + 2)..]];
}

IBench[] benches =
[
    new StartBench(), new IdleMemoryBench(), new SendBench(), new SendLatencyBench(), new FeedBench(), new FileBench(),
    new FanOutBench(), new SocketMemoryBench(), new SearchBench(), new RecordsBench(), new AgentRuntimeBench(),
    new CloudRunBench(), new CloudManyBench(), new CloudHostileBench(),
    new RoomsBench(length), new ManySocketsBench(),
];

if (args is ["--list"])
{
    Console.WriteLine(string.Join('\n', benches.Select(bench => $"{bench.Name,-16} {bench.Says}")));
    return 0;
}

var unknown = args.Except(benches.Select(bench => bench.Name), StringComparer.Ordinal).ToArray();
if (unknown.Length > 0)
{
    Console.Error.WriteLine($"No bench is called {string.Join(", ", unknown)}. bin/bench --list names them.");
    return 2;
}

// Whatever happens, we are back within this time, and nothing that we started is left.
using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(8) + length);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

await using var arena = new Arena(stop.Token);
var report = new Report();
foreach (var bench in benches.Where(bench => (args.Length == 0 && !bench.OnRequest) || args.Contains(bench.Name, StringComparer.Ordinal)))
{
    Console.Error.WriteLine($"{bench.Name}: {bench.Says}");
    try
    {
        await bench.Run(arena, report);
    }
    catch (Exception failure) when (failure is BenchException or HttpRequestException or IOException
        or OperationCanceledException or System.Net.Sockets.SocketException)
    {
        report.Fail(bench.Name, stop.IsCancellationRequested ? "stopped, or out of time" : failure.Message);
    }
}

report.Print(arena);
return report.Complete ? 0 : 1;

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
