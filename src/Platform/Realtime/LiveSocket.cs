using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Platform.Realtime;

/// <summary>
/// Serves one WebSocket: handshake, authentication by header, subprotocol or first frame, hello, and then whatever the
/// channel says. The client may send <c>{"type":"ping"}</c>, <c>{"type":"typing"}</c>, <c>{"type":"session"}</c> with what it
/// is at, and <c>{"type":"auth"}</c>.
/// </summary>
public sealed class LiveSocket(LiveHub hub, TimeProvider clock)
{
    /// <summary>A token may come as a subprotocol, which browsers can set where they cannot set headers.</summary>
    public const string TokenProtocolPrefix = "remix.token.";

    private const int ClientFrameMax = 8 * 1024;
    private const int SessionStatusMax = 40;
    private const int SessionDetailMax = 280;
    private const string HandshakeGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static readonly TimeSpan AuthenticateWithin = TimeSpan.FromSeconds(10);

    /// <param name="already">Who it is when the request itself said so; null when the first frame must say.</param>
    /// <param name="authenticate">Token → member, null when it may not listen.</param>
    /// <param name="afterSeq">Where to resume, when the address said so.</param>
    public async Task Serve(HttpContext context, LiveMember? already, Func<string, Task<LiveMember?>> authenticate, long? afterSeq)
    {
        await Upgrade(context);
        Handover.After(context, connection => Begin(connection, already, authenticate, afterSeq));
    }

