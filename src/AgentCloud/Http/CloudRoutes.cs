using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Remix.AgentCloud.Http;

/// <summary>Where the two generations of routes are.</summary>
internal static class CloudRoutes
{
    /// <summary>The older ones: at the root, and again below /v0, which the document does not repeat.</summary>
    public static void MapV0(IEndpointRouteBuilder routes, Action<IEndpointRouteBuilder> map)
    {
        map(routes.MapGroup(""));
        map(routes.MapGroup("/v0").ExcludeFromDescription());
    }

    public static void MapV1(IEndpointRouteBuilder routes, Action<IEndpointRouteBuilder> map) => map(routes.MapGroup("/v1"));
}
