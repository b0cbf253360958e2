using System.Net;
using System.Text.Json;

namespace Remix.Cli;

/// <summary>The server said no, in its own words: what is wrong, a hint, and the call that would succeed.</summary>
internal sealed class RefusedException(HttpStatusCode status, Refusal refusal) : Exception(refusal.Error)
{
    public HttpStatusCode Status { get; } = status;
    public Refusal Refusal { get; } = refusal;

    public static async Task<RefusedException> From(HttpResponseMessage response, CancellationToken cancel)
    {
        var text = await response.Content.ReadAsStringAsync(cancel);
        try
        {
            if (JsonSerializer.Deserialize<Refusal>(text, Wire.Json) is { } refusal && (refusal.Message ?? refusal.Error) is { Length: > 0 } said)
            {
                return new(response.StatusCode, refusal with { Error = said });
            }
        }
        catch (JsonException)
        {
            // A proxy in between speaks HTML; its status says more than its page.
        }

        var request = response.RequestMessage!;
        return new(response.StatusCode, new()
        {
            Error = $"{request.Method} {request.RequestUri!.AbsolutePath} was answered {(int)response.StatusCode} {response.ReasonPhrase}",
        });
    }
}

internal sealed record Refusal
{
    public string Error { get; init; } = "";

    /// <summary>What the agent cloud says in place of an error.</summary>
    public string? Message { get; init; }
    public string? Code { get; init; }
    public string? Hint { get; init; }
    public string? RequestId { get; init; }
    public JsonElement Details { get; init; }
    public JsonElement Fix { get; init; }

    /// <summary>The refusal's details, a line each; validation problems as "field: message".</summary>
    public IEnumerable<string> DetailLines() => Details.ValueKind != JsonValueKind.Array
        ? []
        : Details.EnumerateArray().Select(detail =>
            detail.ValueKind == JsonValueKind.Object && detail.TryGetProperty("message", out var message)
                ? $"{PathOf(detail)}{message}"
                : detail.ToString());

    /// <summary>The call that would succeed, as one would type it.</summary>
    public string? FixLine() => Fix.ValueKind switch
    {
        JsonValueKind.String => Fix.GetString(),
        JsonValueKind.Object => string.Join(' ', Fix.EnumerateObject().Select(part => part.Value.ToString())),
        _ => null,
    };

    private static string PathOf(JsonElement detail) =>
        detail.TryGetProperty("path", out var path) && path.ValueKind == JsonValueKind.Array && path.GetArrayLength() > 0
            ? string.Join('.', path.EnumerateArray().Select(part => part.ToString())) + ": "
            : "";
}
