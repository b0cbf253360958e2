using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Pages.Shared;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Rooms.Sharing;

namespace Remix.Pages.Sharing;

/// <summary>A shared room as a page.</summary>
internal static class SharedPageEndpoints
{
    private const int PageMessages = 50;

    private static readonly RateLimit Reading = RateLimit.PerMinute("shared pages", RateLimitPer.Address, 120);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/rooms/{owner}/{room}/view", View)
        .WithTags(PageFaults.Tag).Limited(Reading).ExcludeFromDescription();

    private static async Task<IResult> View(string owner, string room, PageContext page, Query<SharedPlace> query, SharedRooms shared,
        HttpResponse response)
    {
        var (token, before, after) = query.Value;
        var read = await shared.Read($"{owner}/{room}", token, before, after, PageMessages);
        var result = page.Page<SharedPage>(new { Model = new SharedPageModel(page.Visitor, read) });

        // The address is the key: it goes to nobody else, in no header and no index.
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        response.Headers.CacheControl = "private, no-store";
        return result;
    }

    internal sealed record SharedPlace(string? Token, long? Before, long? After) : IReadFields<SharedPlace>
    {
        public static SharedPlace Read(Fields fields) => new(fields.Text("token", 200), fields.Time("before"), fields.Time("after"));
    }
}
