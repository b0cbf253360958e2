using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Remix.Platform.Blobs;
using Remix.Platform.Http;

namespace Remix.Creations.Serving;

/// <summary>Sends a file in the best encoding its reader takes; small ones from memory, ranges and large ones from the disk.</summary>
internal static class SiteSender
{
    /// <summary>The form in which the file can leave at once; null where something must be read first.</summary>
    public static SiteVariant? Ready(HttpRequest request, SiteFile file) =>
        !AsksForPart(request) && Variant(request, file) is { Bytes: not null } variant ? variant : null;

    public static async Task Send(HttpContext context, SiteFile file, Sites sites, BlobStore blobs)
    {
        if (AsksForPart(context.Request))
        {
            await SendPart(context, file, blobs);
            return;
        }

        var variant = Variant(context.Request, file);
        if (!Begin(context, file, variant))
        {
            return;
        }

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

    /// <summary>Sets what is said of the body; false when the reader has it already, and is told so.</summary>
    public static bool Begin(HttpContext context, SiteFile file, SiteVariant variant)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.ETag = variant.ETag;
        if (file.Varies is false || file.Plain == variant)
        {
            response.Headers.AcceptRanges = "bytes";
        }

        if (request.Headers.IfNoneMatch.Count > 0 && Matches(request, variant.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return false;
        }

        response.ContentType = file.ContentType;
        if (variant.Encoding is { } encoding)
        {
            response.Headers.ContentEncoding = encoding;
        }

        return true;
    }

    /// <summary>A range counts in the bytes of the file itself. One of another unit is as if it were not there.</summary>
    private static bool AsksForPart(HttpRequest request) => request.Headers.Range is { Count: > 0 } range
        && range.ToString().StartsWith("bytes=", StringComparison.OrdinalIgnoreCase);

    private static async Task SendPart(HttpContext context, SiteFile file, BlobStore blobs)
    {
        await TypedResults.PhysicalFile(blobs.PathOf(file.Plain.Sha256), file.ContentType,
            entityTag: new EntityTagHeaderValue(file.Plain.ETag), enableRangeProcessing: true).ExecuteAsync(context);
        if (context.Response is { StatusCode: StatusCodes.Status416RangeNotSatisfiable, HasStarted: false } refused)
        {
            // The file stays as it is for good; that somebody asked past its end need not.
            refused.Headers.CacheControl = "no-store";
        }
    }

    private static SiteVariant Variant(HttpRequest request, SiteFile file)
    {
        if (!file.Varies || request.Headers.AcceptEncoding.Count == 0)
        {
            return file.Plain;
        }

        var (best, most) = (file.Plain, 0.0);
        var accepted = Accepted(request.Headers.AcceptEncoding);
        foreach (var variant in new[] { file.Brotli, file.Gzip })
        {
            if (variant is not null && Weight(accepted, variant.Encoding!) is var weight && weight > most)
            {
                (best, most) = (variant, weight);
            }
        }

        return most >= Weight(accepted, "identity") ? best : file.Plain;
    }

    private static IList<StringWithQualityHeaderValue> Accepted(StringValues header) =>
        StringWithQualityHeaderValue.TryParseList(header, out var named) ? named : [];

    /// <summary>How much the reader wants an encoding: what it says of it, or else of all that it does not name.</summary>
    private static double Weight(IList<StringWithQualityHeaderValue> accepted, string encoding) =>
        (Named(accepted, encoding) ?? Named(accepted, "*")) is { } named ? named.Quality ?? 1 : 0;

    private static StringWithQualityHeaderValue? Named(IList<StringWithQualityHeaderValue> accepted, string encoding) =>
        accepted.FirstOrDefault(value => value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase));

    private static bool Matches(HttpRequest request, string tag)
    {
        var header = new RequestHeaders(request.Headers).IfNoneMatch;
        return header.Any(known => known.Tag.Equals("*", StringComparison.Ordinal) || known.Tag.Equals(tag, StringComparison.Ordinal));
    }
}
