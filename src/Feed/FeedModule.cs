using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Remix.Feed.Public;
using Remix.Feed.Studios;
using Remix.Platform;
using Remix.Platform.Settings;

namespace Remix.Feed;

/// <summary>Which creations people see, and in which order.</summary>
public sealed class FeedModule : Module
{
    public override void AddServices(IServiceCollection services, RemixSettings settings)
    {
        services.AddHosted<FeedIndex>();
        services.AddSingleton<FeedPages>();
        services.AddSingleton(provider => new FeedReader(provider.GetRequiredService<FeedIndex>(), provider.GetRequiredService<TimeProvider>()));
    }

    public override void UseReady(IApplicationBuilder app) => app.UseMiddleware<ReadyFeed>();

    public override void MapRoutes(IEndpointRouteBuilder routes)
    {
        FeedEndpoints.Map(routes);
        StudioFeedEndpoints.Map(routes);
    }
}
