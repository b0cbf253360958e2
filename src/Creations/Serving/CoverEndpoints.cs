using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Platform.Blobs;
using Remix.Platform.Faults;

namespace Remix.Creations.Serving;

/// <summary>Covers on our own origin, where the feed shows them as pictures.</summary>
internal static class CoverEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/creations/{id}/thumbnail.svg", Cover).WithTags("creations")
        .WithSummary("A creation's cover, in whatever image format it has").Produces<byte[]>(200, "image/svg+xml");

    private static async Task Cover(string id, HttpContext context, Sites sites, BlobStore blobs)
    {
        if (!Guid.TryParse(id, out var guid) || (sites.TryGet(guid, out var known) ? known : await sites.Load(guid)) is not { Cover: { } cover })
        {
            throw Fault.NotFound("Cover");
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy.Picture;
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.CacheControl = "public, max-age=31536000, immutable";
        if (cover.Varies)
        {
            headers.Vary = "Accept-Encoding";
        }

        await SiteSender.Send(context, cover, sites, blobs);
    }
}
