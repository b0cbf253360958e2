using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Remix.Creations.Scan;
using Remix.Creations.Serving;
using Remix.Identity.Agents;
using Remix.Platform.Blobs;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Settings;
using Remix.Rooms;
using Remix.Rooms.Files;

namespace Remix.Creations.Drafts;

/// <summary>Looking at a page before it is published, as it will run then.</summary>
internal static class DraftEndpoints
{
    private const char TokenMark = '~';
    private const long PageBytesMax = RoomFiles.DirectBytesMax;

    private static readonly RateLimit Issuing = RateLimit.PerMinute("draft previews", RateLimitPer.Agent, 120);
    private static readonly string[] NeverServed = ["worker.js", "cron.json"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGroup("/rooms/{owner}/{room}").MapGet("/draft-token", Issue).Needs(TokenKind.UserOrAgent).Limited(Issuing).WithTags("files")
            .WithSummary("A token and an address at which the working tree can be looked at for five minutes");
        routes.MapGet("/draft/{**path}", Serve).WithTags("files").Produces<byte[]>(200, "text/html")
            .WithSummary("A file of a room's working tree, for who has a draft token; also on {owner}--rooms-{room}.HOST");
        routes.MapGroup("/rooms/{owner}/{room}").MapGet("/room-app-token", IssueForApp).Needs(TokenKind.UserOrAgent).Limited(Issuing)
            .WithTags("files").WithSummary("A token and an address at which members open the room's app for fifteen minutes");
        routes.MapGet("/live/{app:guid}/{**path}", ServeApp).WithTags("files").Produces<byte[]>(200, "text/html")
            .WithSummary("A file of a room's app, for who has a room-app token; also on live-{app}.HOST");
    }

    private static async Task<DraftTokenView> Issue(RoomScope room, Query<DraftWish> query, DraftTokens tokens, RoomFiles files,
        RemixSettings settings, HttpRequest request)
    {
        room.RequireReader();
        var path = query.Value.Path is { } wish ? FilePath.Checked(wish) : await EntryPoint(room.RoomId, files);
        var token = await tokens.Issue(Preview.Draft, room);
        return new DraftTokenView(token, DraftAddress.Of(settings, request, room.RoomId, path, token), Preview.Draft.LifeSeconds);
    }

    private static async Task<DraftTokenView> IssueForApp(RoomScope room, DraftTokens tokens, RemixSettings settings, HttpRequest request)
    {
        room.Require(RoomRole.Readonly, AgentAction.Read);
        RequireRunning(room);
        var token = await tokens.Issue(Preview.App, room);
        return new DraftTokenView(token, DraftAddress.OfApp(settings, request, room.RoomId, token), Preview.App.LifeSeconds);
    }

    private static void RequireRunning(RoomScope room)
    {
        if (!room.AppRuns || room.IsArchived)
        {
            throw Fault.Conflict("APP_NOT_RUNNING", $"The app of {room.RoomId} is not running", "A member starts it.",
                new Fix("POST", $"/rooms/{room.RoomId}/app/start"));
        }
    }

    /// <summary>The page at the root, or else the one that was written last.</summary>
    private static async Task<string> EntryPoint(string roomId, RoomFiles files)
    {
        var pages = (await files.List(roomId, "")).Where(file => file.Path.Split('/')[^1] == ScanSubject.EntryPoint).ToList();
        return pages.Any(page => page.Path == ScanSubject.EntryPoint) || pages.Count == 0
            ? ScanSubject.EntryPoint : pages.MaxBy(page => page.UpdatedAt)!.Path;
    }

    /// <summary>
    /// A page without an origin sends no cookies and no referrer, so the token goes into the path, where what the page
    /// loads by relative addresses inherits it.
    /// </summary>
    private static Task<IResult> Serve(string? path, HttpContext context, DraftTokens tokens, RoomFiles files, BlobStore blobs,
        ContentPolicy policy) =>
        Show(Preview.Draft, context.Features.Get<DraftLabel>()?.Label, DraftAddress.PathPrefix, path ?? "", context, tokens, files, blobs, policy);

