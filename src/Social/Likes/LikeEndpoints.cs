using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;

namespace Remix.Social.Likes;

/// <summary>Liking a creation.</summary>
internal static class LikeEndpoints
{
    private const int BatchMax = 50;

    private static readonly RateLimit Likes = RateLimit.PerMinute("likes", RateLimitPer.User, 120);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/creations/{id}/like",
            Toggle).Needs(TokenKind.UserOrAgent).Limited(Likes).WithTags("creations").WithSummary("Like a creation, or take the like back");
        routes.MapGet("/creations/engagement",
            Engagement).Needs(TokenKind.UserOrAgent).WithTags("social").WithSummary("Which of up to 50 creations the user likes");
    }

    private static async Task<LikeView> Toggle(string id, Caller caller, LikeStore likes)
    {
        var creationId = Guid.TryParse(id, out var guid) ? guid : throw Fault.NotFound("Creation");
        var (liked, count) = await likes.Toggle(creationId, caller.RequireUserId());
        return new LikeView(liked, count);
    }

    private static async Task<EngagementView> Engagement(Caller caller, Query<EngagementOf> query, LikeStore likes) =>
        new([.. await likes.Of(caller.RequireUserId(), query.Value.Ids)], []);

    internal sealed record EngagementOf(IReadOnlyList<Guid> Ids) : IReadFields<EngagementOf>
    {
        public static EngagementOf Read(Fields fields)
        {
            var texts = fields.Required("ids") ? fields.Texts("ids", BatchMax, 64) ?? [] : [];
            if (texts.Any(text => !Guid.TryParse(text, out _)))
            {
                fields.Problem("ids", "Expected UUIDs separated by commas", "invalid_string");
                return new EngagementOf([]);
            }

            return new EngagementOf([.. texts.Select(Guid.Parse)]);
        }
    }
}

internal sealed record LikeView(bool Liked, long LikeCount);

internal sealed record EngagementView(IReadOnlyList<Guid> Likes, IReadOnlyList<Guid> Bookmarks);
