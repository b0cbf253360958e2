using System.Diagnostics;
using System.Globalization;

namespace Remix.Bench.Servers;

/// <summary>A process of ours: its output in a file, asked to stop at the end and then made to.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly Process process;
    private readonly string log;

    private ChildProcess(Process process, string log) => (this.process, this.log) = (process, log);

    public int Id => process.Id;

    public static ChildProcess Start(
        string log, string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        // The shell only opens the file, then becomes the program: output costs us nothing, and the pid is the program's.
        var start = new ProcessStartInfo("sh", ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1", "sh", log, file, .. arguments]);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!, log);
    }

    /// <summary>Runs a program to its end and gives what it wrote.</summary>
    public static async Task<string> Output(string file, IEnumerable<string> arguments, CancellationToken stop)
    {
        using var tool = Process.Start(new ProcessStartInfo(file, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var errors = tool.StandardError.ReadToEndAsync(stop);
            var output = await tool.StandardOutput.ReadToEndAsync(stop);
            await tool.WaitForExitAsync(stop);
            return tool.ExitCode == 0 ? output : throw new BenchException($"{file} failed: {(await errors).Trim()}");
        }
        finally
        {
            if (!tool.HasExited)
            {
                tool.Kill();
            }
        }
    }

    public void ThrowIfGone()
    {
        if (process.HasExited)
        {
            throw new BenchException($"it ended with {process.ExitCode}: {Tail()}");
        }
    }

    /// <summary>What it keeps in memory, in bytes.</summary>
    public long ResidentBytes() => Status("VmRSS");

    /// <summary>
    /// What it keeps in memory that is no page of a file: a mapped database grows with what is in it, and its pages are
    /// the system's to take back.
    /// </summary>
    public long OwnBytes() => Status("RssAnon") + Status("RssShmem");

    private long Status(string name)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith($"{name}:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await Output("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)], CancellationToken.None);
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }
        }

        process.Dispose();
    }

    private string Tail() => string.Join(" / ", File.ReadLines(log).TakeLast(5));
}
