using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Remix.Platform.Data;

/// <summary>
/// Builds EF's model beside the start, so that neither the start nor the first caller waits for it; a little later gives
/// back the memory that only the start needed.
/// </summary>
internal sealed class WarmUp(IServiceScopeFactory scopes, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Run(BuildModel, stoppingToken);
        }
        catch (ObjectDisposedException) when (stoppingToken.IsCancellationRequested)
        {
            return; // The start failed meanwhile, and says why.
        }

        await Task.Delay(Rest, clock, stoppingToken);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    private void BuildModel()
    {
        using var scope = scopes.CreateScope();
        _ = scope.ServiceProvider.GetRequiredService<RemixDb>().Model.GetEntityTypes().Count();
    }
}
