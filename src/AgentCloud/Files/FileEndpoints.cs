using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Tokens;
using Remix.AgentCloud.Workspaces;
using Remix.Platform.Blobs;
using Remix.Platform.Http;

namespace Remix.AgentCloud.Files;

/// <summary>Serving an app's files: public ones to anybody, others to who has a signed address, or may read the app.</summary>
internal static class FileEndpoints
{
    public static void MapV1(IEndpointRouteBuilder routes)
    {
        const string path = "/ws/{ws}/app/{app}/files/{**path}";
        routes.MapGet(path, Serve).WithTags("files").Produces<byte[]>(200, "application/octet-stream")
            .WithSummary("A file: of /public/ for anybody, others by their signed address or a token that may read the app");
        routes.MapMethods(path, [HttpMethods.Head], Serve).ExcludeFromDescription();
    }

    private static async Task<IResult> Serve(string ws, string app, string? path, CloudCaller caller, Query<ServeFile> query,
        WorkspaceDirectory directory,
        AppFiles files, FileAddresses addresses, BlobStore blobs, HttpContext context)
    {
        var at = "/" + path;
        if (AppFilePath.Problem(at) is not null || !CloudNames.IsName(app) || await directory.Find(ws) is not { } workspace)
        {
            throw NotFound(at);
        }

        var isPublic = AppFilePath.IsPublic(at);
        if (!isPublic && !workspace.AccessOf(caller).May(Right.Read, app))
        {
            var (expires, signature) = query.Value;
            if (signature is null)
            {
                throw NotFound(at);
            }

            await addresses.Require(new FilePlace(workspace.Id, workspace.Name, app), at, expires, signature);
        }

        return FileSending.Send(context, blobs, await files.Find(workspace.Id, app, at) ?? throw NotFound(at), isPublic);
    }

    private static Platform.Faults.Fault NotFound(string path) => Platform.Faults.Fault.NotFound("File",
        AppFilePath.IsPublic(path) ? null : "Files outside of /public/ are served at the signed address that their properties name.");
}

internal sealed record ServeFile(string? Expires, string? Signature) : IReadFields<ServeFile>
{
    public static ServeFile Read(Fields fields) => new(fields.Text("expires", 20), fields.Text("signature", 100));
}
