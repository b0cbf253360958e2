using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Remix.Platform.Faults;
using Remix.Platform.Http;

namespace Remix.AgentCloud.Mcp;

/// <summary>One message of JSON-RPC 2.0, and the answers to it. What is none has a <see cref="Refusal"/> instead.</summary>
/// <param name="Id">As it was written, so that it goes back as it came; <c>null</c> where there is none.</param>
internal sealed record McpMessage(string Id, bool HasId, string? Method, JsonElement Params, JsonObject? Refusal)
{
    public const int ParseError = -32700, InvalidRequest = -32600, MethodNotFound = -32601, InvalidParams = -32602, Cancelled = -32800;

    private const int BatchMax = 50;
    private static readonly JsonElement Nothing = JsonSerializer.SerializeToElement(new { });

    public static bool IsBatch(ReadOnlySpan<byte> body) => body.TrimStart(" \t\r\n"u8).StartsWith("["u8);

    public static McpMessage Read(byte[] body)
    {
        try
        {
            return Read(RequestBody.ObjectIn(body));
        }
        catch (Fault fault)
        {
            var isMalformed = fault.Details is [{ Code: "invalid_json" }] || fault.Code == "MALFORMED_JSON";
            return Refused("null", isMalformed ? ParseError : InvalidRequest, fault.Message);
        }
    }

    /// <summary>The messages of a batch; none, with a refusal, where it is none or may not be sent.</summary>
    public static IReadOnlyList<McpMessage> ReadBatch(byte[] body, bool hasBatches, out JsonObject? refusal)
    {
        refusal = null;
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 65 });
            var count = document.RootElement.GetArrayLength();
            if (hasBatches && count is > 0 and <= BatchMax)
            {
                return [.. document.RootElement.EnumerateArray().Select(one => Read(Encoding.UTF8.GetBytes(one.GetRawText())))];
            }

            refusal = Error("null", InvalidRequest, !hasBatches ? "This version of the protocol has no batches: send one message at a time"
                : $"A batch has 1 to {BatchMax} messages");
        }
        catch (JsonException e)
        {
            refusal = Error("null", ParseError, $"The body is not valid JSON: {e.Message.Split(". LineNumber")[0]}");
        }

        return [];
    }

    /// <summary>A field of the parameters that is text.</summary>
    public string? Text(string field) =>
        Params.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public JsonObject Answer(JsonObject result) => new() { ["jsonrpc"] = "2.0", ["id"] = JsonNode.Parse(Id), ["result"] = result };

    public JsonObject Refuse(int code, string message) => Error(Id, code, message);

    private static McpMessage Read(JsonElement given)
    {
        if (given.ValueKind != JsonValueKind.Object || !given.TryGetProperty("jsonrpc", out var version)
            || version.ValueKind != JsonValueKind.String || !version.ValueEquals("2.0"))
        {
            return Refused("null", InvalidRequest, "Expected one JSON-RPC 2.0 message");
        }

        var hasId = given.TryGetProperty("id", out var id);
        if (hasId && id.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
        {
            return Refused("null", InvalidRequest, "An id is a text or a number; a notification has none");
        }

        var method = given.TryGetProperty("method", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        var isAnswer = given.TryGetProperty("result", out _) || given.TryGetProperty("error", out _);
        var isObject = given.TryGetProperty("params", out var parameters) && parameters.ValueKind == JsonValueKind.Object;
        return method is null && !isAnswer ? Refused(hasId ? id.GetRawText() : "null", InvalidRequest, "The message names no method")
            : new McpMessage(hasId ? id.GetRawText() : "null", hasId, method, isObject ? parameters : Nothing, null);
    }

    private static McpMessage Refused(string id, int code, string message) => new(id, false, null, Nothing, Error(id, code, message));

    private static JsonObject Error(string id, int code, string message) => new()
    {
        ["jsonrpc"] = "2.0",
        ["id"] = JsonNode.Parse(id),
        ["error"] = new JsonObject { ["code"] = code, ["message"] = message },
    };
}
