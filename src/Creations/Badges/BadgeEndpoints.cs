using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Remix.Creations.Serving;
using Remix.Identity;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Rooms;
using Remix.Rooms.Studios;

namespace Remix.Creations.Badges;

/// <summary>
/// Badges for other people's pages. What nobody may know of is a grey one and 404: a picture for those who look, and the
/// truth for programs.
/// </summary>
internal static class BadgeEndpoints
{
    private const int StaticSeconds = 24 * 3600;
    private const int LiveSeconds = 300;

    private static readonly RateLimit Drawing = RateLimit.PerMinute("badges", RateLimitPer.Address, 600);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var badges = routes.MapGroup("/badge").WithTags("studios").Limited(Drawing);
        badges.MapGet("/remix.svg", Remix).WithSummary("A badge with words of one's own: label, value").Produces<string>(200, "image/svg+xml");
        badges.MapGet("/{owner}/{studio}/subscribe.svg",
            Subscribe).WithSummary("A studio's badge, with its subscribers").Produces<string>(200, "image/svg+xml");
        badges.MapGet("/creation/{id}.svg", Creation).WithSummary("A creation's badge, with its likes").Produces<string>(200, "image/svg+xml");
        badges.MapGet("/{owner}/{room}.svg", Room).WithSummary("A room's badge, with its remixes").Produces<string>(200, "image/svg+xml");
    }

    private static IResult Remix(Query<BadgeWords> query, HttpContext context) =>
        Picture(context, BadgePicture.Of(query.Value.Label ?? "remix", query.Value.Value ?? "this"), StaticSeconds);

    private static Task<IResult> Subscribe(string owner, string studio, HttpContext context, StudioDirectory studios) => Live(context, "subscribe",
        async () => BadgePicture.Short(await studios.Subscribers($"{owner}/{studio}", Caller.Nobody)));

    /// <summary>A user may be called creation, too: what is no creation's id is the name of a room.</summary>
    private static Task<IResult> Creation(string id, HttpContext context, PublishedCreations creations, RoomDirectory rooms,
        StudioDirectory studios) =>
        Guid.TryParse(id, out var guid)
            ? Live(context, "likes", async () => BadgePicture.Short((await creations.Find(guid) ?? throw Fault.NotFound("Creation")).LikeCount))
            : Room("creation", id, context, rooms, studios);

    private static Task<IResult> Room(string owner, string room, HttpContext context, RoomDirectory rooms, StudioDirectory studios) =>
        Live(context, "remixes",
        async () => BadgePicture.Short(await studios.Remixes((await rooms.Enter($"{owner}/{room}", Caller.Nobody)).RoomId)));

    private static async Task<IResult> Live(HttpContext context, string label, Func<Task<string>> count)
    {
        try
        {
            return Picture(context, BadgePicture.Of(label, await count()), LiveSeconds);
        }
        catch (Fault fault) when (fault.Status == 404)
        {
            Head(context, LiveSeconds);
            return TypedResults.Text(BadgePicture.Nothing(label), "image/svg+xml; charset=utf-8", Encoding.UTF8, StatusCodes.Status404NotFound);
        }
    }

    private static IResult Picture(HttpContext context, string svg, int seconds)
    {
        Head(context, seconds);
        var bytes = Encoding.UTF8.GetBytes(svg);
        return TypedResults.Bytes(bytes, "image/svg+xml; charset=utf-8",
            entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..20]}\""));
    }

    private static void Head(HttpContext context, int seconds)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = $"public, max-age={seconds}";
        headers.ContentSecurityPolicy = ContentPolicy.Picture;
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
    }
}

/// <summary>The two fields of a badge; what is too long for one is cut.</summary>
internal sealed record BadgeWords(string? Label, string? Value) : IReadFields<BadgeWords>
{
    private const int LengthMax = 2_000;

    public static BadgeWords Read(Fields fields) => new(Filled(fields.Text("label", LengthMax)), Filled(fields.Text("value", LengthMax)));

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
