using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Remix.Platform.Http.Outbound;

/// <summary>
/// The only client for addresses that users gave: every connection goes to an address that <see cref="OutboundGuard"/>
/// allowed for it, no redirect is followed, no proxy, cookie or password of ours is used.
/// </summary>
public sealed class OutboundHttp : IDisposable
{
    private readonly OutboundGuard guard;
    private readonly HttpClient client;

    public OutboundHttp(OutboundGuard guard)
    {
        this.guard = guard;
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            Credentials = null,
            ActivityHeadersPropagator = null,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            // Whoever calls bounds his own calls. A bound for all together would let one of them keep the others from a host.
            MaxConnectionsPerServer = int.MaxValue,
            MaxResponseHeadersLength = 32,
            ConnectCallback = (context, stop) => Connect(context.DnsEndPoint, stop),
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>
    /// Sends; the answer's headers have come, its body has not. How long to wait is the caller's to say. A refusal is the
    /// <see cref="OutboundRefusedException"/> inside of the exception.
    /// </summary>
    public Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken stop) =>
        client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);

    private async ValueTask<Stream> Connect(DnsEndPoint endPoint, CancellationToken stop)
    {
        SocketException? last = null;
        foreach (var address in await guard.Allowed(endPoint.Host, stop))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, endPoint.Port, stop);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                last = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last!;
    }

    public void Dispose() => client.Dispose();
}
