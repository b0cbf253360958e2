using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Platform.Realtime;

/// <summary>
/// Serves one WebSocket: handshake, authentication by header, subprotocol or first frame, hello, and then whatever the
/// channel says. The client may send <c>{"type":"ping"}</c>, <c>{"type":"typing"}</c> and <c>{"type":"auth"}</c>.
/// </summary>
public sealed class LiveSocket(LiveHub hub, TimeProvider clock)
{
    /// <summary>A token may come as a subprotocol, which browsers can set where they cannot set headers.</summary>
    public const string TokenProtocolPrefix = "remix.token.";

    private const int ClientFrameMax = 8 * 1024;
    private const string HandshakeGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static readonly TimeSpan AuthenticateWithin = TimeSpan.FromSeconds(10);

    /// <param name="already">Who it is when the request itself said so; null when the first frame must say.</param>
    /// <param name="authenticate">Token → member, null when it may not listen.</param>
    /// <param name="afterSeq">Where to resume, when the address said so.</param>
    public async Task Serve(HttpContext context, LiveMember? already, Func<string, Task<LiveMember?>> authenticate, long? afterSeq)
    {
        await using var stream = new SharedStream(await Upgrade(context));
        using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = Timeout.InfiniteTimeSpan });
        try
        {
            var (member, after) = already is null ? await Authenticate(socket, authenticate, context.RequestAborted) : (already, afterSeq);
            if (member is null)
            {
                await socket.CloseAsync((WebSocketCloseStatus)CloseReason.Unauthorized.Code, CloseReason.Unauthorized.Text, context.RequestAborted);
                return;
            }

            await Listen(context, socket, stream, member, after ?? afterSeq);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The other side went without a word.
        }
    }

    /// <summary>Tokens named in the subprotocol header, where a browser puts them.</summary>
    public static string? TokenOf(HttpRequest request) => request.Headers.SecWebSocketProtocol
        .SelectMany(header => (header ?? "").Split(',', StringSplitOptions.TrimEntries))
        .FirstOrDefault(protocol => protocol.StartsWith(TokenProtocolPrefix, StringComparison.Ordinal))?[TokenProtocolPrefix.Length..];

    private async Task Listen(HttpContext context, WebSocket socket, SharedStream stream, LiveMember member, long? afterSeq)
    {
        var listener = await hub.Join(member.Channel, channel =>
            new SocketListener(context, socket, stream, channel, member.Member, member.UserId, Math.Min(afterSeq ?? channel.LastSeq, channel.LastSeq)));
        try
        {
            await stream.WriteAsync((await HelloFrame(member, listener)).Bytes, context.RequestAborted);
            listener.Start();
            await Hear(context, socket, listener);
        }
        finally
        {
            hub.Leave(listener);
        }
    }

    internal async Task<Frame> HelloFrame(LiveMember member, Listener listener)
    {
        var hello = JsonSerializer.SerializeToNode(await member.Hello(listener.Channel.Present()), Http.RemixJson.Options)!.AsObject();
        hello["seq"] = listener.Channel.LastSeq;
        return Frame.Of("hello", listener.Seq, hello.ToJsonString(Http.RemixJson.Options), clock.NowMs());
    }

    private async Task Hear(HttpContext context, WebSocket socket, SocketListener listener)
    {
        while (true)
        {
            var frame = await Receive(socket, context.RequestAborted);
            if (frame is null)
            {
                if (socket.State == WebSocketState.CloseReceived)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
                }

                return;
            }

            switch (TypeOf(frame))
            {
                case "ping":
                    await socket.SendAsync(Frame.Of("pong", 0, "{}", clock.NowMs()).Json, WebSocketMessageType.Text, true, context.RequestAborted);
                    break;
                case "typing":
                    hub.Say(listener.Channel.Name, "typing", new { member = listener.Member });
                    break;
                case "auth":
                    break;
                case var unknown:
                    var problem = Http.RemixJson.Text(new
                    {
                        code = "UNKNOWN_FRAME",
                        error = unknown is null ? "A frame is a JSON object with a type" : $"There is no frame of type {unknown}",
                        hint = "Send auth, ping or typing here; messages go to POST /rooms/{owner}/{room}/send.",
                    });
                    await socket.SendAsync(Frame.Of("error", 0, problem, clock.NowMs()).Json, WebSocketMessageType.Text, true, context.RequestAborted);
                    break;
            }
        }
    }

    private static async Task<(LiveMember? Member, long? AfterSeq)> Authenticate(
        WebSocket socket, Func<string, Task<LiveMember?>> authenticate, CancellationToken aborted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        patience.CancelAfter(AuthenticateWithin);
        var frame = await Receive(socket, patience.Token);
        if (frame is null || TypeOf(frame) != "auth")
        {
            return default;
        }

        using var document = JsonDocument.Parse(frame);
        var root = document.RootElement;
        if (!root.TryGetProperty("token", out var token) || token.ValueKind != JsonValueKind.String)
        {
            return default;
        }

        var after = root.TryGetProperty("after_seq", out var seq) && seq.ValueKind == JsonValueKind.Number && seq.TryGetInt64(out var number) && number >= 0
            ? number
            : (long?)null;
        return (await authenticate(token.GetString()!), after);
    }

    private static string? TypeOf(byte[] frame)
    {
        try
        {
            using var document = JsonDocument.Parse(frame);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("type", out var type)
                && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>One whole message; null when the other side closes. No buffer is held while nothing comes.</summary>
    private static async Task<byte[]?> Receive(WebSocket socket, CancellationToken cancel)
    {
        var first = await socket.ReceiveAsync(Memory<byte>.Empty, cancel);
        if (first.MessageType == WebSocketMessageType.Close)
        {
            return null;
        }

        if (first.EndOfMessage)
        {
            return [];
        }

        var buffer = new byte[512];
        var length = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            length += received.Count;
            if (received.EndOfMessage)
            {
                return buffer[..length];
            }

            if (length == buffer.Length)
            {
                if (length >= ClientFrameMax)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.MessageTooBig, $"frames have at most {ClientFrameMax} bytes", cancel);
                    return null;
                }

                Array.Resize(ref buffer, length * 2);
            }
        }
    }

    private static Task<Stream> Upgrade(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var upgrade = context.Features.Get<IHttpUpgradeFeature>();
        var key = request.Headers.SecWebSocketKey.ToString();
        if (upgrade is not { IsUpgradableRequest: true } || !HttpMethods.IsGet(request.Method) || !IsKey(key)
            || !string.Equals(request.Headers.Upgrade, "websocket", StringComparison.OrdinalIgnoreCase)
            || request.Headers.SecWebSocketVersion != "13")
        {
            response.Headers.SecWebSocketVersion = "13";
            throw new Fault(426, "UPGRADE_REQUIRED", "This address speaks WebSocket")
            {
                Hint = "Connect with a WebSocket client, or read the same events as text/event-stream from …/stream.",
            };
        }

        response.Headers.Connection = "Upgrade";
        response.Headers.Upgrade = "websocket";
        response.Headers["Sec-WebSocket-Accept"] = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + HandshakeGuid)));
        if (TokenOf(request) is { } token)
        {
            response.Headers.SecWebSocketProtocol = TokenProtocolPrefix + token;
        }

        return upgrade.UpgradeAsync();
    }

    private static bool IsKey(string key) => key.Length == 24 && Convert.TryFromBase64String(key, new byte[18], out var length) && length == 16;
}
