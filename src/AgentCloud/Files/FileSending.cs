using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Remix.Platform.Blobs;

namespace Remix.AgentCloud.Files;

/// <summary>A file on its way out.</summary>
internal static class FileSending
{
    /// <summary>
    /// Nothing that a creator wrote runs with the rights of our origin, whatever its type. What lies elsewhere is only
    /// pointed at.
    /// </summary>
    public static IResult Send(HttpContext context, BlobStore blobs, AppFile file, bool isPublic)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = isPublic ? "public, no-cache" : "private, no-cache";
        headers["Referrer-Policy"] = "no-referrer";
        if (file.Url is { } url)
        {
            return TypedResults.Redirect(new Uri(url).AbsoluteUri);
        }

        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        return TypedResults.PhysicalFile(blobs.PathOf(file.Sha256!), FileTypes.Of(file.Path),
            lastModified: DateTimeOffset.FromUnixTimeMilliseconds(file.ModifiedAt),
            entityTag: new EntityTagHeaderValue($"\"{file.Sha256}\""), enableRangeProcessing: true);
    }
}
