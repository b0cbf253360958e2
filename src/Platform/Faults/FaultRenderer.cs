using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Remix.Platform.Http;

namespace Remix.Platform.Faults;

/// <summary>Writes a <see cref="Fault"/> in the dialect of the route that refused.</summary>
public static class FaultRenderer
{
    public static Task Write(HttpContext context, Fault fault)
    {
        var response = context.Response;
        response.StatusCode = fault.Status;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        if (fault.RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (fault.Status == 401)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        var body = Body(DialectOf(context), fault, context.RequestId());
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : JsonSerializer.SerializeAsync(response.Body, body, RemixJson.Options, context.RequestAborted);
    }

    public static FaultDialect DialectOf(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<FaultDialectMetadata>() is { } metadata)
        {
            return metadata.Dialect;
        }

        return context.Request.Path.StartsWithSegments("/api/v1/agents") ? FaultDialect.Games : FaultDialect.Platform;
    }

    internal static Dictionary<string, object?> Body(FaultDialect dialect, Fault fault, string requestId) => dialect switch
    {
        FaultDialect.Games => new()
        {
            ["success"] = false,
            ["error"] = Filled(new()
            {
                ["code"] = fault.Code,
                ["message"] = fault.Message,
                ["details"] = fault.Details,
                ["hint"] = fault.Hint,
            }),
        },
        FaultDialect.AgentCloud => Filled(new()
        {
            ["ok"] = false,
            ["kind"] = "message",
            ["message"] = fault.Message,
            ["code"] = fault.Code,
            ["hint"] = fault.Hint,
        }),
        _ => Platform(fault, requestId),
    };

    private static Dictionary<string, object?> Platform(Fault fault, string requestId)
    {
        var body = Filled(new()
        {
            ["error"] = fault.Message,
            ["statusCode"] = fault.Status,
            ["request_id"] = requestId,
            ["code"] = fault.Code,
            ["hint"] = fault.Hint,
            ["fix"] = fault.Fix,
            ["details"] = fault.Details,
        });
        foreach (var (name, value) in fault.Extra ?? new Dictionary<string, object?>(StringComparer.Ordinal))
        {
            body[name] = value;
        }

        return body;
    }

    private static Dictionary<string, object?> Filled(Dictionary<string, object?> fields) =>
        fields.Where(field => field.Value is not null).ToDictionary(StringComparer.Ordinal);
}

/// <summary>Set on a route group whose refusals are not in the platform's dialect.</summary>
public sealed record FaultDialectMetadata(FaultDialect Dialect);
