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
    private static readonly string[] BatchVersions = ["2025-03-26", "2024-11-05"];

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
        var body = await CloudBody.ReadAll(context, AgentRuntime.ParamsBytesMax);
        if (McpMessage.IsBatch(body))
        {
            return await Batch(workspace, sessions, tools, body, context);
        }

        var message = McpMessage.Read(body);
        if (message is { Method: "initialize", HasId: true })
        {
            var version = Version(message);
            context.Response.Headers[SessionHeader] = sessions.Begin(workspace, version);
            return Json(message.Answer(Initialized(workspace, version)));
        }

        if (message.Refusal is { } refusal)
        {
            return Json(refusal, StatusCodes.Status400BadRequest);
        }

        var session = RequireSession(workspace, sessions, context.Request);
        return await Answer(workspace, session, tools, message, context.RequestAborted) is { } answer
            ? Json(answer) : TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }

    /// <summary>Several messages at once, which older versions of the protocol have: each is answered in its turn.</summary>
    private static async Task<IResult> Batch(WorkspaceScope workspace, McpSessions sessions, McpTools tools, byte[] body, HttpContext context)
    {
        var session = RequireSession(workspace, sessions, context.Request);
        var messages = McpMessage.ReadBatch(body, hasBatches: BatchVersions.Contains(session.Version, StringComparer.Ordinal), out var refusal);
        if (refusal is not null)
        {
            return Json(refusal, StatusCodes.Status400BadRequest);
        }

        var answers = new JsonArray();
        foreach (var message in messages)
        {
            if ((message.Refusal ?? await Answer(workspace, session, tools, message, context.RequestAborted)) is { } answer)
            {
                answers.Add(answer);
            }
        }

        return answers.Count > 0 ? Json(answers) : TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }

    /// <summary>What is answered to one message; null to what wants no answer.</summary>
    private static async Task<JsonObject?> Answer(WorkspaceScope workspace, McpSession session, McpTools tools, McpMessage message,
        CancellationToken stop)
    {
        switch (message)
        {
            case { HasId: false, Method: "notifications/cancelled" }:
                session.Cancel(message.Params.TryGetProperty("requestId", out var named) ? named.GetRawText() : "");
                return null;
            case { HasId: false } or { Method: null }:
                return null;
            case { Method: "ping" }:
                return message.Answer([]);
            case { Method: "tools/list" }:
                return message.Answer(await tools.List(workspace, message.Text("cursor")));
            case { Method: "tools/call" }:
                return await Call(workspace, session, tools, message, stop);
            case { Method: "initialize" }:
                return message.Refuse(McpMessage.InvalidRequest, "initialize comes by itself, and begins a session");
            default:
                return message.Refuse(McpMessage.MethodNotFound, $"There is no method {message.Method} here");
        }
    }

    private static async Task<JsonObject> Call(WorkspaceScope workspace, McpSession session, McpTools tools, McpMessage message,
        CancellationToken stop)
    {
        if (message.Text("name") is not { } tool)
        {
            return message.Refuse(McpMessage.InvalidParams, "params.name says which tool to call");
        }

        var arguments = message.Params.TryGetProperty("arguments", out var given) ? given : default;
        if (arguments.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.Object))
        {
            return message.Refuse(McpMessage.InvalidParams, "params.arguments is an object of the tool's parameters");
        }

        using var call = session.Begin(message.Id, stop);
        try
        {
            return await tools.Call(workspace, tool, arguments, call.Stop) is { } result
                ? message.Answer(result) : message.Refuse(McpMessage.InvalidParams, $"There is no tool {tool}, or you may not run it");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return message.Refuse(McpMessage.Cancelled, "The call was cancelled, as you asked");
        }
    }

    private static IResult End(WorkspaceScope workspace, McpSessions sessions, CloudHosts hosts, HttpContext context)
    {
        RequireOrigin(hosts, context.Request);
        RequireSession(workspace, sessions, context.Request);
        sessions.End(context.Request.Headers[SessionHeader].ToString());
        return TypedResults.NoContent();
    }

    /// <summary>The version that both speak: the one that is asked for, or else our newest.</summary>
    private static string Version(McpMessage message) =>
        message.Text("protocolVersion") is { } wanted && Versions.Contains(wanted, StringComparer.Ordinal) ? wanted : Newest;

    private static JsonObject Initialized(WorkspaceScope workspace, string version) => new()
    {
        ["protocolVersion"] = version,
        ["capabilities"] = new JsonObject { ["tools"] = new JsonObject { ["listChanged"] = false } },
        ["serverInfo"] = new JsonObject
        {
            ["name"] = $"remix-{workspace.Name}",
            ["title"] = $"Remix workspace {workspace.Name}",
            ["version"] = HealthEndpoints.Build,
        },
        ["instructions"] = $"Each tool is an agent of the workspace {workspace.Name}, named APP__AGENT.",
    };

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

    private static McpSession RequireSession(WorkspaceScope workspace, McpSessions sessions, HttpRequest request)
    {
        var id = request.Headers[SessionHeader].ToString();
        if (id.Length == 0)
        {
            throw Fault.BadRequest("MCP_SESSION_MISSING", $"The header {SessionHeader} is missing", "It comes with the answer to initialize.");
        }

        return sessions.Use(id, workspace) ?? throw new Fault(404, "MCP_SESSION_UNKNOWN", "This session is over, or is another caller's")
        {
            Hint = "Send initialize again.",
        };
    }

    private static IResult Json(JsonNode body, int status = StatusCodes.Status200OK) =>
        TypedResults.Text(body.ToJsonString(ParamText.Writing), "application/json", System.Text.Encoding.UTF8, status);
}
