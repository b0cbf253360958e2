using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Creations;
using Remix.Games;
using Remix.Identity;
using Remix.Pages.Feed;
using Remix.Pages.Shared;
using Remix.Platform.Settings;

namespace Remix.Pages.Games;

/// <summary>Playing a game, making one, and looking at those that wait for an admin.</summary>
internal static class GamePageEndpoints
{
    private const int LaunchedShown = 60;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").WithTags(PageFaults.Tag).ExcludeFromDescription();
        pages.MapGet("/games", Shelf);
        pages.MapGet("/games/review", Review);
        pages.MapGet("/games/{gameId}/v/{versionId}", Studio);
        pages.MapGet("/play/{key}", Play);
    }

    private static async Task<IResult> Shelf(PageContext page, Caller caller, GamePages games, RemixSettings settings, HttpRequest request)
    {
        var mine = caller.IsUser ? await games.Mine(caller.RequireUserId()) : [];
        var launched = await games.Launched(LaunchedShown);
        return page.Page<ShelfPage>(new
        {
            page.Visitor,
            Mine = mine,
            Launched = launched,
            Addresses = CreationAddresses.Of(settings, request),
            caller.IsPlatformAdmin
        });
    }

    private static async Task<IResult> Play(string key, PageContext page, Caller caller, GamePages games, PublishedCreations creations,
        RemixSettings settings, HttpContext context)
    {
        if (await games.Play(key, caller, context.RequestAborted) is not { } game)
        {
            // A page in the category of games may be somebody's ordinary creation.
            return await creations.FindBySlug(key) is { } creation
                ? TypedResults.LocalRedirect($"/c/{creation.Slug}") : page.Page<NotFoundPage>(new { page.Visitor }, StatusCodes.Status404NotFound);
        }

        var card = CreationCard.Of(CreationView.Of(game.Creation, CreationAddresses.Of(settings, context.Request)));
        return page.Page<PlayPage>(new { page.Visitor, Game = game, Creation = card, page.BaseAddress });
    }

    private static async Task<IResult> Studio(string gameId, string versionId, PageContext page, Caller caller, GamePages games,
        RemixSettings settings, HttpContext context)
    {
        if (!caller.IsUser)
        {
            return TypedResults.LocalRedirect($"/login?next=/games/{Uri.EscapeDataString(gameId)}/v/{Uri.EscapeDataString(versionId)}");
        }

        var studio = await games.Studio(gameId, versionId, caller, CreationAddresses.Of(settings, context.Request), context.RequestAborted);
        return studio is null
            ? page.Page<NotFoundPage>(new { page.Visitor }, StatusCodes.Status404NotFound)
            : page.Page<StudioPage>(new { page.Visitor, Studio = studio });
    }

    private static async Task<IResult> Review(PageContext page, Caller caller, GamePages games) => caller is { IsUser: true, IsPlatformAdmin: true }
        ? page.Page<ReviewPage>(new { page.Visitor, Queue = await games.Queue() })
        : page.Page<NotFoundPage>(new { page.Visitor }, StatusCodes.Status404NotFound);
}
