using Microsoft.AspNetCore.Http;
using Remix.Creations;
using Remix.Platform.Http;
using Remix.Platform.Settings;

namespace Remix.Feed.Public;

/// <summary>Answers for a page of the feed that lies ready in memory, before the request goes the long way.</summary>
internal sealed class ReadyFeed(RequestDelegate next, FeedPages pages, RemixSettings settings)
{
    private const string Path = "/creations/feed";

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) || request.Path.Value != Path || !PublicAddress.IsOurs(settings, request)
            || pages.Ready(request.QueryString.Value ?? "", CreationAddresses.Of(settings, request)) is not { } bytes)
        {
            return next(context);
        }

        context.RequestId();
        return FeedEndpoints.Write(context, bytes);
    }
}
