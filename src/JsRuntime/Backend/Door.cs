using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Remix.JsRuntime.Slots;
using Remix.Platform.Limits;

namespace Remix.JsRuntime.Backend;

/// <summary>
/// A unix socket through which one slot speaks to us. Whoever comes in by it is that slot: no name is asked, and none could
/// be given. At most so many requests are answered at once; more wait at the door.
/// </summary>
internal sealed class Door : IAsyncDisposable
{
    /// <summary>More than a process may have open files: whoever finds the queue full is told that nobody listens.</summary>
    private const int BacklogMax = 4096;

    /// <summary>Of the connections that a process may have, which are a few thousand: what ends a wait needs one too.</summary>
    private const int WaitingMax = 1000;

    /// <summary>Requests at once, and then each second, while other tenants are at work; beyond, they wait.</summary>
    private const int BurstMax = 300, PerSecondMax = 1000;

    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource closing = new();
    private readonly SemaphoreSlim room;
    private readonly Pace pace = new(BurstMax, PerSecondMax, TimeProvider.System);
    private readonly SlotDoor plan;
    private readonly string path;
    private int waiting;
    private long heardAt;
    private Task accepting = Task.CompletedTask;

    public Door(string path, SlotDoor plan)
    {
        (this.path, this.plan) = (path, plan);
        room = new SemaphoreSlim(plan.AtOnce);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen(BacklogMax);
    }

    /// <summary>When the slot last asked for anything; a count of ticks.</summary>
    public long HeardAt => Volatile.Read(ref heardAt);

    /// <summary>Answers a request when its turn has come.</summary>
    public async Task Answer(HttpContext context)
    {
        Volatile.Write(ref heardAt, Stopwatch.GetTimestamp());
        if (plan.Waits?.Invoke(context.Request) == true)
        {
            await Wait(context);
            return;
        }

        try
        {
            if (plan.IsCrowded() && pace.Take(1) is var wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, context.RequestAborted);
            }

            await room.WaitAsync(context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        try
        {
            await plan.Serve(context);
        }
        finally
        {
            room.Release();
        }
    }

    private async Task Wait(HttpContext context)
    {
        try
        {
            if (Interlocked.Increment(ref waiting) <= WaitingMax)
            {
                await plan.Serve(context);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    public void Open(SocketConnectionContextFactory connections, Func<ConnectionContext, ValueTask> enter) =>
        accepting = Task.Run(() => Accept(connections, enter));

    private async Task Accept(SocketConnectionContextFactory connections, Func<ConnectionContext, ValueTask> enter)
    {
        try
        {
            while (true)
            {
                var connection = connections.Create(await socket.AcceptAsync(closing.Token));
                connection.Features.Set(this);
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
