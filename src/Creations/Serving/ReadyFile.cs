using Microsoft.AspNetCore.Http;
using Remix.Platform.Http;

namespace Remix.Creations.Serving;

/// <summary>
/// Answers for a published file that lies ready in memory, before anything else takes part: they are most of the traffic.
/// All that is not ready is left to <see cref="CreationHost"/>, since whoever waits here stops every connection.
/// </summary>
internal sealed class ReadyFile(RequestDelegate next, Sites sites, ContentPolicy policy)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!CreationAddress.TryRead(request, out var id, out var path) || !sites.TryGet(id, out var site)
            || path.StartsWith(CreationAddress.OurPaths, StringComparison.Ordinal) || path.Length == 0
            || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            || site!.Find(path) is not { } file || SiteSender.Ready(request, file) is not { Bytes: { } bytes } variant)
        {
            return next(context);
        }

        context.RequestId();
        policy.Describe(context.Response.Headers, file);
        return SiteSender.Begin(context, file, variant) ? context.Response.WriteReady(bytes) : Task.CompletedTask;
    }
}
