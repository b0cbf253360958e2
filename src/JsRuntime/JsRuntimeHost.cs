using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Remix.JsRuntime.Slots;

namespace Remix.JsRuntime;

/// <summary>
/// Watches over the processes while the server runs and ends them when it stops. Says once what this machine's sandbox
/// lacks, soon after the start, since trying it costs processor time that a start has better use for.
/// </summary>
internal sealed class JsRuntimeHost(SlotPool pool, SlotFactory factory, SlotPolicy policy, ILogger<JsRuntimeHost> logger)
    : BackgroundService
{
    private static readonly TimeSpan BeforeTrial = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        SlotFactory.Sweep();
        if (factory.Lack is { } lack)
        {
            logger.LogWarning("JavaScript cannot run: {Lack}", lack);
        }
        else
        {
            await Task.Delay(BeforeTrial, stoppingToken);
            await TellWhatIsMissing();
        }

        // Also without an engine: one that is installed later is found by the next call.
        await Task.WhenAll(Every(policy.WatchEvery, pool.Watch, stoppingToken), Every(policy.WatchCallsEvery, pool.WatchCalls, stoppingToken));
    }

    private static async Task Every(TimeSpan pause, Action watch, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(pause);
        while (await timer.WaitForNextTickAsync(stop))
        {
            watch();
        }
    }

    private async Task TellWhatIsMissing()
    {
        try
        {
            foreach (var sentence in (await factory.Sandbox()).Missing)
            {
                logger.LogWarning("The sandbox around JavaScript lacks a layer: {Missing}", sentence);
            }
        }
        catch (JsUnavailableException e)
        {
            logger.LogWarning("JavaScript cannot run: {Lack}", e.Message);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await pool.DisposeAsync();
    }
}
