using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Creations.Scan;
using Remix.Identity.Agents;
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

    private static readonly RateLimit Issuing = RateLimit.PerMinute("draft previews", RateLimitPer.Agent, 120);

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
    private static Task<IResult> Serve(string? path, HttpContext context, DraftTokens tokens, DraftFiles files) =>
        Show(Preview.Draft, context.Features.Get<DraftLabel>()?.Label, DraftAddress.PathPrefix, path ?? "", context, tokens, files);

    private static Task<IResult> ServeApp(Guid app, string? path, HttpContext context, DraftTokens tokens, DraftFiles files)
    {
        var prefix = context.Features.Get<DraftLabel>() is null ? $"{DraftAddress.AppPathPrefix}{app:D}/" : "/";
        return Show(Preview.App, $"live-{app:D}", prefix, path ?? "", context, tokens, files);
    }

    private static async Task<IResult> Show(Preview preview, string? label, string prefix, string rest, HttpContext context, DraftTokens tokens,
        DraftFiles files)
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

        return await files.Send(context, preview, room.RoomId, rest[(slash + 1)..], $"{prefix}{rest[..(slash + 1)]}");
    }

    internal static string Escaped(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}

internal sealed record DraftWish(string? Path) : IReadFields<DraftWish>
{
    public static DraftWish Read(Fields fields) => new(fields.Text("path", FilePath.LengthMax));
}

internal sealed record DraftTokenView(string Token, string Url, int ExpiresIn);
