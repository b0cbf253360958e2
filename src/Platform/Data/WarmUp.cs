using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Remix.Platform.Data;

/// <summary>Builds EF's model beside the start, so that neither the start nor the first caller waits for it.</summary>
internal sealed class WarmUp(IServiceScopeFactory scopes) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(
        () =>
        {
            using var scope = scopes.CreateScope();
            _ = scope.ServiceProvider.GetRequiredService<RemixDb>().Model.GetEntityTypes().Count();
        },
        stoppingToken);
}
