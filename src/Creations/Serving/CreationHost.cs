using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Remix.Platform.Blobs;
using Remix.Platform.Faults;
using Remix.Platform.Settings;

namespace Remix.Creations.Serving;

/// <summary>
/// Answers for creations' own hosts (<c>art-{id}.HOST</c>) and for <c>/art/{id}/…</c>, before anything is routed: nothing of
/// ours may answer under a creation's name. What lies in memory <see cref="ReadyFile"/> has answered already.
/// </summary>
internal sealed class CreationHost(
    RequestDelegate next, Sites sites, BlobStore blobs, ContentPolicy policy, RemixSettings settings, IEnumerable<HostFile> ours)
{
    private readonly Dictionary<string, HostFile> ours = ours.ToDictionary(file => file.Name, StringComparer.Ordinal);

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!CreationAddress.TryRead(request, out var id, out var path))
        {
            return CreationAddress.IsNobodys(request, settings) ? throw Fault.NotFound("Creation") : next(context);
        }

        if (path.Length == 0)
        {
            // Without the slash the page's own relative addresses would miss it.
            context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
            context.Response.Headers.Location = $"{CreationAddress.ByPath(id)}{request.QueryString}";
            return Task.CompletedTask;
        }

        return path.StartsWith(CreationAddress.OurPaths, StringComparison.Ordinal)
            ? ServeOurs(context, id, path[CreationAddress.OurPaths.Length..]) : Serve(context, id, path);
    }

    private async Task Serve(HttpContext context, Guid id, string path)
    {
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            // A page has no origin, so a browser asks first before it reads a file of its own with a header of its own.
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers.Allow = "GET, HEAD, OPTIONS";
            (context.Response.Headers.AccessControlAllowOrigin, context.Response.Headers.AccessControlAllowHeaders) = ("*", "*");
            return;
        }

        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            throw new Fault(405, "METHOD_NOT_ALLOWED", "A creation's files can only be read");
        }

        var site = await Site(id) ?? throw Fault.NotFound("Creation");
        var file = site.Find(path) ?? throw Fault.NotFound("File");
        policy.Describe(context.Response.Headers, file);
        await SiteSender.Send(context, file, sites, blobs);
    }

    private async ValueTask<Site?> Site(Guid id) => sites.TryGet(id, out var known) ? known : await sites.Load(id);

    /// <summary>The channel of the creation's room, under the creation's own name.</summary>
    private async Task ServeOurs(HttpContext context, Guid id, string path)
    {
        if (ours.TryGetValue(path, out var file))
        {
            await SendOurs(context, file);
            return;
        }

        var site = await Site(id);
        var target = site is null ? null : path switch
        {
            "ws" => "ws",
            "events" => "stream",
            "send" => "send",
            "messages" => "messages",
            _ => null,
        };
        if (target is null)
        {
            throw Fault.NotFound(site is null ? "Creation" : "Address",
                "There are /__remix/ws, /__remix/events, /__remix/send and /__remix/messages.");
        }

        // From here on it is a request to the room: the same checks, limits and answers.
        context.Request.Path = $"/rooms/{site!.RoomId}/{target}";
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers.AccessControlAllowHeaders = "authorization, content-type, last-event-id";
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        // A browser sends our cookie to our own hosts only; should one ever arrive here, it does not count.
        context.Request.Headers.Remove(HeaderNames.Cookie);
        await next(context);
    }

    /// <summary>The same for everybody, and asked for again after an hour, so that a better one reaches pages that are old.</summary>
    private static async Task SendOurs(HttpContext context, HostFile file)
    {
        var response = context.Response;
        response.ContentType = file.ContentType;
        response.ContentLength = file.Content.Length;
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "public, max-age=3600";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(file.Content, context.RequestAborted);
        }
    }
}
