using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Remix.Platform.Blobs;
using Remix.Platform.Faults;
using Remix.Platform.Http;

namespace Remix.Rooms.Files;

/// <summary>A file's bytes on their way in and out, whoever was let through and how.</summary>
internal static class FileTransfer
{
    /// <summary>Streams the body to its path. Longer than allowed is 413, told at once when the length is, and nothing is kept.</summary>
    public static async Task<IResult> Receive(HttpContext context, RoomFiles files, RoomScope room, FileUpload upload)
    {
        // The store counts the bytes itself. The server's own limit would close the connection before its sender reads why.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        if (context.Request.ContentLength > upload.BytesMax)
        {
            throw TooLarge(room.RoomId, upload);
        }

        RequestBody.RequirePlain(context.Request);
        var (file, isNew) = await files.Put(room.RoomId, upload, context.Request.Body, room.Caller.Name, context.RequestAborted);
        context.Response.Headers.ETag = $"\"{file.Sha256}\"";
        return TypedResults.Json(FileView.Of(file), RemixJson.Options, statusCode: isNew ? 201 : 200);
    }

    /// <summary>What somebody uploaded must never run on our own origin, whatever its type.</summary>
    public static IResult Send(HttpContext context, BlobStore blobs, string sha256, string contentType, long atMs)
    {
        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.PhysicalFile(blobs.PathOf(sha256), contentType, lastModified: DateTimeOffset.FromUnixTimeMilliseconds(atMs),
            entityTag: new EntityTagHeaderValue($"\"{sha256}\""), enableRangeProcessing: true);
    }

    public static Fault Missing(RoomScope room, string path) =>
        Fault.NotFound("File", $"There is no {path} in {room.RoomId} now. GET /rooms/{room.RoomId}/files lists what there is; "
            + "?history=true behind a file's address shows what it was.");

    /// <summary>A revision that there is not, or that is a deletion.</summary>
    public static Fault NoContent(RoomScope room, string path, long number, RoomFileRevision? revision) => new(404, "NOT_FOUND",
        revision is null ? $"{path} has no revision {number}" : $"Revision {number} of {path} is its deletion, and holds nothing")
    {
        Hint = "Choose one of its history that is not deleted.",
        Fix = new Fix("GET", $"/rooms/{room.RoomId}/files/{path}?history=true"),
    };

    public static Fault TooLarge(string roomId, FileUpload upload)
    {
        var isDirect = upload.BytesMax == RoomFiles.DirectBytesMax;
        return new Fault(413, "FILE_TOO_LARGE", $"{upload.Path} is larger than {Size(upload.BytesMax)}")
        {
            Hint = isDirect
                ? $"Nothing was stored. Up to {RoomFiles.PresignedBytesMax / (1024 * 1024)} MB go to an address that upload-url gives."
                : "Nothing was stored. Split it, or make it smaller.",
            Fix = isDirect ? new Fix("POST", $"/rooms/{roomId}/upload-url", new { path = upload.Path, content_type = upload.ContentType }) : null,
        };
    }

    private static string Size(long bytes) => bytes % (1024 * 1024) == 0 ? $"{bytes / (1024 * 1024)} MB" : $"{bytes} bytes";
}
