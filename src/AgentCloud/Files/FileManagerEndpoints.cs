using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.AgentCloud.Activity;
using Remix.AgentCloud.Http;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Workspaces;
using Remix.Platform.Blobs;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;

namespace Remix.AgentCloud.Files;

/// <summary>Managing an app's files; for editors.</summary>
internal static class FileManagerEndpoints
{
    internal static readonly RateLimit Changes = RateLimit.PerMinute("cloud files", RateLimitPer.User, 6000);

    private const string FormField = "data";

    public static void MapV1(IEndpointRouteBuilder routes)
    {
        var manager = routes.MapGroup("/ws/{ws}/app/{app}/file-manager").WithTags("files").Needs(TokenKind.Cloud);
        manager.MapGet("/content", Content).Produces<byte[]>(200, "application/octet-stream")
            .WithSummary("A file's bytes, or what is in a folder");
        manager.MapPut("/content", Put).Limited(Changes).WithMetadata(new BinaryBodyMetadata())
            .WithSummary("Create a file from the body; over an existing one with force=true only");
        manager.MapPost("/content", Post).Limited(Changes).WithSummary("Create a file from a form: path, data, force");
        manager.MapDelete("/content", Delete).Limited(Changes).WithSummary("Delete a file");
        manager.MapGet("/props", Props).WithSummary("What is known of a file, with an address that serves it for expires_in seconds");
        manager.MapPatch("/props", Rename).Limited(Changes).WithSummary("Rename a file");
        manager.MapPost("/copy", Copy).Limited(Changes).WithSummary("Copy a file, also out of another app");
        manager.MapPost("/register", Register).Limited(Changes).WithSummary("Keep the address of a file that lies elsewhere");
    }

    private static async Task<IResult> Content(WorkspaceScope workspace, string app, Given<LookAt> input, AppFiles files, BlobStore blobs,
        HttpContext context)
    {
        Require(workspace, Right.Read, app);
        var wish = input.Value;
        var (file, entries) = await files.Look(workspace.Id, app, wish.Path, wish.After, wish.Limit + 1);
        if (file is not null)
        {
            return FileSending.Send(context, blobs, file, isPublic: false);
        }

        var page = entries.Take(wish.Limit).ToList();
        return TypedResults.Json(new FolderView(true, app, wish.Path, "folder", [.. page.Select(FolderEntryView.Of)],
            entries.Count > wish.Limit ? page[^1].Path : null), RemixJson.Options);
    }

    private static async Task<IResult> Put(WorkspaceScope workspace, string app, Query<CreateFile> query, FileChange change, HttpContext context)
    {
        workspace = await change.Founding.Enter(workspace, app);
        Require(workspace, Right.Write, app);
        await RequireAbsent(workspace, app, query.Value, change.Files);
        if (context.Request.ContentLength > AppFile.BytesMax)
        {
            throw Fault.TooLarge($"A file has at most {AppFile.BytesMax / (1024 * 1024)} MB", "Nothing was stored. Split it, or make it smaller.");
        }

        return await Create(workspace, app, query.Value, await change.Files.Receive(context.Request.Body, context.RequestAborted),
            change, context);
    }

    private static async Task<IResult> Post(WorkspaceScope workspace, string app, FileChange change, HttpContext context)
    {
        workspace = await change.Founding.Enter(workspace, app);
        Require(workspace, Right.Write, app);
        if (!CloudUpload.IsMultipart(context))
        {
            throw new Fault(415, "UNSUPPORTED_MEDIA_TYPE", "A file is created by a form here")
            {
                Hint = "Send multipart/form-data with path and data, or PUT the bytes to …/file-manager/content?path=….",
            };
        }

        var (fields, data) = await CloudUpload.ReadForm(context, FormField,
            async part => Tuple.Create(await change.Files.Receive(part, context.RequestAborted)));
        var wish = CreateFile.Read(fields);
        if (data is null)
        {
            fields.Problem(FormField, "Required", "invalid_type");
        }

        fields.ThrowIfInvalid();
        return await Create(workspace, app, wish, data!.Item1, change, context);
    }

