using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Remix.Platform.Blobs;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Settings;

namespace Remix.Creations.Serving;

/// <summary>
/// Answers for creations' own hosts (<c>art-{id}.HOST</c>) and for <c>/art/{id}/…</c>, before anything else of the server
/// takes part: published files are most of the traffic, and nothing of ours may answer under a creation's name.
/// </summary>
internal sealed class CreationHost(
    RequestDelegate next, Sites sites, BlobStore blobs, ContentPolicy policy, RemixSettings settings, IEnumerable<HostFile> ours)
{
    private readonly Dictionary<string, HostFile> ours = ours.ToDictionary(file => file.Name, StringComparer.Ordinal);

    private const string HostPrefix = "art-";
    private const string PathPrefix = "/art/";
    private const string OurPaths = "/__remix/";
    private const int IdLength = 36;

    public Task InvokeAsync(HttpContext context)
    {
        var host = context.Request.Host.Value;
        if (host is not null && host.StartsWith(HostPrefix, StringComparison.OrdinalIgnoreCase)
            && host.Length > HostPrefix.Length + IdLength && host[HostPrefix.Length + IdLength] == '.'
            && Guid.TryParseExact(host.AsSpan(HostPrefix.Length, IdLength), "D", out var id))
        {
            return Serve(context, id, context.Request.Path.Value ?? "/");
        }

        if (IsBelowOurs(host))
        {
            return Refuse(context, Fault.NotFound("Creation"));
        }

        var path = context.Request.Path.Value ?? "/";
        if (path.StartsWith(PathPrefix, StringComparison.Ordinal) && path.Length >= PathPrefix.Length + IdLength
            && Guid.TryParseExact(path.AsSpan(PathPrefix.Length, IdLength), "D", out id))
        {
            var rest = path[(PathPrefix.Length + IdLength)..];
            if (rest.Length == 0)
            {
                // Without the slash the page's own relative addresses would miss it.
                context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
                context.Response.Headers.Location = $"{PathPrefix}{id}/{context.Request.QueryString}";
                return Task.CompletedTask;
            }

            if (rest[0] == '/')
            {
                return Serve(context, id, rest);
            }
        }

        return next(context);
    }

    /// <summary>A creation's name without a creation's id: nobody's, and not ours either.</summary>
    private bool IsBelowOurs(string? host) => host is not null && host.StartsWith(HostPrefix, StringComparison.OrdinalIgnoreCase)
        && host.EndsWith("." + settings.Authority, StringComparison.OrdinalIgnoreCase);

    private Task Serve(HttpContext context, Guid id, string path)
    {
        if (path.StartsWith(OurPaths, StringComparison.Ordinal))
        {
            return ServeOurs(context, id, path[OurPaths.Length..]);
        }

        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return Refuse(context, new Fault(405, "METHOD_NOT_ALLOWED", "A creation's files can only be read"));
        }

        if (!sites.TryGet(id, out var site))
        {
            return ServeUnread(context, id, path);
        }

        return site!.Find(path) is { } file ? Send(context, file) : Refuse(context, Fault.NotFound("File"));
    }

    private async Task ServeUnread(HttpContext context, Guid id, string path)
    {
        var site = await sites.Load(id);
        await (site?.Find(path) is { } file ? Send(context, file) : Refuse(context, Fault.NotFound(site is null ? "Creation" : "File")));
    }

    private Task Send(HttpContext context, SiteFile file)
    {
        var headers = context.Response.Headers;
        if (file.IsActive)
        {
            headers.ContentSecurityPolicy = policy.Page;
            headers["Referrer-Policy"] = "no-referrer";
        }

        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.AccessControlAllowOrigin = "*";

        // The page itself is looked at again, so that a better bridge or policy reaches it; what it loads never changes.
        headers.CacheControl = file.IsPage ? "public, max-age=60" : "public, max-age=31536000, immutable";
        if (file.Varies)
        {
            headers.Vary = "Accept-Encoding";
        }

        return SiteSender.Send(context, file, sites, blobs);
    }

    /// <summary>The channel of the creation's room, under the creation's own name.</summary>
    private async Task ServeOurs(HttpContext context, Guid id, string path)
    {
        if (ours.TryGetValue(path, out var file))
        {
            await SendOurs(context, file);
            return;
        }

        var site = sites.TryGet(id, out var known) ? known : await sites.Load(id);
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
            await Refuse(context, Fault.NotFound(site is null ? "Creation" : "Address",
                "There are /__remix/ws, /__remix/events, /__remix/send and /__remix/messages."));
            return;
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

    private static Task Refuse(HttpContext context, Fault fault)
    {
        context.RequestId();
        return FaultRenderer.Write(context, fault);
    }
}
