using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Remix.Platform.Http.Ports;
using Remix.Platform.Settings;

namespace Remix.Platform;

/// <summary>
/// One module of the server: its services, its routes, and (embedded in its assembly) its migrations and mappings.
/// </summary>
public abstract class Module
{
    public Assembly Assembly => GetType().Assembly;

    /// <summary>Queries that find a row of this module which names the blob <c>$1</c>; a blob that none finds is swept away.</summary>
    public virtual IReadOnlyList<string> BlobReferences => [];

    /// <summary>A port of the module's own, beside the platform's; the same at each call.</summary>
    public virtual OwnPort? Port => null;

    /// <summary>What the program can do with this module instead of serving.</summary>
    public virtual IReadOnlyList<ServerCommand> Commands => [];

    public virtual void AddServices(IServiceCollection services, RemixSettings settings)
    {
    }

    /// <summary>Middleware that must see a request before it is routed; called in the order of the module list.</summary>
    public virtual void UseBeforeRouting(IApplicationBuilder app)
    {
    }

    /// <summary>Middleware between routing and the endpoint, where the matched route and its metadata are known.</summary>
    public virtual void UseAfterRouting(IApplicationBuilder app)
    {
    }

    public virtual void MapRoutes(IEndpointRouteBuilder routes)
    {
    }
}
