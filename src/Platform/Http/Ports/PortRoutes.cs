using Microsoft.AspNetCore.Routing;

namespace Remix.Platform.Http.Ports;

/// <summary>Which routes are served where.</summary>
public static class PortRoutes
{
    /// <summary>The routes of the platform's own port.</summary>
    public static IEnumerable<RouteEndpoint> OnPlatform(this EndpointDataSource routes) => routes.On(null);

    /// <summary>The routes of a port by its name.</summary>
    public static IEnumerable<RouteEndpoint> On(this EndpointDataSource routes, string? port) => routes.Endpoints.OfType<RouteEndpoint>()
        .Where(route => route.Metadata.GetMetadata<IEndpointGroupNameMetadata>()?.EndpointGroupName == port);
}
