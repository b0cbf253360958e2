using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Remix.Platform.Http;

namespace Remix.Platform.Observability;

/// <summary>Names every request, measures it, and logs the ones an operator wants to know of.</summary>
internal sealed class RequestMiddleware(RequestDelegate next, ILogger<RequestMiddleware> log)
{
    private const double SlowSeconds = 1;

    public async Task InvokeAsync(HttpContext context)
    {
        RequestIds.Assign(context);
        var started = Stopwatch.GetTimestamp();
        await next(context);

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var (status, method) = (context.Response.StatusCode, context.Request.Method);
        if (status == StatusCodes.Status101SwitchingProtocols)
        {
            return;
        }

        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
        Meters.RequestSeconds.Record(seconds, new("method", method), new("route", route), new("status", status));
        var isStream = context.Response.ContentType == "text/event-stream";
        if (status >= 500 || (seconds > SlowSeconds && !isStream))
        {
            log.LogWarning("{Method} {Path} answered {Status} in {Seconds:0.000} s, request {RequestId}", method,
                context.Request.Path.Value, status, seconds, context.RequestId());
        }
        else if (log.IsEnabled(LogLevel.Debug))
        {
            log.LogDebug("{Method} {Path} answered {Status} in {Seconds:0.000} s, request {RequestId}", method,
                context.Request.Path.Value, status, seconds, context.RequestId());
        }
    }
}
