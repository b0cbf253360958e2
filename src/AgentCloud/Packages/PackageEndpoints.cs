using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.AgentCloud.Http;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Workspaces;
using Remix.AgentCloud.Zip;
using Remix.Platform.Http;
using Remix.Platform.Http.Outbound;
using Remix.Platform.Limits;

namespace Remix.AgentCloud.Packages;

/// <summary>Installing .remix files.</summary>
internal static class PackageEndpoints
{
    internal static readonly RateLimit Installations = RateLimit.PerMinute("cloud packages", RateLimitPer.User, 300);

    private const string FormField = "file";

    public static void MapV0(IEndpointRouteBuilder routes) => routes.MapPost("/install-remix-file/{ws}", Install).WithTags("packages")
        .Needs(TokenKind.Cloud).Limited(Installations).WithMetadata(new BinaryBodyMetadata())
        .WithSummary("Install a .remix file: as the body, in the field file of a form, or fetched from a url");

    private static async Task<InstalledView> Install(WorkspaceScope workspace, PackageInstaller installer, IncomingFile incoming, UrlFetch urls,
        HttpContext context)
    {
        workspace.Require(Right.GrantPermissions);

        await using var file = await Receive(context, incoming, urls);
        return InstalledView.Of(await installer.Install(workspace, file, context.RequestAborted));
    }

    private static async Task<FileStream> Receive(HttpContext context, IncomingFile incoming, UrlFetch urls)
    {
        var stop = context.RequestAborted;
        Fields fields;
        if (CloudUpload.IsMultipart(context))
        {
            (fields, var file) = await CloudUpload.ReadForm(context, FormField, part => incoming.Receive(part, ZipLimits.Package.BytesMax, stop));
            if (file is not null)
            {
                return file;
            }
        }
        else if (await CloudUpload.IsZip(context))
        {
            return await incoming.Receive(context.Request.Body, ZipLimits.Package.BytesMax, stop);
        }
        else
        {
            fields = await CloudBody.Read(context);
        }

        var url = CloudUpload.UrlIn(fields, "package");
        fields.ThrowIfInvalid();
        return await urls.Get(url!, null, ZipLimits.Package.BytesMax, stop);
    }
}

internal sealed record InstalledView(bool Ok, string Id, string Name, bool Changed, IReadOnlyList<InstalledAppView> Apps,
    IReadOnlyList<LeftOut> LeftOut)
{
    public static InstalledView Of(Installed installed) => new(true, installed.Package.Id, installed.Package.Name,
        installed.Apps.Any(app => app.Changed), [.. installed.Apps.Select(app =>
            new InstalledAppView(app.Name, app.Created, app.Replaced, app.Changed,
            app.Records, app.Files))], installed.Package.LeftOut);
}

internal sealed record InstalledAppView(string Name, bool Created, bool Replaced, bool Changed, int RecordsWritten, int FilesWritten);
