using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Observability;
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
        var outage = new Outage(log, nameof(JobRunner));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await EnqueueRecurring();
                var claimed = await queue.Claim(AtOnce);
                await Task.WhenAll(claimed.Select(job => Run(job, stoppingToken)));
                outage.IsOver();
                if (claimed.Count == 0)
                {
                    await wake.WaitAsync(LookAgain, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (Outage.Is(e))
            {
                // What was claimed is done again when its claim runs out.
                outage.Met(e);
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

    /// <summary>Runs one job and writes down how it went. When the database goes meanwhile, that is no fault of the job's: the loop says so.</summary>
    private async Task Run(JobQueue.ClaimedJob claimed, CancellationToken stop)
    {
        if (!byKind.TryGetValue(claimed.Kind, out var job))
        {
            await queue.Fail(claimed, 1, $"No job of the kind {claimed.Kind} is known to this version");
            return;
        }

        try
        {
            // Otherwise its claim runs out, or has, and it is done again.
            if (await RunWhileHeld(job, claimed, stop))
            {
                await queue.Finish(claimed);
            }
        }
        catch (Exception e) when (!DatabaseKind.IsUnavailable(e))
        {
            log.LogError(e, "Job {Kind} {Id} failed, attempt {Attempt}", claimed.Kind, claimed.Id, claimed.Attempts);
            await queue.Fail(claimed, job.AttemptsMax, e.Message);
        }
    }

    /// <summary>Whether the job was done while its claim was held.</summary>
    private async Task<bool> RunWhileHeld(Job job, JobQueue.ClaimedJob claimed, CancellationToken stop)
    {
        using var held = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var done = new CancellationTokenSource();
        var keeping = KeepClaim(claimed, held, done.Token);
        try
        {
            using var payload = JsonDocument.Parse(claimed.Payload);
            await job.Run(payload.RootElement, held.Token);
            return true;
        }
        catch (OperationCanceledException) when (held.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            await done.CancelAsync();
            await keeping;
        }
    }

    /// <summary>Renews the claim while the job runs, and stops the job when the claim was lost: somebody else does it then.</summary>
    private async Task KeepClaim(JobQueue.ClaimedJob claimed, CancellationTokenSource held, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(JobQueue.RenewEvery, clock, done);
                if (!await queue.Renew(claimed))
                {
                    log.LogWarning("Job {Kind} {Id} is stopped: its claim was lost", claimed.Kind, claimed.Id);
                    await held.CancelAsync();
                    return;
                }
            }
            catch (OperationCanceledException) when (done.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (Outage.Is(e))
            {
                // There is time for another try before the claim runs out.
            }
        }
    }
}
