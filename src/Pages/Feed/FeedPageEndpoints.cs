using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Creations;
using Remix.Feed;
using Remix.Identity;
using Remix.Pages.Create;
using Remix.Pages.Shared;
using Remix.Platform.Settings;

namespace Remix.Pages.Feed;

/// <summary>The feed, a creation at its own address, and how to make one.</summary>
internal static class FeedPageEndpoints
{
    /// <summary>How many cards the first page holds; the browser takes fewer for the end of the feed.</summary>
    private const int FirstCards = 10;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").WithTags(PageFaults.Tag).ExcludeFromDescription();
        pages.MapGet("/", Feed);
        pages.MapGet("/c/{slug}", Creation);
        pages.MapGet("/create", Create);
    }

    private static async Task<IResult> Feed(PageContext page, FeedReader feed, RemixSettings settings, HttpRequest request)
    {
        var sort = request.Query["sort"] == "ranked" ? "ranked" : "recent";
        var first = await feed.First(FirstCards, sort == "ranked", CreationAddresses.Of(settings, request));
        return page.Page<FeedPage>(new { Model = new FeedPageModel(page.Visitor, [.. first.Select(CreationCard.Of)], sort) });
    }

    private static async Task<IResult> Creation(string slug, PageContext page, PublishedCreations creations, Remix.Games.GamePages games,
        RemixSettings settings, HttpRequest request)
    {
        var creation = Guid.TryParse(slug, out var id) ? await creations.Find(id) : await creations.FindBySlug(slug);
        if (creation is null)
        {
            return page.Page<NotFoundPage>(new { page.Visitor }, StatusCodes.Status404NotFound);
        }

        if (await games.Play(creation.Id.ToString(), Caller.Of(request.HttpContext), request.HttpContext.RequestAborted) is not null)
        {
            return TypedResults.LocalRedirect($"/play/{creation.Slug}");
        }

        var card = CreationCard.Of(CreationView.Of(creation, CreationAddresses.Of(settings, request)));
        return page.Page<CreationPage>(new { Model = new CreationPageModel(page.Visitor, card, page.BaseAddress) });
    }

    private static IResult Create(PageContext page) => page.Page<CreatePage>(new { page.Visitor, page.BaseAddress });
}
