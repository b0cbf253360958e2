using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Remix.Platform.Http;
using Remix.Platform.Http.Ports;

namespace Remix.Platform.Faults;

/// <summary>Writes a <see cref="Fault"/> in the dialect of the route that refused.</summary>
public static class FaultRenderer
{
    public static Task Write(HttpContext context, Fault fault)
    {
        var response = context.Response;
        var dialect = DialectOf(context);
        response.StatusCode = dialect == FaultDialect.Games ? GamesWords.Status(fault) : fault.Status;
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

        var body = Body(dialect, fault, context.RequestId());
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

        if (OwnPort.Of(context) is { } port)
        {
            return port.Dialect;
        }

        var path = context.Request.Path;
        return path.StartsWithSegments("/api/v1/agents") || path.StartsWithSegments("/v1/agents") ? FaultDialect.Games : FaultDialect.Platform;
    }

    internal static Dictionary<string, object?> Body(FaultDialect dialect, Fault fault, string requestId) => dialect switch
    {
        FaultDialect.Games => new()
        {
            ["success"] = false,
            ["error"] = GamesWords.Error(fault),
        },
        FaultDialect.AgentCloud => Whole(fault, new()
        {
            ["ok"] = false,
            ["kind"] = "message",
            ["message"] = fault.Message,
            ["request_id"] = requestId,
        }),
        _ => Whole(fault, new()
        {
            ["error"] = fault.Message,
            ["statusCode"] = fault.Status,
            ["request_id"] = requestId,
        }),
    };

    private static Dictionary<string, object?> Whole(Fault fault, Dictionary<string, object?> beginning)
    {
        (beginning["code"], beginning["hint"], beginning["fix"], beginning["details"]) = (fault.Code, fault.Hint, fault.Fix, fault.Details);
        var body = Filled(beginning);
        foreach (var (name, value) in fault.Extra ?? new Dictionary<string, object?>(StringComparer.Ordinal))
        {
            body[name] = value;
        }

        return body;
    }

    private static Dictionary<string, object?> Filled(Dictionary<string, object?> fields) =>
        fields.Where(field => field.Value is not null).ToDictionary(StringComparer.Ordinal);
}

/// <summary>What the games dialect calls the refusals that every module shares; its own codes are written by its routes.</summary>
internal static class GamesWords
{
    public static Dictionary<string, object?> Error(Fault fault)
    {
        var error = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["code"] = Code(fault),
            ["message"] = fault.Message,
            ["details"] = fault.Details,
        };
        if (fault.Hint is { } hint)
        {
            error["hint"] = hint;
        }

        return error;
    }

    /// <summary>This dialect knows no 413: an input that is too large is an invalid one.</summary>
    public static int Status(Fault fault) => fault.Status == 413 ? 400 : fault.Status;

    private static string Code(Fault fault) => fault.Code switch
    {
        "VALIDATION_FAILED" when fault.Details is [{ Code: "invalid_json" }] => "INVALID_JSON",
        "VALIDATION_FAILED" or "PAYLOAD_TOO_LARGE" => "VALIDATION_ERROR",
        "MALFORMED_JSON" => "INVALID_JSON",
        "INTERNAL" => "INTERNAL_SERVER_ERROR",
        var code => code,
    };
}

/// <summary>Set on a route group whose refusals are not in the platform's dialect.</summary>
public sealed record FaultDialectMetadata(FaultDialect Dialect);
