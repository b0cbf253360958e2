using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Remix.JsRuntime.Slots;

namespace Remix.JsRuntime.Workers;

/// <summary>
/// Answers a request by a tenant's worker: bodies pass as they come, both ways, no faster than they are taken; a caller who goes
/// away cancels what the worker does for him; a WebSocket passes as it is, frame by frame, with its codes.
/// </summary>
public sealed class WorkerFront(WorkerRuntime runtime)
{
    private const string ForwardedProto = "X-Forwarded-Proto", SocketProtocol = "websocket";

    /// <summary>Of one connection, and so not passed on.</summary>
    private static readonly HashSet<string> HopHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding",
        "upgrade", "expect", ForwardedProto,
    };

    /// <summary>Throws <see cref="WorkerException"/> when there is no answer; then nothing has been sent yet.</summary>
    /// <param name="deadline">When its answer must have begun. A stream may go on.</param>
    public async Task Pass(HttpContext context, JsTenant tenant, long generation, Func<CancellationToken, ValueTask<WorkerCode>> code,
        TimeSpan deadline)
    {
        var gone = context.RequestAborted;
        using var request = Incoming(context);
        try
        {
            using var answer = await runtime.Send(tenant, generation, code, request, deadline, gone);
            context.Response.StatusCode = (int)answer.StatusCode;
            foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
            {
                if (!HopHeaders.Contains(name))
                {
                    context.Response.Headers.Append(name, values.Select(Plain).ToArray());
                }
            }

            await using var body = await answer.Content.ReadAsStreamAsync(gone);
            if (answer.StatusCode == System.Net.HttpStatusCode.SwitchingProtocols)
            {
                await Tunnel(context, body);
                return;
            }

            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            await context.Response.StartAsync(gone);
            await body.CopyToAsync(context.Response.Body, gone);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
        }
    }

    /// <summary>A header's value in ASCII, which is all that may be sent: other bytes as a URL has them.</summary>
    private static string Plain(string value) => value.All(char.IsAscii) ? value
        : string.Concat(value.Select(letter => char.IsAscii(letter) ? letter.ToString() : $"%{letter & 0xff:X2}"));

    private static HttpRequestMessage Incoming(HttpContext context)
    {
        var from = context.Request;
        var isSocket = AsksForSocket(context);
        var asWritten = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var request = new HttpRequestMessage(isSocket ? HttpMethod.Get : new HttpMethod(from.Method),
            new Uri($"{SlotFiles.Address.TrimEnd('/')}{Target(context)}", asWritten));
        if (from.ContentLength > 0 || from.Headers.TransferEncoding.Count > 0
            || (!isSocket && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true && from.ContentLength != 0))
        {
            request.Content = new StreamContent(from.Body);
        }

        var dropped = from.Headers.Connection.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries)).ToList();
        foreach (var (name, values) in from.Headers)
        {
            if (!name.StartsWith(':') && !HopHeaders.Contains(name) && !dropped.Contains(name, StringComparer.OrdinalIgnoreCase)
                && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        request.Headers.Host = from.Host.Value;
        request.Headers.TryAddWithoutValidation(ForwardedProto, from.Scheme);
        if (isSocket)
        {
            request.Headers.TryAddWithoutValidation(HeaderNames.Connection, "Upgrade");
            request.Headers.TryAddWithoutValidation(HeaderNames.Upgrade, SocketProtocol);
            if (!request.Headers.Contains(HeaderNames.SecWebSocketKey))
            {
                // HTTP/2 asks without a key.
                request.Headers.TryAddWithoutValidation(HeaderNames.SecWebSocketKey, Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)));
            }
        }

        return request;
    }

    /// <summary>The path and query as they were written, since a worker may tell <c>%2F</c> from a slash.</summary>
    private static string Target(HttpContext context)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        return raw.StartsWith('/') ? raw : context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent();
    }

    private static bool AsksForSocket(HttpContext context) =>
        (context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true
            && string.Equals(context.Request.Headers.Upgrade, SocketProtocol, StringComparison.OrdinalIgnoreCase))
        || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: SocketProtocol };

    /// <summary>Both directions until one of them ends.</summary>
    private static async Task Tunnel(HttpContext context, Stream worker)
    {
        Stream caller;
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
        {
            context.Response.StatusCode = StatusCodes.Status200OK;
            context.Response.Headers.Remove(HeaderNames.SecWebSocketAccept);
            caller = await connect.AcceptAsync();
        }
        else
        {
            context.Response.Headers.Upgrade = SocketProtocol;
            caller = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        }

        await using (caller)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            var outwards = Copy(worker, caller, over.Token);
            var inwards = Copy(caller, worker, over.Token);
            await Task.WhenAny(outwards, inwards);
            if (inwards.IsCompletedSuccessfully)
            {
                // The caller said all he had; what the worker still says to that he may hear.
                await Task.WhenAny(outwards, Task.Delay(TimeSpan.FromSeconds(5), over.Token));
            }

            await over.CancelAsync();
            await Task.WhenAll(outwards, inwards);
        }
    }

    private static async Task Copy(Stream from, Stream to, CancellationToken stop)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            while (await from.ReadAsync(buffer, stop) is > 0 and var read)
            {
                await to.WriteAsync(buffer.AsMemory(0, read), stop);
                await to.FlushAsync(stop);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two has gone.
        }
    }
}
