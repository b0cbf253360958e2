using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace Remix.Tests.Support;

/// <summary>An ear on a WebSocket.</summary>
public sealed class SocketEar : Ear
{
    private readonly ClientWebSocket socket = new();
    private byte[] buffer = new byte[16 * 1024];

    public string? SubProtocol => socket.SubProtocol;

    /// <param name="receiveBuffer">Bytes that the system takes in before anybody reads; few make a slow reader.</param>
    public static async Task<SocketEar> Open(string url, IEnumerable<(string Name, string Value)> headers, string? protocol = null,
        int? receiveBuffer = null)
    {
        var ear = new SocketEar();
        ear.socket.Options.KeepAliveInterval = TimeSpan.Zero;
        foreach (var (name, value) in headers)
        {
            ear.socket.Options.SetRequestHeader(name, value);
        }

        if (protocol is not null)
        {
            ear.socket.Options.AddSubProtocol(protocol);
        }

        var handler = new SocketsHttpHandler();
        if (receiveBuffer is { } bytes)
        {
            handler.ConnectCallback = (context, cancel) => Connect(context, bytes, cancel);
        }

        // A refused handshake says why in the exception's text only: the status, and nothing of the body.
        ear.socket.Options.CollectHttpResponseDetails = true;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await ear.socket.ConnectAsync(new Uri(url.Replace("http", "ws", StringComparison.Ordinal)), new HttpMessageInvoker(handler),
                patience.Token);
            return ear;
        }
        catch (WebSocketException) when (ear.socket.HttpStatusCode != default)
        {
            throw new RefusedHandshakeException((int)ear.socket.HttpStatusCode);
        }
    }

    public Task Say(string text) => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    public Task Say(byte[] bytes, WebSocketMessageType type) => socket.SendAsync(bytes, type, true, CancellationToken.None);

    public Task Close() => socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

    /// <summary>Goes without a word.</summary>
    public void Drop() => socket.Abort();

    protected override async Task<Heard?> Receive(CancellationToken cancel)
    {
        var length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult received;
            try
            {
                received = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
            }
            catch (WebSocketException)
            {
                return null;
            }

            if (received.MessageType == WebSocketMessageType.Close)
            {
                CloseCode = (int)socket.CloseStatus!.Value;
                await Answer();
                return null;
            }

            length += received.Count;
            if (received.EndOfMessage)
            {
                return Parse(Encoding.UTF8.GetString(buffer, 0, length));
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, length * 2);
            }
        }
    }

    public override ValueTask DisposeAsync()
    {
        socket.Abort();
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task Answer()
    {
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // It has gone already.
        }
    }

    private static async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, int receiveBuffer, CancellationToken cancel)
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = receiveBuffer };
        await client.ConnectAsync(context.DnsEndPoint, cancel);
        return new NetworkStream(client, ownsSocket: true);
    }
}

/// <summary>The server refused the handshake.</summary>
public sealed class RefusedHandshakeException(int status) : Exception($"The handshake was refused with {status}.")
{
    public int Status { get; } = status;
}
