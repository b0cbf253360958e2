using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Remix.Platform.Http.Outbound;
using Remix.Platform.Settings;

namespace Remix.JsRuntime.Egress;

/// <summary>
/// The only way out of a process: a proxy that calls what <see cref="OutboundGuard"/> lets be called. Processes follow
/// redirects themselves, so each step comes by here and is judged.
/// </summary>
internal sealed class EgressProxy(OutboundGuard guard, OutboundHttp http, RemixSettings settings)
{
    public const int AnswerBytesMax = 32 * 1024 * 1024;

    /// <summary>Carries why a call was refused: the wrapper around an agent throws it.</summary>
    private const string RefusedHeader = "x-remix-refused";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Of one connection, and so not passed on.</summary>
    private static readonly HashSet<string> HopHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding",
        "upgrade", "host", "expect", RefusedHeader,
    };

    public async Task Answer(HttpContext context)
    {
        var address = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        end.CancelAfter(Patience);
        try
        {
            if (await Refusal(context.Request, address, end.Token) is { } refusal)
            {
                await Refuse(context, refusal);
                return;
            }

            using var request = Outgoing(context.Request, address);
            using var answer = await http.Send(request, end.Token);
            await Pass(answer, context, end.Token);
        }
        catch (OutboundRefusedException e)
        {
            await Refuse(context, e.Message);
        }
        catch (HttpRequestException e)
        {
            await Refuse(context, e.GetBaseException() is OutboundRefusedException inner
                ? inner.Message
                : $"{new Uri(address).Host} does not answer");
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await Refuse(context, $"{new Uri(address).Host} took longer than {Patience.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            context.Abort();
        }
    }

    private async Task<string?> Refusal(HttpRequest request, string address, CancellationToken stop)
    {
        if (HttpMethods.IsConnect(request.Method))
        {
            return "Sockets are not open to this code; use fetch";
        }

        if (request.Headers.ContainsKey("Upgrade"))
        {
            return "WebSockets are not open to this code; use fetch";
        }

        if (OutboundGuard.Misspelt(address) is { } problem)
        {
            return problem;
        }

        var uri = new Uri(address);
        return uri.Scheme != Uri.UriSchemeHttps && !settings.AllowPrivateHosts.Hosts.Contains(uri.IdnHost, StringComparer.OrdinalIgnoreCase)
            ? "Only https addresses can be fetched" : await guard.Refusal(address, stop);
    }

    private static HttpRequestMessage Outgoing(HttpRequest from, string address)
    {
        var request = new HttpRequestMessage(new HttpMethod(from.Method), address);
        if (from.ContentLength > 0 || from.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(from.Body);
        }

        var dropped = from.Headers.Connection.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries)).ToList();
        foreach (var (name, values) in from.Headers)
        {
            if (!HopHeaders.Contains(name) && !dropped.Contains(name, StringComparer.OrdinalIgnoreCase)
                && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        return request;
    }

    private static async Task Pass(HttpResponseMessage answer, HttpContext context, CancellationToken stop)
    {
        if (answer.Content.Headers.ContentLength > AnswerBytesMax)
        {
            await Refuse(context, $"The answer is longer than {AnswerBytesMax} bytes");
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        Copy(answer.Headers, context.Response.Headers);
        Copy(answer.Content.Headers, context.Response.Headers);
        await using var body = await answer.Content.ReadAsStreamAsync(stop);
        var buffer = new byte[32 * 1024];
        long passed = 0;
        while (await body.ReadAsync(buffer, stop) is > 0 and var read)
        {
            if ((passed += read) > AnswerBytesMax)
            {
                context.Abort();
                return;
            }

            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), stop);
        }
    }

    private static void Copy(HttpHeaders from, IHeaderDictionary to)
    {
        foreach (var (name, values) in from.NonValidated)
        {
            if (!HopHeaders.Contains(name))
            {
                to.Append(name, values.ToArray());
            }
        }
    }

    private static Task Refuse(HttpContext context, string message)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Clear();
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.Headers[RefusedHeader] = Uri.EscapeDataString(message);
        var body = Encoding.UTF8.GetBytes(message);
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body).AsTask();
    }
}
