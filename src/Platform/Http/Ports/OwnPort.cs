using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Remix.Platform.Faults;
using Remix.Platform.Settings;

namespace Remix.Platform.Http.Ports;

/// <summary>
/// A port of a module's own. Its routes are served there and nowhere else, and no other routes are served there. A request
/// carries the port that it came to as a feature, set on its connection: numbers are not compared.
/// </summary>
public abstract class OwnPort
{
    private ListenOptions? listening;

    /// <summary>Also the group name of its routes, by which they are told from all others.</summary>
    public abstract string Name { get; }

    public abstract FaultDialect Dialect { get; }

    /// <summary>Where its OpenAPI document is; the last segment is the document's name and <c>.json</c>.</summary>
    public abstract string DocumentPath { get; }

    public abstract string DocumentTitle { get; }

    public abstract string DocumentDescription { get; }

    /// <summary>The number on which it listens now; another than the one asked for where that was 0.</summary>
    public int Number => (listening?.EndPoint as System.Net.IPEndPoint)?.Port ?? throw new InvalidOperationException("Nobody listens yet.");

    internal string DocumentName => Path.GetFileNameWithoutExtension(DocumentPath);

    /// <summary>The number to listen on; 0 for any that is free.</summary>
    protected abstract int Wanted(RemixSettings settings);

    /// <summary>What a connection to this port has and others have not, such as TLS.</summary>
    protected virtual void Configure(ListenOptions listen, RemixSettings settings)
    {
    }

    /// <summary>Middleware before routing.</summary>
    public virtual void UseBeforeRouting(IApplicationBuilder app)
    {
    }

    /// <summary>Middleware between routing and the endpoint.</summary>
    public virtual void UseAfterRouting(IApplicationBuilder app)
    {
    }

    public abstract void MapRoutes(IEndpointRouteBuilder routes);

    /// <summary>The port of its own that a request came to; null for the platform's.</summary>
    public static OwnPort? Of(HttpContext context) => context.Features.Get<OwnPort>();

    internal void Listen(KestrelServerOptions kestrel, RemixSettings settings) => Listeners.Listen(kestrel, settings.Host, Wanted(settings), listen =>
    {
        listening = listen;
        listen.Use(next => connection =>
        {
            connection.Features.Set(this);
            return next(connection);
        });
        Configure(listen, settings);
    });
}
