using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Remix.JsRuntime.Backend;

/// <summary>
/// A unix socket through which one slot speaks to us. Whoever comes in by it is that slot: no name is asked, and none could
/// be given. At most so many connections are open at once; more wait at the door.
/// </summary>
internal sealed class Door : IAsyncDisposable
{
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource closing = new();
    private readonly SemaphoreSlim room;
    private readonly string path;
    private Task accepting = Task.CompletedTask;

    public Door(string path, RequestDelegate serve, int connectionsMax)
    {
        (this.path, Serve) = (path, serve);
        room = new SemaphoreSlim(connectionsMax);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen(backlog: 512);
    }

    /// <summary>Answers what comes in.</summary>
    public RequestDelegate Serve { get; }

    public void Open(SocketConnectionContextFactory connections, Func<ConnectionContext, ValueTask> enter) =>
        accepting = Task.Run(() => Accept(connections, enter));

    private async Task Accept(SocketConnectionContextFactory connections, Func<ConnectionContext, ValueTask> enter)
    {
        try
        {
            while (true)
            {
                await room.WaitAsync(closing.Token);
                var connection = connections.Create(await socket.AcceptAsync(closing.Token));
                connection.Features.Set(this);
                connection.ConnectionClosed.Register(() => room.Release());
                await enter(connection);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        socket.Dispose();
        await accepting;
        File.Delete(path);
    }
}
