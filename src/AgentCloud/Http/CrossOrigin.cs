using Microsoft.AspNetCore.Http;

namespace Remix.AgentCloud.Http;

/// <summary>
/// Lets pages of any origin call the cloud: screens live elsewhere. Nothing a browser adds by itself counts here, so a page
/// can do no more than whoever wrote it could.
/// </summary>
internal sealed class CrossOrigin(RequestDelegate next)
{
    private const string Forever = "86400";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Headers.Origin.Count == 0)
        {
            return next(context);
        }

        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = "X-Request-Id, Retry-After";
        if (!HttpMethods.IsOptions(context.Request.Method) || context.Request.Headers.AccessControlRequestMethod.Count == 0)
        {
            return next(context);
        }

        headers.AccessControlAllowMethods = "GET, POST, PUT, PATCH, DELETE";
        headers.AccessControlAllowHeaders = "Authorization, Content-Type, X-Request-Id";
        headers.AccessControlMaxAge = Forever;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
