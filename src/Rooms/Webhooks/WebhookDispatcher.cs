using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Remix.Platform.Observability;

namespace Remix.Rooms.Webhooks;

/// <summary>
/// Works off the queues of many addresses side by side, each by itself, so that one that does not answer holds up
/// nobody but itself.
/// </summary>
internal sealed class WebhookDispatcher(WebhookQueue queue, WebhookSender sender, ILogger<WebhookDispatcher> log) : BackgroundService
{
    /// <summary>
    /// A call that waits costs a socket and nothing else; so many that addresses that do not answer cannot take all places.
    /// </summary>
    private const int AtOnce = 1_000;

    /// <summary>How many deliveries a queue may make before others that are due get its turn.</summary>
    private const int InARowMax = 100;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<Guid, Task> running = new();
    private readonly SemaphoreSlim wake = new(0);

    public void Wake() => wake.Release();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var outage = new Outage(log, nameof(WebhookDispatcher));
        var isFirst = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (isFirst)
                {
                    await queue.ReleaseOfTheDead();
                    isFirst = false;
                }

                foreach (var webhookId in running.Count < AtOnce ? await queue.Claim(AtOnce - running.Count) : [])
                {
                    running[webhookId] = Task.CompletedTask;
                    _ = Task.Run(() => Work(webhookId, stoppingToken), CancellationToken.None);
                }

                outage.IsOver();
                await wake.WaitAsync(LookAgain, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (Outage.Is(e))
            {
                outage.Met(e);
                await Task.Delay(LookAgain, CancellationToken.None);
            }
            catch (Exception e)
            {
                // Whatever it was, the queues stay; to end here would end all deliveries.
                log.LogWarning(e, "The webhook queues cannot be read; trying again");
                await Task.Delay(LookAgain, CancellationToken.None);
            }
        }

        while (!running.IsEmpty)
        {
            await Task.Delay(10, CancellationToken.None);
        }
    }

    private async Task Work(Guid webhookId, CancellationToken stop)
    {
        try
        {
            for (var i = 0; i < InARowMax && !stop.IsCancellationRequested && await queue.Next(webhookId) is { } delivery; i++)
            {
                await queue.Record(delivery, await sender.Attempt(delivery, stop));
            }

            await queue.Release(webhookId);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The attempt that was cut off counts for nothing; the next start makes it again.
            await queue.Release(webhookId);
        }
        catch (Exception e)
        {
            // Its claim runs out, and it is worked off again.
            log.LogWarning(e, "The queue of the webhook {Webhook} was left; it goes on when its claim has run out", webhookId);
        }
        finally
        {
            running.TryRemove(webhookId, out _);
            wake.Release();
        }
    }
}
