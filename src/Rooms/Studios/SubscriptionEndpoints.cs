using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity;
using Remix.Platform.Data;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Text;

namespace Remix.Rooms.Studios;

/// <summary>Following studios.</summary>
internal static class SubscriptionEndpoints
{
    private static readonly RateLimit Subscribing = RateLimit.PerHour("studio subscribe", RateLimitPer.User, 60);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("").WithTags("studios");
        all.MapGet("/me/subscriptions", Mine).Needs(TokenKind.User).WithSummary("The studios the user subscribes to");
        var studio = all.MapGroup("/studios/{owner}/{studio}");
        studio.MapPost("/subscribe", Toggle).Needs(TokenKind.User).Limited(Subscribing).WithSummary("Subscribe to a studio, or take it back");
        studio.MapPut("/subscribe", Notify).Needs(TokenKind.User).Limited(Subscribing)
            .WithSummary("Whether to be notified of what the studio publishes");
        studio.MapGet("/subscribers", Subscribers).WithSummary("Who subscribes to a studio, the newest first");
    }

    private static async Task<SubscriptionView> Toggle(string owner, string studio, Caller caller, StudioStore studios,
        Subscriptions subscriptions) =>
        await subscriptions.Toggle((await studios.Find($"{owner}/{studio}", caller)).StudioId, caller.RequireUserId());

    private static async Task<SubscriptionView> Notify(string owner, string studio, Caller caller, Body<ChangeSubscription> body, StudioStore studios,
        Subscriptions subscriptions) =>
        await subscriptions.Notify((await studios.Find($"{owner}/{studio}", caller)).StudioId, caller.RequireUserId(), body.Value.Notify);

    private static async Task<ListView<SubscriberView>> Subscribers(string owner, string studio, Caller caller, Query<PageOf> query,
        StudioStore studios,
        Subscriptions subscriptions)
    {
        var found = await studios.Find($"{owner}/{studio}", caller);
        var page = await subscriptions.To(found.StudioId, query.Value);
        return new ListView<SubscriberView>(page, found.SubscriberCount, query.Value.Limit, query.Value.Offset + page.Count < found.SubscriberCount);
    }

    private static async Task<ListView<StudioView>> Mine(Caller caller, Query<PageOf> query, Subscriptions subscriptions, Database database,
        PublishedCount published)
    {
        var (page, total) = await subscriptions.Of(caller.RequireUserId(), query.Value);
        var figures = await StudioEndpoints.Figures(database, published, caller, [.. page.Select(followed => followed.Studio)]);
        return new ListView<StudioView>([.. page.Select(followed => StudioView.Of(followed.Studio, figures, true) with
        {
            Notify = followed.Notify,
            SubscribedAt = followed.Since.ToTime(),
        })], total, query.Value.Limit, query.Value.Offset + page.Count < total);
    }
}