    /// <summary>Most connections are here most of the time: with no buffer, no registered token, and few frames below.</summary>
    private async Task Listen(ConnectionContext connection, WebSocket socket, SocketListener listener)
    {
        try
        {
            while (await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None) is var first
                && first.MessageType != WebSocketMessageType.Close)
            {
                await Answer(socket, listener, first.EndOfMessage ? [] : await Receive(socket, CancellationToken.None));
            }

            await End(connection, socket);
        }
        catch (Exception e) when (IsGone(e))
        {
            // The other side went without a word.
        }
        finally
        {
            hub.Leave(listener);
            socket.Dispose();
        }
    }

    private static async Task End(ConnectionContext connection, WebSocket socket)
    {
        if (socket.State == WebSocketState.CloseReceived)
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }

        // What was written last is sent before the connection is.
        await connection.Transport.Output.CompleteAsync();
    }

    private static bool IsGone(Exception e) => e is WebSocketException or OperationCanceledException or IOException
        or InvalidOperationException or ConnectionAbortedException;

    /// <summary>Tokens named in the subprotocol header, where a browser puts them.</summary>
    public static string? TokenOf(HttpRequest request) => request.Headers.SecWebSocketProtocol
        .SelectMany(header => (header ?? "").Split(',', StringSplitOptions.TrimEntries))
        .FirstOrDefault(protocol => protocol.StartsWith(TokenProtocolPrefix, StringComparison.Ordinal))?[TokenProtocolPrefix.Length..];

    /// <summary>Finds out who it is, says hello and begins to pass on; answers what goes on from there.</summary>
    private async Task<Task> Begin(
        ConnectionContext connection, LiveMember? already, Func<string, Task<LiveMember?>> authenticate, long? afterSeq)
    {
        var stream = new SharedStream(connection.Transport);
        var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions
        {
            IsServer = true,
            KeepAliveInterval = Timeout.InfiniteTimeSpan
        });
        SocketListener? listener = null;
        try
        {
            var (member, named) = already is null ? await Authenticate(socket, authenticate) : (already, afterSeq);
            if (member is null)
            {
                await socket.CloseOutputAsync((WebSocketCloseStatus)CloseReason.Unauthorized.Code, CloseReason.Unauthorized.Text, default);
                await connection.Transport.Output.CompleteAsync();
                return Task.CompletedTask;
            }

            listener = await hub.Join(member.Channel, named ?? afterSeq, (channel, place) =>
                new SocketListener(connection, socket, stream, channel, member.Member, member.UserId, member.Speaks, place));
            await stream.WriteAsync((await HelloFrame(member, listener)).Bytes);
        }
        catch (Exception e) when (IsGone(e))
        {
            Forget(listener, socket);
            return Task.CompletedTask;
        }
        catch
        {
            Forget(listener, socket);
            throw;
        }

        listener.Start();
        return Listen(connection, socket, listener);
    }

    private void Forget(SocketListener? listener, WebSocket socket)
    {
        if (listener is not null)
        {
            hub.Leave(listener);
        }

        socket.Dispose();
    }

    internal async Task<Frame> HelloFrame(LiveMember member, Listener listener)
    {
        var hello = JsonSerializer.SerializeToNode(await member.Hello(listener.Channel.Present()), Http.RemixJson.Options)!.AsObject();
        hello["seq"] = Math.Max(listener.Channel.LastSeq, listener.Seq);
        return Frame.Of("hello", listener.Seq, hello.ToJsonString(Http.RemixJson.Options), clock.NowMs());
    }

    private async Task Answer(WebSocket socket, SocketListener listener, byte[]? frame)
    {
        switch (frame is null ? "close" : TypeOf(frame))
        {
            case "ping":
                await socket.SendAsync(Frame.Of("pong", 0, "{}", clock.NowMs()).Json, WebSocketMessageType.Text, true, CancellationToken.None);
                break;
            case "typing" or "session" when !listener.Speaks:
                await Refuse(socket, "NOT_A_MEMBER", "Only members are heard", "Join the room first: POST /rooms/{owner}/{room}/join.");
                break;
            case "typing" when listener.MaySayNow():
                hub.Say(listener.Channel.Name, "typing", new { member = listener.Member });
                break;
            case "session" when SessionOf(frame!) is not { }:
                await Refuse(socket, "INVALID_FRAME", "A session frame has a status, and detail if you like, both short texts",
                    "Send {\"type\":\"session\",\"status\":\"working\",\"detail\":\"reading the files\"}.");
                break;
            case "session" when listener.MaySayNow() && SessionOf(frame!) is var (status, detail):
                hub.Say(listener.Channel.Name, "session", new { member = listener.Member, status, detail });
                break;
            case "typing" or "session":
                break;
            case "auth" or "close":
                break;
            case var unknown:
                await Refuse(socket, "UNKNOWN_FRAME",
                    unknown is null ? "A frame is a JSON object with a type" : $"There is no frame of type {unknown}",
                    "Send auth, ping, typing or session here; messages go to POST /rooms/{owner}/{room}/send.");
                break;
        }
    }

    private ValueTask Refuse(WebSocket socket, string code, string error, string hint) => socket.SendAsync(
        Frame.Of("error", 0, Http.RemixJson.Text(new { code, error, hint }), clock.NowMs()).Json, WebSocketMessageType.Text, true, CancellationToken.None);

    /// <summary>What an agent is at, in its own words; null when the frame does not say.</summary>
    private static (string Status, string? Detail)? SessionOf(byte[] frame)
    {
        try
        {
            using var document = JsonDocument.Parse(frame);
            var fields = Http.Fields.OfBody(document.RootElement);
            var (status, detail) = (fields.Text("status", SessionStatusMax, 1), fields.Text("detail", SessionDetailMax));
            return status is not null && fields.IsValid ? (status, detail) : null;
        }
        catch (InvalidOperationException)
        {
            return null; // An escape that is half a character.
        }
    }

    private static async Task<(LiveMember? Member, long? AfterSeq)> Authenticate(WebSocket socket, Func<string, Task<LiveMember?>> authenticate)
    {
        // Not by cancelling the read: that would end the connection before it could be said why.
        var reading = FirstFrame(socket);
        if (await Task.WhenAny(reading, Task.Delay(AuthenticateWithin)) != reading)
        {
            _ = reading.ContinueWith(static late => late.Exception, TaskScheduler.Default);
            return default;
        }

        var frame = await reading;
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

        var after = root.TryGetProperty("after_seq", out var seq) && seq.ValueKind == JsonValueKind.Number
            && seq.TryGetInt64(out var number) && number >= 0
            ? number
            : (long?)null;
        return (await authenticate(token.GetString()!), after);
    }

    private static async Task<byte[]?> FirstFrame(WebSocket socket)
    {
        var first = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
        return first.MessageType == WebSocketMessageType.Close || first.EndOfMessage ? null : await Receive(socket, CancellationToken.None);
    }

    private static string? TypeOf(byte[] frame)
    {
        try
        {
            using var document = JsonDocument.Parse(frame);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("type", out var type)
                && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The message that has begun to come, whole; null when the other side closes instead.</summary>
    private static async Task<byte[]?> Receive(WebSocket socket, CancellationToken cancel)
    {
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