    private static Task<IResult> ServeApp(Guid app, string? path, HttpContext context, DraftTokens tokens, RoomFiles files, BlobStore blobs,
        ContentPolicy policy)
    {
        var prefix = context.Features.Get<DraftLabel>() is null ? $"{DraftAddress.AppPathPrefix}{app:D}/" : "/";
        return Show(Preview.App, $"live-{app:D}", prefix, path ?? "", context, tokens, files, blobs, policy);
    }

    private static async Task<IResult> Show(Preview preview, string? label, string prefix, string rest, HttpContext context, DraftTokens tokens,
        RoomFiles files, BlobStore blobs, ContentPolicy policy)
    {
        if (context.Request.Query["_t"].ToString() is { Length: > 0 } token)
        {
            await tokens.Enter(preview, token, label);
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            return TypedResults.LocalRedirect($"{prefix}{TokenMark}{token}/{Escaped(rest)}");
        }

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (!rest.StartsWith(TokenMark) || slash < 0)
        {
            throw new Fault(403, "DRAFT_TOKEN_MISSING", "This is seen with a token only")
            {
                Hint = $"GET /rooms/{{owner}}/{{room}}/{preview.TokenRoute} answers an address that holds for {preview.LifeSeconds / 60} minutes. "
                    + "Pages load what belongs to them by relative addresses.",
            };
        }

        var room = await tokens.Enter(preview, rest[1..slash], label);
        if (preview == Preview.App)
        {
            RequireRunning(room);
        }

        var file = await Find(room.RoomId, rest[(slash + 1)..], files);
        var folder = preview == Preview.App ? "" : await Root(room.RoomId, file.Path, files);
        return await Send(context, file, $"{prefix}{rest[..(slash + 1)]}{Escaped(folder)}", blobs, policy);
    }

    private static async Task<RoomFile> Find(string roomId, string path, RoomFiles files)
    {
        var wanted = path.Length == 0 || path.EndsWith('/') ? path + ScanSubject.EntryPoint : path;
        return FilePath.Problem(wanted) is null && !NeverServed.Contains(wanted.Split('/')[^1], StringComparer.Ordinal)
            && await files.Find(roomId, wanted) is { } file ? file : throw Fault.NotFound("File", $"There is no {wanted} in the working tree.");
    }

    /// <summary>The folder that would be published with this file: the nearest with a page, and a slash behind.</summary>
    private static async Task<string> Root(string roomId, string path, RoomFiles files)
    {
        for (var end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (await files.Find(roomId, $"{path[..end]}/{ScanSubject.EntryPoint}") is not null)
            {
                return path[..(end + 1)];
            }
        }

        return "";
    }

    private static string Escaped(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    /// <param name="root">The address of what <c>/</c> means in the file.</param>
    private static async Task<IResult> Send(HttpContext context, RoomFile file, string root, BlobStore blobs, ContentPolicy policy)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = policy.Page;
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
        headers["X-Robots-Tag"] = "noindex";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.AccessControlAllowOrigin = "*";
        headers.CacheControl = "no-store";
        var type = Publisher.Served(file.Path);
        var isStyle = type.StartsWith("text/css", StringComparison.Ordinal);
        if (!(isStyle || type.StartsWith("text/html", StringComparison.Ordinal)) || file.Size > PageBytesMax)
        {
            return TypedResults.PhysicalFile(blobs.PathOf(file.Sha256), type,
                entityTag: new EntityTagHeaderValue($"\"{file.Sha256}\""), enableRangeProcessing: true);
        }

        var page = Encoding.UTF8.GetString(await blobs.Bytes(file.Sha256, context.RequestAborted)).TrimStart('\uFEFF');
        return TypedResults.Text(isStyle ? DraftRoots.InStyle(page, root) : DraftRoots.InPage(page, root), type);
    }
}

internal sealed record DraftWish(string? Path) : IReadFields<DraftWish>
{
    public static DraftWish Read(Fields fields) => new(fields.Text("path", FilePath.LengthMax));
}

internal sealed record DraftTokenView(string Token, string Url, int ExpiresIn);
