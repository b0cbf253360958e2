using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Platform.Jobs;

/// <summary>Claims jobs and runs them, a few at a time; starts the ones that recur.</summary>
internal sealed class JobRunner(JobQueue queue, Database database, Signals signals, TimeProvider clock, IEnumerable<Job> jobs, ILogger<JobRunner> log)
    : BackgroundService
{
    private const int AtOnce = 4;

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, Job> byKind = jobs.ToDictionary(job => job.Kind, StringComparer.Ordinal);
    private readonly Dictionary<string, long> slots = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim wake = new(0);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (byKind.Count == 0)
        {
            return;
        }

        signals.Listen(JobQueue.Enqueued, _ => wake.Release());
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await EnqueueRecurring();
                var claimed = await queue.Claim(AtOnce);
                await Task.WhenAll(claimed.Select(job => Run(job, stoppingToken)));
                if (claimed.Count == 0)
                {
                    await wake.WaitAsync(LookAgain, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (DatabaseKind.IsUnavailable(e) || e is Fault { Status: 503 })
            {
                // Unavailable, or with more writes waiting than it can do: what was claimed is done again when its claim runs out.
                log.LogWarning(e, "The job queue cannot be used; trying again");
                await Task.Delay(LookAgain, CancellationToken.None);
            }
        }
    }

    private async Task EnqueueRecurring()
    {
        var now = clock.NowMs();
        foreach (var job in byKind.Values.Where(job => job.Every is not null))
        {
            // Every node offers each slot once; the queue's unique key keeps one of them.
            var slot = now / (long)job.Every!.Value.TotalMilliseconds;
            if (!slots.TryGetValue(job.Kind, out var last) || last != slot)
            {
                await database.Write(session => queue.Enqueue(session, job.Kind, slot.ToString(CultureInfo.InvariantCulture), new { slot }));
                slots[job.Kind] = slot;
            }
        }
    }

    private async Task Run(JobQueue.ClaimedJob claimed, CancellationToken stop)
    {
        if (!byKind.TryGetValue(claimed.Kind, out var job))
        {
            await queue.Fail(claimed, 1, $"No job of the kind {claimed.Kind} is known to this version");
            return;
        }

        try
        {
            using var payload = JsonDocument.Parse(claimed.Payload);
            await job.Run(payload.RootElement, stop);
            await queue.Finish(claimed);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Its claim runs out and it is done again.
        }
        catch (Exception e)
        {
            log.LogError(e, "Job {Kind} {Id} failed, attempt {Attempt}", claimed.Kind, claimed.Id, claimed.Attempts);
            await queue.Fail(claimed, job.AttemptsMax, e.Message);
        }
    }
}
