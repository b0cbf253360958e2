using System.Diagnostics;

namespace Remix.Bench.Load;

/// <summary>Measures calls that are made in this process.</summary>
internal static class Calls
{
    /// <summary>How many calls a second so many callers finish, each waiting for one before it makes the next.</summary>
    public static async Task<double> Throughput(int callers, int seconds, Func<Task> call)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; Stopwatch.GetElapsedTime(started).TotalSeconds < seconds; count++)
            {
                await call();
            }

            return count;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>The median of calls made one after the other, in milliseconds.</summary>
    public static async Task<double> Median(int count, Func<int, Task> call)
    {
        var times = new List<double>();
        for (var i = 0; i < count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await call(i);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return Rounds.Median(times);
    }
}
