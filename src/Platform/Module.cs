using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Remix.Platform.Http.Ports;
using Remix.Platform.Settings;

namespace Remix.Platform;

/// <summary>
/// One module of the server: its services, its routes, its mappings, and (embedded in its assembly) its migrations.
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

    /// <summary>
    /// Middleware that answers with what lies ready in memory, on the thread that reads the sockets: it waits for nothing, and
    /// nobody catches what it throws.
    /// </summary>
    public virtual void UseReady(IApplicationBuilder app)
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

    /// <summary>
    /// The mappings of the module's entities, named one by one: to look for them would load every type of the assembly into
    /// memory, where most are never used.
    /// </summary>
    public virtual void Map(ModelBuilder model)
    {
    }

    public virtual void MapRoutes(IEndpointRouteBuilder routes)
    {
    }
}
