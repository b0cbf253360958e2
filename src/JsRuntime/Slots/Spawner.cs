using System.Collections.Concurrent;
using System.Diagnostics;

namespace Remix.JsRuntime.Slots;

/// <summary>
/// Starts processes from one thread that lives as long as the server. A child that asks to die with its parent dies with
/// the <em>thread</em> that made it, and threads of the pool come and go.
/// </summary>
internal static class Spawner
{
    private static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Done)> Wanted = [];

    private static readonly Lazy<Thread> Thread = new(() =>
    {
        var thread = new Thread(Work) { IsBackground = true, Name = "spawner" };
        thread.Start();
        return thread;
    });

    public static Task<Process> Start(ProcessStartInfo start)
    {
        _ = Thread.Value;
        var done = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Wanted.Add((start, done));
        return done.Task;
    }

    private static void Work()
    {
        foreach (var (start, done) in Wanted.GetConsumingEnumerable())
        {
            try
            {
                done.SetResult(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start"));
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException or IOException)
            {
                done.SetException(e);
            }
        }
    }
}
