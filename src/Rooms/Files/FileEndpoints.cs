using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Remix.Identity.Agents;
using Remix.Platform.Blobs;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Text;

namespace Remix.Rooms.Files;

/// <summary>The files of a room: list, read, write, delete, and their history.</summary>
internal static class FileEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var files = routes.MapGroup("/rooms/{owner}/{room}/files").WithTags("files");
        files.MapGet("", List).Needs(TokenKind.UserOrAgent).WithSummary("The files of a room");
        files.MapGet("/{**path}", Read).Needs(TokenKind.UserOrAgent).WithSummary("A file's content; ?revision=N an older one, ?history=true the list of them")
            .Produces<byte[]>(200, "application/octet-stream");
        files.MapPut("/{**path}", Write).Needs(TokenKind.UserOrAgent).WithMetadata(new BinaryBodyMetadata()).WithSummary("Create or overwrite a file, up to 10 MB");
        files.MapDelete("/{**path}", Delete).Needs(TokenKind.UserOrAgent).WithSummary("Delete a file; its history stays");
    }

    private static async Task<ListView<FileView>> List(RoomScope room, Query<ListFiles> query, RoomFiles files)
    {
        room.RequireReader();
        var wish = query.Value;
        var prefix = wish.Prefix ?? "";
        var page = await files.List(room.RoomId, prefix, wish.Limit + 1, wish.After ?? "");
        return new ListView<FileView>([.. page.Take(wish.Limit).Select(FileView.Of)], await files.Count(room.RoomId,
            prefix), wish.Limit, page.Count > wish.Limit);
    }

    private static async Task<IResult> Read(RoomScope room, string path, Query<ReadFile> query, RoomFiles files, BlobStore blobs, HttpContext context)
    {
        room.RequireReader();
        path = FilePath.Checked(path);
        if (query.Value.History)
        {
            var history = await files.History(room.RoomId, path);
            return history.Count > 0
                ? TypedResults.Json(new ListView<RevisionView>([.. history.Select(RevisionView.Of)], history.Count,
                    history.Count, false), RemixJson.Options)
                : throw Missing(room, path);
        }

        if (query.Value.Revision is { } number)
        {
            var revision = await files.FindRevision(room.RoomId, path, number);
            return revision is { Sha256: { } sha } ? Content(context, blobs, sha, revision.ContentType!, revision.At) : throw Missing(room, path);
        }

        var file = await files.Find(room.RoomId, path) ?? throw Missing(room, path);
        return Content(context, blobs, file.Sha256, file.ContentType, file.UpdatedAt);
    }

    private static async Task<IResult> Write(RoomScope room, string path, RoomFiles files, HttpContext context)
    {
        room.Require(RoomRole.Member, AgentAction.Files);
        room.RequireNotArchived();
        path = FilePath.Checked(path);

        // The store counts the bytes itself. The server's own limit would close the connection before its sender reads why.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        if (context.Request.ContentLength > RoomFiles.DirectBytesMax)
        {
            throw new Fault(413, "FILE_TOO_LARGE", $"{path} is larger than {RoomFiles.DirectBytesMax / (1024 * 1024)} MB")
            {
                Hint = "Split it or make it smaller; nothing was stored.",
            };
        }

        var (file, isNew) = await files.Put(room.RoomId, path, context.Request.Body, ContentTypes.Of(path,
            context.Request.ContentType), room.Caller.Name, context.RequestAborted);
        return TypedResults.Json(FileView.Of(file), RemixJson.Options, statusCode: isNew ? 201 : 200);
    }

    private static async Task<OkView> Delete(RoomScope room, string path, RoomFiles files)
    {
        room.Require(RoomRole.Moderator, AgentAction.Files);
        room.RequireNotArchived();
        await files.Delete(room.RoomId, FilePath.Checked(path), room.Caller.Name);
        return new OkView(true);
    }

    /// <summary>What somebody uploaded must never run on our own origin, whatever its type.</summary>
    private static IResult Content(HttpContext context, BlobStore blobs, string sha256, string contentType, long atMs)
    {
        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.PhysicalFile(blobs.PathOf(sha256), contentType, lastModified: DateTimeOffset.FromUnixTimeMilliseconds(atMs),
            entityTag: new EntityTagHeaderValue($"\"{sha256}\""), enableRangeProcessing: true);
    }

    private static Fault Missing(RoomScope room, string path) =>
        Fault.NotFound("File", $"There is no {path} in {room.RoomId}. GET /rooms/{room.RoomId}/files lists what there is.");
}

internal sealed record ListFiles(string? Prefix, int Limit, string? After) : IReadFields<ListFiles>
{
    public static ListFiles Read(Fields fields) => new(
        fields.Text("prefix", FilePath.LengthMax), fields.Limit(1_000, RoomFiles.FilesMax), fields.Text("after", FilePath.LengthMax));
}

internal sealed record ReadFile(long? Revision, bool History) : IReadFields<ReadFile>
{
    public static ReadFile Read(Fields fields) => new(fields.Number("revision", 1, int.MaxValue), fields.Truth("history") ?? false);
}

internal sealed record FileView(string Path, string Name, long Size, string ContentType, string Sha256,
    long Revision, string UpdatedBy, DateTime UpdatedAt)
{
    public static FileView Of(RoomFile file) => new(
        file.Path, file.Path[(file.Path.LastIndexOf('/') + 1)..], file.Size, file.ContentType, file.Sha256,
            file.Revision, file.UpdatedBy, file.UpdatedAt.ToTime());
}

internal sealed record RevisionView(long Revision, bool Deleted, long Size, string? Sha256,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ContentType, string By, DateTime At)
{
    public static RevisionView Of(RoomFileRevision revision) => new(
        revision.Revision, revision.Sha256 is null, revision.Size, revision.Sha256, revision.ContentType, revision.By, revision.At.ToTime());
}