    private static async Task<OkView> Delete(WorkspaceScope workspace, string app, Given<NameFile> input, FileChange change)
    {
        Require(workspace, Right.Write, app);

        await change.Files.Delete(workspace.Id, app, input.Value.Path);
        await change.Record(workspace, app);
        return new OkView(true);
    }

    private static async Task<FileView> Props(WorkspaceScope workspace, string app, Given<ShowFile> input, FileChange change, HttpContext context)
    {
        Require(workspace, Right.Read, app);

        return await change.View(workspace, app, await change.Files.Get(workspace.Id, app, input.Value.Path), context, input.Value.ExpiresIn);
    }

    private static async Task<FileView> Rename(WorkspaceScope workspace, string app, CloudInput<RenameFile> input, FileChange change,
        HttpContext context)
    {
        Require(workspace, Right.Write, app);

        var file = await change.Files.Rename(workspace.Id, app, input.Value.Path, input.Value.ChangePath, workspace.Caller.Name);
        await change.Record(workspace, app);
        return await change.View(workspace, app, file, context);
    }

    private static async Task<IResult> Copy(WorkspaceScope workspace, string app, CloudInput<CopyFile> input, FileChange change, HttpContext context)
    {
        var wish = input.Value;
        var from = wish.SrcApp ?? app;
        Require(workspace, Right.Write, app);
        workspace.Require(Right.Read, from);

        var file = await change.Files.Copy(workspace.Id, from, wish.Src, app, wish.Path, workspace.Caller.Name, workspace.May(Right.CreateDb));
        await change.Record(workspace, app);
        return TypedResults.Json(await change.View(workspace, app, file, context), RemixJson.Options, statusCode: 201);
    }

    private static async Task<IResult> Register(WorkspaceScope workspace, string app, CloudInput<RegisterFile> input, FileChange change,
        HttpContext context)
    {
        workspace = await change.Founding.Enter(workspace, app);
        Require(workspace, Right.Write, app);
        var wish = input.Value;

        var file = await change.Files.Register(workspace.Id, app, wish.Path, wish.RegUrl, wish.RegMetadata, workspace.Caller.Name, wish.Force,
            workspace.May(Right.CreateDb));
        await change.Record(workspace, app);
        return TypedResults.Json(await change.View(workspace, app, file, context), RemixJson.Options, statusCode: 201);
    }

    private static async Task<IResult> Create(WorkspaceScope workspace, string app, CreateFile wish, Blob blob, FileChange change,
        HttpContext context)
    {
        var (file, isNew) = await change.Files.Put(workspace.Id, app, wish.Path, blob, workspace.Caller.Name, wish.Force,
            workspace.May(Right.CreateDb));
        await change.Record(workspace, app);
        context.Response.Headers.ETag = $"\"{file.Sha256}\"";
        return TypedResults.Json(await change.View(workspace, app, file, context), RemixJson.Options, statusCode: isNew ? 201 : 200);
    }

    /// <summary>Said before the bytes travel; said again where it counts.</summary>
    private static async Task RequireAbsent(WorkspaceScope workspace, string app, CreateFile wish, AppFiles files)
    {
        if (!wish.Force && await files.Find(workspace.Id, app, wish.Path) is not null)
        {
            throw AppFiles.Exists(wish.Path);
        }
    }

    private static void Require(WorkspaceScope workspace, Right right, string app)
    {
        if (!CloudNames.IsName(app))
        {
            throw WorkspaceScope.AppNotFound();
        }

        workspace.Require(right, app);
    }
}

/// <summary>What each change of a file needs: the store, its place among the activities, and its view.</summary>
internal sealed class FileChange(AppFiles files, FileAddresses addresses, CloudActivities activities, AppFounding founding)
{
    public AppFiles Files { get; } = files;

    public AppFounding Founding { get; } = founding;

    public Task Record(WorkspaceScope workspace, string app) => activities.Record(workspace.Id, workspace.Caller, ActivityKind.UpdateDb, app);

    public async Task<FileView> View(WorkspaceScope workspace, string app, AppFile file, HttpContext context,
        int seconds = FileAddresses.SecondsDefault) =>
        FileView.Of(app, file, await addresses.Of(new FilePlace(workspace.Id, workspace.Name, app), file, seconds, context.Request));
}
