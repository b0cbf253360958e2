using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Remix.Platform.Observability;

namespace Remix.Platform.Events;

/// <summary>
/// Follows the whole log from where it began (or, with a name that is kept, from where it stopped), in order, in
/// batches. Against the arrows between modules, this is how information travels.
/// </summary>
public abstract class LogFollower(EventLog events, Signals signals, ILogger log) : BackgroundService
{
    private const int BatchMax = 500;

    /// <summary>A wake-up may be lost between nodes; the log itself never is.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>
    /// From one look to the next at least. The first event after a rest is taken at once; in a stream of them many are
    /// taken together, which costs those who write far less.
    /// </summary>
    protected virtual TimeSpan Pace => TimeSpan.FromMilliseconds(20);

    /// <summary>What it wants to know of; null for everything. Asked again for each batch.</summary>
    protected virtual IReadOnlyList<string>? Kinds => null;

    private readonly SemaphoreSlim wake = new(0, 1);

    /// <summary>The id after which to begin.</summary>
    protected abstract Task<long> Start(CancellationToken stop);

    /// <summary>Takes a batch; called again with the same one when it throws.</summary>
    protected abstract Task Take(IReadOnlyList<LogEvent> batch, CancellationToken stop);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        signals.Listen(EventLog.Appended, _ => Wake());
        var outage = new Outage(log, GetType().Name);
        long? position = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                position ??= await Start(stoppingToken);
                var (batch, upTo) = await events.ReadAll(position.Value, BatchMax, Kinds);
                if (batch.Count > 0)
                {
                    await Take(batch, stoppingToken);
                }

                var moved = upTo > position;
                position = upTo;

                outage.IsOver();
                if (batch.Count < BatchMax)
                {
                    await Task.Delay(moved ? Pace : TimeSpan.Zero, stoppingToken);
                    await wake.WaitAsync(LookAgain, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (Outage.Is(e))
            {
                outage.Met(e);
                await Task.Delay(LookAgain, CancellationToken.None);
            }
            catch (Exception e)
            {
                // Whatever it was, the events stay; going on without them would lose them.
                log.LogError(e, "{Follower} could not take events after {Position}; trying again", GetType().Name, position);
                await Task.Delay(LookAgain, CancellationToken.None);
            }
        }
    }

    private void Wake()
    {
        try
        {
            if (wake.CurrentCount == 0)
            {
                wake.Release();
            }
        }
        catch (SemaphoreFullException)
        {
            // Somebody else woke it in the same moment.
        }
    }
}
