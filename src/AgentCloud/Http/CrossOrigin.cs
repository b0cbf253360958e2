using Microsoft.AspNetCore.Http;

namespace Remix.AgentCloud.Http;

/// <summary>
/// Lets pages of any origin call the cloud: screens live elsewhere. Nothing a browser adds by itself counts here, so a page
/// can do no more than whoever wrote it could.
/// </summary>
internal sealed class CrossOrigin(RequestDelegate next)
{
    private const string Forever = "86400";

    /// <summary>What a page may send besides, and what it may read of an answer: MCP clients live by their two.</summary>
    private const string Sent = "Authorization, Content-Type, If-None-Match, Last-Event-ID, Mcp-Session-Id, MCP-Protocol-Version, "
        + "Range, X-Request-Id";
    private const string Shown = "ETag, Mcp-Session-Id, Retry-After, X-Request-Id, X-Run-Id";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Headers.Origin.Count == 0)
        {
            return next(context);
        }

        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = Shown;
        if (!HttpMethods.IsOptions(context.Request.Method) || context.Request.Headers.AccessControlRequestMethod.Count == 0)
        {
            return next(context);
        }

        headers.AccessControlAllowMethods = "GET, POST, PUT, PATCH, DELETE";
        headers.AccessControlAllowHeaders = Sent;
        headers.AccessControlMaxAge = Forever;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
