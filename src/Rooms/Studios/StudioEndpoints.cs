using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Text;

namespace Remix.Rooms.Studios;

/// <summary>Studios: make, find, change, archive, and the rooms in them.</summary>
internal static class StudioEndpoints
{
    private static readonly RateLimit Making = RateLimit.PerMinute("studio changes", RateLimitPer.User, 30);
    private static readonly RateLimit Browsing = RateLimit.PerMinute("studio browsing", RateLimitPer.Address, 120);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("").WithTags("studios");
        all.MapPost("/studios", Create).Needs(TokenKind.User).Limited(Making).Produces<StudioView>(201)
            .WithSummary("Create a studio");
        all.MapGet("/studios", Browse).Limited(Browsing).WithSummary("Browse studios: q, owner, sort=popular|newest|trending, limit, offset");
        all.MapGet("/me/studios", Mine).Needs(TokenKind.User).WithSummary("One's own studios, the default one first");
        var studio = all.MapGroup("/studios/{owner}/{studio}");
        studio.MapGet("", Read).WithSummary("A studio, with its subscribers and creations counted");
        studio.MapPatch("", Change).Needs(TokenKind.User).Limited(Making).WithSummary("Change a studio of one's own; null clears a field");
        studio.MapDelete("", Archive).Needs(TokenKind.User).Limited(Making).WithSummary("Archive a studio of one's own; the default one stays");
        studio.MapPost("/unarchive", Unarchive).Needs(TokenKind.User).Limited(Making).WithSummary("Bring an archived studio of one's own back");
        studio.MapGet("/rooms", Rooms).WithSummary("The rooms of a studio that the caller may know of");
    }

    private static async Task<IResult> Create(Caller caller, Body<CreateStudio> body, StudioStore studios, TimeProvider clock)
    {
        var wish = body.Value;
        var userId = caller.RequireUserId();
        if (Names.OwnerOf(wish.StudioId) != userId)
        {
            throw new Fault(403, "NOT_YOUR_NAMESPACE", $"{wish.StudioId} is not under your user id {userId}")
            {
                Hint = "A studio's id starts with the id of the user that owns it.",
                Fix = new Fix("POST", "/studios", new { studio_id = $"{userId}/{Names.LeafOf(wish.StudioId)}", name = wish.Name ?? Names.LeafOf(wish.StudioId) }),
            };
        }

        var studio = new Studio(wish.StudioId, userId, wish.Name ?? Names.LeafOf(wish.StudioId), wish.Description, wish.AvatarUrl, wish.BannerUrl,
            wish.Tags, wish.Visibility, 0, null, clock.NowMs());
        await studios.Create(studio);
        return TypedResults.Json(StudioView.Of(studio, new StudioFigures(new Dictionary<string, long>(StringComparer.Ordinal),
            new Dictionary<string, long>(StringComparer.Ordinal)), false), RemixJson.Options, statusCode: 201);
    }

    private static async Task<ListView<StudioView>> Browse(Caller caller, Query<BrowseStudios> query, StudioStore studios, Database database,
        PublishedCount published)
    {
        var (page, total) = await studios.Browse(query.Value, caller.UserId);
        var figures = await Figures(database, published, caller, page);
        return new ListView<StudioView>([.. page.Select(studio => StudioView.Of(studio, figures))], total, query.Value.Limit,
            query.Value.Offset + page.Count < total);
    }

    private static async Task<ListView<StudioView>> Mine(Caller caller, StudioStore studios, Database database, PublishedCount published)
    {
        var mine = await studios.Of(caller.RequireUserId());
        var figures = await Figures(database, published, caller, mine);
        return new ListView<StudioView>([.. mine.Select(studio => StudioView.Of(studio, figures))], mine.Count, Studio.PerUserMax, false);
    }

    private static async Task<StudioView> Read(string owner, string studio, Caller caller, StudioStore studios, Subscriptions subscriptions,
        Database database, PublishedCount published)
    {
        var found = await studios.Find($"{owner}/{studio}", caller);
        return StudioView.Of(found, await Figures(database, published, caller, [found]),
            caller.UserId is { } userId ? await subscriptions.Has(found.StudioId, userId) : null);
    }

    private static async Task<StudioView> Change(string owner, string studio, Caller caller, Body<ChangeStudio> body, StudioStore studios,
        Database database, PublishedCount published)
    {
        var changed = await studios.Change((await Own(owner, studio, caller, studios)).StudioId, body.Value);
        return StudioView.Of(changed, await Figures(database, published, caller, [changed]));
    }

    private static async Task<OkView> Archive(string owner, string studio, Caller caller, StudioStore studios)
    {
        var own = await Own(owner, studio, caller, studios);
        if (own.IsDefault)
        {
            throw Fault.Conflict("DEFAULT_STUDIO", "The default studio cannot be deleted",
                "It holds every room that names no other studio. It can be made private.",
                new Fix("PATCH", $"/studios/{own.StudioId}", new { visibility = "private" }));
        }

        await studios.Archive(own.StudioId);
        return new OkView(true);
    }

    private static async Task<StudioView> Unarchive(string owner, string studio, Caller caller, StudioStore studios, Database database,
        PublishedCount published)
    {
        var own = await Own(owner, studio, caller, studios);
        await studios.Unarchive(own.StudioId);
        return StudioView.Of(own with { ArchivedAt = null }, await Figures(database, published, caller, [own]));
    }

    private static async Task<ListView<RoomView>> Rooms(string owner, string studio, Caller caller, Query<PageOf> query,
        StudioStore studios, RoomStore rooms)
    {
        var found = await studios.Find($"{owner}/{studio}", caller);
        var seesAll = caller.IsUser && caller.UserId == found.Owner;
        var (page, total) = await rooms.OfStudio(found.StudioId, seesAll, query.Value.Limit, query.Value.Offset);
        return new ListView<RoomView>([.. page.Select(room => RoomView.Of(room, withConfig: seesAll))], total, query.Value.Limit,
            query.Value.Offset + page.Count < total);
    }

    /// <summary>404 for whom it does not exist, 403 for whom it is somebody else's.</summary>
    internal static async Task<Studio> Own(string owner, string studio, Caller caller, StudioStore studios)
    {
        var found = await studios.Find($"{owner}/{studio}", caller);
        return found.Owner == caller.UserId ? found
            : throw Fault.Forbidden($"{found.StudioId} is {found.Owner}'s studio", "Only its owner changes it.");
    }

    internal static Task<StudioFigures> Figures(Database database, PublishedCount published, Caller caller, IReadOnlyCollection<Studio> studios) =>
        database.Read(session => StudioFigures.Read(session, published, caller, studios));
}
