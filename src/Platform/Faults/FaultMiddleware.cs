using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Remix.Platform.Data;
using Remix.Platform.Http;

namespace Remix.Platform.Faults;

/// <summary>Turns whatever a request ends with, other than an answer, into an answer.</summary>
internal sealed class FaultMiddleware(RequestDelegate next, NearestRoute nearest, ILogger<FaultMiddleware> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (e is ConnectionResetException or ConnectionAbortedException
            || (e is OperationCanceledException && context.RequestAborted.IsCancellationRequested))
        {
            // The caller has gone; there is nobody to answer.
            return;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            await Answer(context, e);
            return;
        }

        if (!context.Response.HasStarted && context.Response is { StatusCode: 404 or 405 or 415, ContentLength: null, ContentType: null })
        {
            var fault = nearest.FaultFor(context);
            if (fault.Status == StatusCodes.Status405MethodNotAllowed && HttpMethods.IsOptions(context.Request.Method))
            {
                // Not a refusal: what is possible is what it asks for.
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                context.Response.Headers.Allow = $"{context.Response.Headers.Allow}, {HttpMethods.Options}";
                return;
            }

            await FaultRenderer.Write(context, fault);
        }
    }

    private async Task Answer(HttpContext context, Exception exception)
    {
        var fault = Translate(exception);
        if (fault is null)
        {
            log.LogError(exception, "Request {RequestId} {Method} {Path} failed", context.RequestId(), context.Request.Method, context.Request.Path);
            fault = new Fault(500, "INTERNAL",
                "Something went wrong on our side")
            { Hint = "Repeat the call; if it fails again, report the request_id." };
        }

        var (requestId, limits) = (context.RequestId(), context.Response.Headers.Where(header =>
            header.Key.StartsWith("X-RateLimit", StringComparison.Ordinal)
            || header.Key is "Allow" or "Access-Control-Allow-Origin" or "Set-Cookie").ToArray());
        context.Response.Clear();
        context.Response.Headers[RequestIds.Header] = requestId;
        foreach (var (name, value) in limits)
        {
            context.Response.Headers[name] = value;
        }

        await FaultRenderer.Write(context, fault);
    }

    private static Fault? Translate(Exception exception) => exception switch
    {
        Fault fault => fault,
        BadHttpRequestException { StatusCode: 413 } => Fault.TooLarge("The request body is larger than this route accepts"),
        BadHttpRequestException { StatusCode: 408 } => new Fault(408, "TIMEOUT", "The request body came too slowly"),
        BadHttpRequestException e => new Fault(e.StatusCode, "BAD_REQUEST", Sentence(e)),
        DbUpdateConcurrencyException => Fault.Conflict("CHANGED_MEANWHILE",
            "Somebody else changed this at the same moment", "Read it again, then repeat the change."),
        _ when DatabaseKind.IsUnavailable(exception) || DatabaseKind.IsTransient(exception) => new Fault(503,
            "DATABASE_UNAVAILABLE", "The database cannot take this now")
        {
            Hint = "Nothing was changed. Repeat the call in a moment.",
            RetryAfter = 2,
        },
        _ => null,
    };

    private static string Sentence(BadHttpRequestException exception) =>
        exception.Message.StartsWith("Failed to bind", StringComparison.Ordinal)
            || exception.Message.StartsWith("Required parameter", StringComparison.Ordinal)
            ? "A part of the address has the wrong form"
            : exception.Message;
}
