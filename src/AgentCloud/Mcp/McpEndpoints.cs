using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.AgentCloud.Agents;
using Remix.AgentCloud.Http;
using Remix.AgentCloud.Workspaces;
using Remix.JsRuntime;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;

namespace Remix.AgentCloud.Mcp;

/// <summary>
/// Every workspace is an MCP server (streamable HTTP): its agents are the tools of whoever may run them. One message comes
/// with one request, and is answered as JSON; there is nothing that the server would say by itself.
/// </summary>
internal static class McpEndpoints
{
    public const string SessionHeader = "Mcp-Session-Id";
    public const string VersionHeader = "MCP-Protocol-Version";

    private const string Newest = "2025-11-25";

    private static readonly string[] Versions = [Newest, "2025-06-18", "2025-03-26", "2024-11-05"];

    public static void MapV1(IEndpointRouteBuilder routes)
    {
        var mcp = routes.MapGroup("/ws/{ws}/mcp").WithTags("mcp");
        mcp.MapPost("", Post).Limited(RunEndpoints.Runs).WithBodyLimit(AgentRuntime.ParamsBytesMax).WithMetadata(new BinaryBodyMetadata())
            .WithSummary("The workspace as an MCP server: a JSON-RPC message in, its answer out");
        mcp.MapDelete("", End).WithSummary("End an MCP session");
    }

    private static async Task<IResult> Post(WorkspaceScope workspace, McpSessions sessions, McpTools tools, CloudHosts hosts, HttpContext context)
    {
        RequireOrigin(hosts, context.Request);
        RequireVersion(context.Request);
        var message = Message(await RequestBody.ReadAll(context, AgentRuntime.ParamsBytesMax), out var failure);
        if (failure is not null)
        {
            return failure;
        }

        var method = message.TryGetProperty("method", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        var hasId = message.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.String or JsonValueKind.Number;
        if (method == "initialize" && hasId)
        {
            context.Response.Headers[SessionHeader] = sessions.Begin(workspace);
            return Answer(id, Initialized(workspace, Params(message)));
        }

        RequireSession(workspace, sessions, context.Request);
        if (!hasId || method is null)
        {
            return TypedResults.StatusCode(StatusCodes.Status202Accepted);
        }

        switch (method)
        {
            case "ping":
                return Answer(id, new JsonObject());
            case "tools/list":
                return Answer(id, await tools.List(workspace, Text(Params(message), "cursor")));
            case "tools/call" when Text(Params(message), "name") is { } tool:
                var arguments = Params(message).TryGetProperty("arguments", out var given) ? given : default;
                return await tools.Call(workspace, tool, arguments, context.RequestAborted) is { } result
                    ? Answer(id, result) : Refusal(id, -32602, $"There is no tool {tool}, or you may not run it");
            case "tools/call":
                return Refusal(id, -32602, "params.name says which tool to call");
            default:
                return Refusal(id, -32601, $"There is no method {method} here");
        }
    }

    private static IResult End(WorkspaceScope workspace, McpSessions sessions, CloudHosts hosts, HttpContext context)
    {
        RequireOrigin(hosts, context.Request);
        RequireSession(workspace, sessions, context.Request);
        sessions.End(context.Request.Headers[SessionHeader].ToString());
        return TypedResults.NoContent();
    }

    private static JsonObject Initialized(WorkspaceScope workspace, JsonElement given)
    {
        var wanted = Text(given, "protocolVersion");
        return new JsonObject
        {
            ["protocolVersion"] = Versions.Contains(wanted, StringComparer.Ordinal) ? wanted : Newest,
            ["capabilities"] = new JsonObject { ["tools"] = new JsonObject { ["listChanged"] = false } },
            ["serverInfo"] = new JsonObject
            {
                ["name"] = $"remix-{workspace.Name}",
                ["title"] = $"Remix workspace {workspace.Name}",
                ["version"] = HealthEndpoints.Build
            },
            ["instructions"] = $"Each tool is an agent of the workspace {workspace.Name}, named APP__AGENT.",
        };
    }

    /// <summary>A page of somebody else's must not speak here through a browser, whatever name it found for this address.</summary>
    private static void RequireOrigin(CloudHosts hosts, HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && (uri.IsLoopback || hosts.Is(uri.Authority, null))))
        {
            throw new Fault(403, "ORIGIN_REFUSED", $"Pages of {(origin.Length > 200 ? origin[..200] : origin)} may not speak MCP with this server")
            {
                Hint = "An MCP client that is no web page sends no Origin.",
            };
        }
    }

    private static void RequireVersion(HttpRequest request)
    {
        var version = request.Headers[VersionHeader].ToString();
        if (version.Length > 0 && !Versions.Contains(version, StringComparer.Ordinal))
        {
            throw Fault.BadRequest("MCP_VERSION_UNKNOWN",
                $"The protocol version '{(version.Length > 40 ? version[..40] : version)}' is not spoken here",
                $"Spoken are {string.Join(", ", Versions)}.");
        }
    }

    private static void RequireSession(WorkspaceScope workspace, McpSessions sessions, HttpRequest request)
    {
        var id = request.Headers[SessionHeader].ToString();
        if (id.Length == 0)
        {
            throw Fault.BadRequest("MCP_SESSION_MISSING", $"The header {SessionHeader} is missing", "It comes with the answer to initialize.");
        }

        if (!sessions.Use(id, workspace))
        {
            throw new Fault(404, "MCP_SESSION_UNKNOWN", "This session is over, or is another caller's") { Hint = "Send initialize again." };
        }
    }

    private static JsonElement Message(byte[] body, out IResult? failure)
    {
        failure = null;
        try
        {
            var message = RequestBody.ObjectIn(body);
            if (message.ValueKind == JsonValueKind.Object && message.TryGetProperty("jsonrpc", out var version) && version.ValueEquals("2.0"))
            {
                return message;
            }

            failure = Refusal(default, -32600, "Expected one JSON-RPC 2.0 message", 400);
        }
        catch (Fault fault)
        {
            var isMalformed = fault.Details is [{ Code: "invalid_json" }] || fault.Code == "MALFORMED_JSON";
            failure = Refusal(default, isMalformed ? -32700 : -32600, fault.Message, 400);
        }
        catch (InvalidOperationException)
        {
            failure = Refusal(default, -32600, "Expected one JSON-RPC 2.0 message", 400);
        }

        return default;
    }

    private static JsonElement Params(JsonElement message) => message.TryGetProperty("params",
        out var given) && given.ValueKind == JsonValueKind.Object
        ? given : JsonSerializer.SerializeToElement(new { });

    private static string? Text(JsonElement from, string field) =>
        from.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IResult Answer(JsonElement id, JsonObject result) => Json(new JsonObject
    {
        ["jsonrpc"] = "2.0",
        ["id"] = IdOf(id),
        ["result"] = result
    }, 200);

    private static IResult Refusal(JsonElement id, int code, string message, int status = 200) => Json(new JsonObject
    {
        ["jsonrpc"] = "2.0",
        ["id"] = IdOf(id),
        ["error"] = new JsonObject { ["code"] = code, ["message"] = message },
    }, status);

    private static JsonNode? IdOf(JsonElement id) => id.ValueKind == JsonValueKind.Undefined ? null : JsonNode.Parse(id.GetRawText());

    private static IResult Json(JsonObject body, int status) =>
        TypedResults.Text(body.ToJsonString(ParamText.Writing), "application/json", System.Text.Encoding.UTF8, status);
}
