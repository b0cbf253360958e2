using Microsoft.AspNetCore.Http;

namespace Remix.Platform.Http;

/// <summary>
/// Where a request leaves the thread that reads the sockets. Answers that lie ready in memory are written before this, on
/// that thread, which spares two hand-overs; everything that may wait for a disk or a database comes after it.
/// </summary>
internal sealed class ToThreadPool(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await next(context);
    }
}
