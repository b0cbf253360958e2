using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Remix.AgentCloud.Http;

/// <summary>What people see who open the cloud in a browser; without one they see what programs see.</summary>
internal delegate Task<IResult> FrontPage(HttpContext context);

/// <summary>The address itself: the health check of programs, the page of people.</summary>
internal static class HealthEndpoints
{
    /// <summary>Version and revision of what runs.</summary>
    public static readonly string Build = typeof(HealthEndpoints).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", Root).Produces<string>(200, "text/plain").WithTags("health")
            .WithSummary("Whether the cloud answers, and its build; for browsers, the page");
        routes.MapGet("/v0", Health).ExcludeFromDescription();
    }

    private static async Task<IResult> Root(HttpContext context, IServiceProvider services)
    {
        context.Response.Headers.Vary = "Accept";
        return Accepts(context, "text/html") && services.GetService<FrontPage>() is { } page ? await page(context) : Health(context);
    }

    private static IResult Health(HttpContext context)
    {
        context.Response.Headers.Vary = "Accept";
        return Accepts(context, "application/json") ? TypedResults.Json(new HealthView(true, Build))
            : TypedResults.Text($"Remix agent cloud is up\nbuild {Build}\n");
    }

    private static bool Accepts(HttpContext context, string type) => context.Request.GetTypedHeaders().Accept
        .Any(accepted => accepted.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase));
}

internal sealed record HealthView(bool Ok, string Build);
