using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Creations;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Settings;

namespace Remix.Feed.Public;

/// <summary>The public feed.</summary>
internal static class FeedEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var creations = routes.MapGroup("/creations");
        creations.MapGet("/feed", Feed).WithTags("creations").WithSummary("Published creations, newest first, or ranked, or featured first")
            .WithMetadata(QueryMetadata.Of<FeedQuery>()).Produces<List<CreationView>>();
        creations.MapGet("/s/{slug}", BySlug).WithTags("feed").WithSummary("A creation by its readable address");
    }

    /// <summary>The query is read only when the page is not at hand.</summary>
    private static async Task Feed(HttpContext context, FeedPages pages, RemixSettings settings)
    {
        var request = context.Request;
        await Write(context, await pages.Json(request.QueryString.Value ?? "", () => Read(request), CreationAddresses.Of(settings, request)));
    }

    internal static Task Write(HttpContext context, byte[] bytes)
    {
        var response = context.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        return response.WriteReady(bytes);
    }

    private static FeedQuery Read(HttpRequest request)
    {
        var fields = Fields.OfQuery(request.Query);
        var query = FeedQuery.Read(fields);
        fields.ThrowIfInvalid();
        return query;
    }

    private static async Task<CreationView> BySlug(string slug, PublishedCreations creations, RemixSettings settings, HttpRequest request) =>
        await creations.FindBySlug(slug) is { } creation ? CreationView.Of(creation, CreationAddresses.Of(settings,
            request)) : throw Fault.NotFound("Creation");
}
