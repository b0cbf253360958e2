using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Creations;
using Remix.Feed.Public;
using Remix.Identity;
using Remix.Platform.Http;
using Remix.Platform.Settings;
using Remix.Rooms.Studios;

namespace Remix.Feed.Studios;

/// <summary>What a studio has published.</summary>
internal static class StudioFeedEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/studios/{owner}/{studio}/creations", Creations).WithTags("studios")
        .WithSummary("The creations of a studio's rooms, newest first; before goes on where a page ended");

    private static async Task<ListView<CreationView>> Creations(string owner, string studio, Caller caller, Query<StudioFeed> query,
        StudioDirectory studios, FeedIndex index, RemixSettings settings, HttpRequest request)
    {
        var wish = query.Value;
        var rooms = await studios.RoomsOf($"{owner}/{studio}", caller);
        var all = (await index.Now()).Newest.Where(entry => rooms.Contains(entry.Creation.RoomId)).ToList();
        var from = all.Where(entry => wish.Before is not { } before || entry.Creation.PublishedAt < before);
        var page = from.Take(wish.Limit + 1).ToList();
        var addresses = CreationAddresses.Of(settings, request);
        return new ListView<CreationView>([.. page.Take(wish.Limit).Select(entry => CreationView.Of(entry.Creation, addresses))], all.Count,
            wish.Limit, page.Count > wish.Limit);
    }

    internal sealed record StudioFeed(int Limit, long? Before) : IReadFields<StudioFeed>
    {
        public static StudioFeed Read(Fields fields) => new(fields.Limit(20, 100), fields.Time("before"));
    }
}
