using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Remix.Pages.Account;
using Remix.Pages.Feed;
using Remix.Pages.Games;
using Remix.Pages.Guide;
using Remix.Pages.Remixing;
using Remix.Pages.Shared;
using Remix.Pages.Sharing;
using Remix.Pages.Welcome;
using Remix.Platform;
using Remix.Platform.Settings;

namespace Remix.Pages;

/// <summary>What people see.</summary>
public sealed class PagesModule : Module
{
    public override void AddServices(IServiceCollection services, RemixSettings settings)
    {
        AddPages(services);
        PageCompression.Add(services);
        services.AddHostedService<WelcomeCreations>();
        services.AddSingleton<GuideLibrary>();
        services.AddSingleton<HelpIndex>();
    }

    /// <summary>
    /// Pages are rendered once and hold no state of ours, so nothing is to be protected; left in, the keys for it would be
    /// made at the start, in the home directory of whoever runs the server.
    /// </summary>
    private static void AddPages(IServiceCollection services)
    {
        services.AddRazorComponents();
        var keys = services.Where(service => service.ServiceType == typeof(IHostedService)
            && service.ImplementationType?.Namespace?.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.Ordinal) == true).ToList();
        keys.ForEach(service => services.Remove(service));
    }

    public override void UseAfterRouting(IApplicationBuilder app)
    {
        PageCompression.Use(app);
        app.UseMiddleware<PageFaults>();
    }

    public override void MapRoutes(IEndpointRouteBuilder routes)
    {
        WebAssets.Map(routes);
        FeedPageEndpoints.Map(routes);
        AccountEndpoints.Map(routes);
        SharedPageEndpoints.Map(routes);
        RemixPageEndpoints.Map(routes);
        GuideEndpoints.Map(routes);
        GamePageEndpoints.Map(routes);
        HelpEndpoints.Map(routes);
        routes.MapGet("/favicon.ico", () => TypedResults.LocalRedirect($"{WebAssets.Root}/icon.svg")).ExcludeFromDescription();
        routes.MapGet("/robots.txt", () => TypedResults.Text("User-agent: *\nAllow: /\n")).ExcludeFromDescription();
    }
}
