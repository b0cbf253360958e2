using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity.Agents;
using Remix.Platform.Blobs;
using Remix.Platform.Http;

namespace Remix.Rooms.Files;

/// <summary>The files of a room: list, read, write, delete, and their history.</summary>
internal static class FileEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var room = routes.MapGroup("/rooms/{owner}/{room}").WithTags("files");
        room.MapGet("/files", List).Needs(TokenKind.UserOrAgent).WithSummary("The files of a room, by path, in pages and by folder");
        room.MapGet("/files/{**path}", Read).Needs(TokenKind.UserOrAgent).Produces<byte[]>(200, "application/octet-stream")
            .WithSummary("A file's content; ?revision=N an older one, ?history=true the list of them");
        room.MapPut("/files/{**path}", Write).Needs(TokenKind.UserOrAgent).WithMetadata(new BinaryBodyMetadata())
            .Produces<FileView>().Produces<FileView>(201)
            .WithSummary("Create or overwrite a file, up to 10 MB; If-Match and If-None-Match keep two writers apart");
        room.MapDelete("/files/{**path}", Delete).Needs(TokenKind.UserOrAgent).WithSummary("Delete a file; its history stays");
        room.MapPost("/restore-file", Restore).Needs(TokenKind.UserOrAgent).WithSummary("Bring an older revision of a file back, as its newest");
    }

    private static async Task<FileListView> List(RoomScope room, Query<ListFiles> query, RoomFiles files)
    {
        room.RequireReader();
        var wish = query.Value;
        var prefix = wish.Prefix ?? "";
        var page = await files.List(room.RoomId, prefix, wish.Limit + 1, wish.After ?? "");
        var items = page.Take(wish.Limit).Select(FileView.Of).ToList();
        var hasMore = page.Count > wish.Limit;
        return new FileListView(items, await files.Count(room.RoomId, prefix), wish.Limit, hasMore, hasMore ? items[^1].Path : null);
    }

    private static async Task<IResult> Read(
        RoomScope room, string? path, Query<ReadFile> query, RoomFiles files, BlobStore blobs, HttpContext context)
    {
        room.RequireReader();
        path = FilePath.Checked(path);
        if (query.Value.History)
        {
            var history = await files.History(room.RoomId, path);
            return history.Count > 0
                ? TypedResults.Json(new ListView<RevisionView>([.. history.Select(RevisionView.Of)], history.Count,
                    history.Count, false), RemixJson.Options)
                : throw FileTransfer.Missing(room, path);
        }

        if (query.Value.Revision is { } number)
        {
            var revision = await files.FindRevision(room.RoomId, path, number);
            return revision is { Sha256: { } sha } ? FileTransfer.Send(context, blobs, sha, revision.ContentType!, revision.At)
                : throw FileTransfer.NoContent(room, path, number, revision);
        }

        var file = await files.Find(room.RoomId, path) ?? throw FileTransfer.Missing(room, path);
        return FileTransfer.Send(context, blobs, file.Sha256, file.ContentType, file.UpdatedAt);
    }

    private static async Task<IResult> Write(RoomScope room, string? path, RoomFiles files, HttpContext context)
    {
        RequireWriter(room);
        path = FilePath.Checked(path);
        var type = ContentTypes.Of(path, context.Request.ContentType);
        return await FileTransfer.Receive(context, files, room,
            new FileUpload(path, type, RoomFiles.DirectBytesMax, FileCondition.Of(context.Request)));
    }

    private static async Task<OkView> Delete(RoomScope room, string? path, RoomFiles files, HttpRequest request)
    {
        room.Require(RoomRole.Moderator, AgentAction.Files);
        room.RequireNotArchived();
        await files.Delete(room.RoomId, FilePath.Checked(path), room.Caller.Name, FileCondition.Of(request));
        return new OkView(true);
    }

    private static async Task<FileView> Restore(RoomScope room, Body<RestoreFile> body, RoomFiles files, HttpRequest request)
    {
        RequireWriter(room);
        var path = FilePath.Checked(body.Value.Path);
        var revision = await files.FindRevision(room.RoomId, path, body.Value.Revision);
        if (revision is not { Sha256: { } sha256, ContentType: { } type })
        {
            throw FileTransfer.NoContent(room, path, body.Value.Revision, revision);
        }

        var (file, _) = await files.Name(room.RoomId, path, new Blob(sha256, revision.Size), type, room.Caller.Name, FileCondition.Of(request));
        return FileView.Of(file);
    }

    public static void RequireWriter(RoomScope room)
    {
        room.Require(RoomRole.Member, AgentAction.Files);
        room.RequireNotArchived();
    }
}
