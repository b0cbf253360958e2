using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Remix.Platform.Http;
using Remix.Platform.Realtime;

namespace Remix.Platform.Faults;

/// <summary>
/// Bytes that are no request (a NUL in the path, a broken header, a line too long) the server's reader refuses before any
/// middleware sees them, with a status and no word. It announces that, though, and so they get an answer like all others.
/// </summary>
internal sealed class UnreadableRequests(TimeProvider clock) : IObserver<KeyValuePair<string, object?>>
{
    private const string Announcement = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    public static IDisposable Follow(IServiceProvider services) => services.GetRequiredService<DiagnosticListener>()
        .Subscribe(ActivatorUtilities.CreateInstance<UnreadableRequests>(services), name => name == Announcement);

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is IFeatureCollection features && features.Get<IHttpResponseFeature>() is { HasStarted: false }
            && features.Get<ITlsHandshakeFeature>() is null
            && features.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException { StatusCode: not 405 } refusal)
        {
            Handover.Conclude(features, Answer(new DefaultHttpContext(features), refusal));
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private byte[] Answer(HttpContext context, BadHttpRequestException refusal)
    {
        var requestId = RequestIds.New();
        var body = JsonSerializer.SerializeToUtf8Bytes(
            FaultRenderer.Body(FaultRenderer.DialectOf(context), FaultOf(refusal), requestId), RemixJson.Options);
        var head = $"HTTP/1.1 {refusal.StatusCode} {ReasonPhrases.GetReasonPhrase(refusal.StatusCode)}\r\n"
            + $"Content-Type: application/json; charset=utf-8\r\nContent-Length: {body.Length}\r\nCache-Control: no-store\r\n"
            + $"{RequestIds.Header}: {requestId}\r\nDate: {clock.GetUtcNow():R}\r\nConnection: close\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. HttpMethods.IsHead(context.Request.Method) ? [] : body];
    }

    private static Fault FaultOf(BadHttpRequestException refusal) => refusal.StatusCode switch
    {
        408 => new Fault(408, "TIMEOUT", "The request came too slowly"),
        414 => new Fault(414, "URI_TOO_LONG", "The address is too long")
        {
            Hint = "Send what is long in the body of a POST.",
        },
        431 => new Fault(431, "HEADERS_TOO_LARGE", "The headers are too many or too long"),
        var status when refusal.Message.StartsWith("Invalid request target", StringComparison.Ordinal) => new Fault(
            status, "BAD_REQUEST", "The address cannot be read")
        {
            Hint = "A path holds no NUL byte (%00), no space and no control character; escape each part of it with "
                + "percent signs, as encodeURIComponent does.",
        },
        var status => new Fault(status, "BAD_REQUEST", Sentence(refusal.Message)),
    };

    /// <summary>The server's own, without the place where it would quote what it found when it logged more.</summary>
    private static string Sentence(string message) => message.TrimEnd('.').Replace(": ''", "", StringComparison.Ordinal);
}
