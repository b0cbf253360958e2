using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Remix.Platform.Data;

/// <summary>Builds EF's model beside the start, so that neither the start nor the first caller waits for it.</summary>
internal sealed class WarmUp(IServiceScopeFactory scopes) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Run(BuildModel, stoppingToken);
        }
        catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException && stoppingToken.IsCancellationRequested)
        {
            // The start failed meanwhile, and says why.
        }
    }

    private void BuildModel()
    {
        using var scope = scopes.CreateScope();
        _ = scope.ServiceProvider.GetRequiredService<RemixDb>().Model.GetEntityTypes().Count();
    }
}
