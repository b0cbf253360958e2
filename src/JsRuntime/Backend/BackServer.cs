using System.Net;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Remix.JsRuntime.Slots;

namespace Remix.JsRuntime.Backend;

/// <summary>
/// Speaks HTTP with all slots: a Kestrel of its own, whose connections come from the slots' <see cref="Door"/>s, which open
/// and close while it runs.
/// </summary>
internal sealed class BackServer : IAsyncDisposable
{
    /// <summary>What code may hand over at once.</summary>
    public const int BodyBytesMax = 32 * 1024 * 1024;

    private readonly ILoggerFactory loggers;
    private readonly Channel<ConnectionContext> arrivals = Channel.CreateBounded<ConnectionContext>(64);
    private readonly SocketConnectionContextFactory connections;
    private readonly Lazy<Task<KestrelServer>> server;

    public BackServer(ILoggerFactory loggers)
    {
        this.loggers = loggers;
        connections = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), loggers.CreateLogger<BackServer>());
        server = new Lazy<Task<KestrelServer>>(Start);
    }

    /// <summary>Opens a door at a path.</summary>
    public async Task<Door> Open(string path, SlotDoor plan)
    {
        await server.Value;
        var door = new Door(path, plan);
        door.Open(connections, connection => arrivals.Writer.WriteAsync(connection));
        return door;
    }

    private async Task<KestrelServer> Start()
    {
        var options = new KestrelServerOptions
        {
            AddServerHeader = false,
            AllowHostHeaderOverride = true,
            // Answers' headers pass through here as the bytes they are.
            ResponseHeaderEncodingSelector = _ => Encoding.Latin1,
        };
        options.Limits.MaxRequestBodySize = BodyBytesMax;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.MaxRequestLineSize = 64 * 1024;
        options.Limits.MaxRequestHeadersTotalSize = 128 * 1024;
        options.Limits.MaxRequestHeaderCount = 200;
        options.Listen(new Doors(), listen => listen.Protocols = HttpProtocols.Http1);
        var kestrel = new KestrelServer(Options.Create(options), new Arrivals(arrivals.Reader), loggers);
        await kestrel.StartAsync(new Application(), CancellationToken.None);
        return kestrel;
    }

    public async ValueTask DisposeAsync()
    {
        if (server.IsValueCreated)
        {
            var kestrel = await server.Value;
            arrivals.Writer.TryComplete();
            using var now = new CancellationTokenSource(TimeSpan.Zero);
            await kestrel.StopAsync(now.Token);
            kestrel.Dispose();
        }

        connections.Dispose();
    }

    private sealed class Doors : EndPoint
    {
        public override string ToString() => "slots";
    }

    private sealed class Arrivals(ChannelReader<ConnectionContext> reader) : IConnectionListenerFactory, IConnectionListener
    {
        public EndPoint EndPoint { get; } = new Doors();

        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                return await reader.ReadAsync(cancellationToken);
            }
            catch (ChannelClosedException)
            {
                return null;
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => default;

        public ValueTask DisposeAsync() => default;
    }

    private sealed class Application : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => context.Features.GetRequiredFeature<Door>().Answer(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}
