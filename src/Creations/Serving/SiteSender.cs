using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;
using Remix.Platform.Blobs;
using Remix.Platform.Http;

namespace Remix.Creations.Serving;

/// <summary>Sends a file in the best encoding its reader takes; small ones from memory, ranges and large ones from the disk.</summary>
internal static class SiteSender
{
    public static Task Send(HttpContext context, SiteFile file, Sites sites, BlobStore blobs)
    {
        var (request, response) = (context.Request, context.Response);

        // A range counts in the bytes of the file itself. One of another unit is as if it were not there.
        if (request.Headers.Range.ToString().StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
        {
            return TypedResults.PhysicalFile(blobs.PathOf(file.Plain.Sha256), file.ContentType,
                entityTag: new EntityTagHeaderValue(file.Plain.ETag), enableRangeProcessing: true).ExecuteAsync(context);
        }

        var variant = Variant(request, file);
        response.Headers.ETag = variant.ETag;
        if (file.Varies is false || file.Plain == variant)
        {
            response.Headers.AcceptRanges = "bytes";
        }

        if (request.Headers.IfNoneMatch.Count > 0 && Matches(request, variant.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = file.ContentType;
        if (variant.Encoding is { } encoding)
        {
            response.Headers.ContentEncoding = encoding;
        }

        return variant.Bytes is { } bytes ? response.WriteReady(bytes) : WriteUnread(context, variant, sites, blobs);
    }

    private static async Task WriteUnread(HttpContext context, SiteVariant variant, Sites sites, BlobStore blobs)
    {
        if (await sites.Bytes(variant, context.RequestAborted) is { } bytes)
        {
            await context.Response.WriteReady(bytes);
            return;
        }

        var path = blobs.PathOf(variant.Sha256);
        context.Response.ContentLength = new FileInfo(path).Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.SendFileAsync(path, context.RequestAborted);
        }
    }

    private static SiteVariant Variant(HttpRequest request, SiteFile file)
    {
        if (!file.Varies || request.Headers.AcceptEncoding.Count == 0)
        {
            return file.Plain;
        }

        var accepted = request.Headers.AcceptEncoding.ToString();
        return file.Brotli is { } brotli && Accepts(accepted, "br") ? brotli
            : file.Gzip is { } gzip && Accepts(accepted, "gzip") ? gzip : file.Plain;
    }

    /// <summary>Whether the encoding is among those named, and not with a weight of nothing.</summary>
    private static bool Accepts(string accepted, string encoding) =>
        StringWithQualityHeaderValue.TryParseList([accepted], out var named)
        && named.Any(value => value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && value.Quality is not 0);

    private static bool Matches(HttpRequest request, string tag)
    {
        var header = new RequestHeaders(request.Headers).IfNoneMatch;
        return header.Any(known => known.Tag.Equals("*", StringComparison.Ordinal) || known.Tag.Equals(tag, StringComparison.Ordinal));
    }
}
