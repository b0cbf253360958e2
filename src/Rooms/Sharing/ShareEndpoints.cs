using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity.Agents;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Settings;
using Remix.Platform.Text;

namespace Remix.Rooms.Sharing;

/// <summary>Letting somebody read a room without an account: making links, revoking them, reading by one.</summary>
internal static class ShareEndpoints
{
    private static readonly RateLimit Sharing = RateLimit.PerMinute("sharing", RateLimitPer.Agent, 30);
    private static readonly RateLimit Reading = RateLimit.PerMinute("reading shared rooms", RateLimitPer.Address, 120);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var room = routes.MapGroup("/rooms/{owner}/{room}").WithTags("sharing");
        room.MapPost("/share", Create).Needs(TokenKind.UserOrAgent).Limited(Sharing).Produces<ShareView>(201)
            .WithSummary("Make a link under which anybody can read the room");
        room.MapGet("/share", List).Needs(TokenKind.UserOrAgent).WithSummary("The room's share links");
        room.MapDelete("/share/{shareToken}", Revoke).Needs(TokenKind.UserOrAgent).Limited(Sharing).WithSummary("Revoke a share link");
        room.MapGet("/view/json", Read).Limited(Reading).WithSummary("The messages of a shared room, for who holds the link");
    }

    private static async Task<IResult> Create(RoomScope room, Body<CreateShare> body,
        RoomShares shares, TimeProvider clock, RemixSettings settings, HttpRequest request)
    {
        room.Require(RoomRole.Member, AgentAction.Invite);
        var share = await shares.Create(room, body.Value);
        return TypedResults.Json(ShareView.Of(share, PublicAddress.Base(settings, request), clock.NowMs()), RemixJson.Options, statusCode: 201);
    }

    private static async Task<ListView<ShareView>> List(RoomScope room, RoomShares shares, TimeProvider clock,
        RemixSettings settings, HttpRequest request)
    {
        room.Require(RoomRole.Moderator, AgentAction.Read);
        var all = await shares.Of(room.RoomId);
        var baseUrl = PublicAddress.Base(settings, request);
        return new ListView<ShareView>([.. all.Select(share => ShareView.Of(share, baseUrl, clock.NowMs()))], all.Count, RoomShare.PerRoomMax, false);
    }

    private static async Task<OkView> Revoke(RoomScope room, string shareToken, RoomShares shares)
    {
        room.Require(RoomRole.Moderator, AgentAction.Invite);
        await shares.Revoke(room, shareToken);
        return new OkView(true);
    }

    private static async Task<SharedRoomView> Read(string owner, string room, Query<ReadShared> query, SharedRooms shared, HttpResponse response)
    {
        var wish = query.Value;
        var page = await shared.Read($"{owner}/{room}", wish.Token, wish.Before, wish.After, wish.Limit);
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        response.Headers.CacheControl = "private, no-store";
        return SharedRoomView.Of(page, wish);
    }
}

internal sealed record ReadShared(string? Token, long? Before, long? After, int Limit) : IReadFields<ReadShared>
{
    public static ReadShared Read(Fields fields) => new(
        fields.Text("token", 200), fields.Time("before"), fields.Time("after"), fields.Limit(50, 200));
}

internal sealed record ShareView(string ShareToken, string Url, string JsonUrl, string Title, string CreatedBy, DateTime CreatedAt,
    DateTime? ExpiresAt, bool Expired)
{
    public static ShareView Of(RoomShare share, string baseUrl, long nowMs)
    {
        var address = $"{baseUrl}/rooms/{share.RoomId}/view";
        return new ShareView(share.Token, $"{address}?token={share.Token}", $"{address}/json?token={share.Token}", share.Title, share.CreatedBy,
            share.CreatedAt.ToTime(), share.ExpiresAt.ToTime(), share.ExpiresAt <= nowMs);
    }
}

/// <param name="Items">In the order in which they were said.</param>
/// <param name="HasMore">Whether there are more in the direction of reading: before the first, or with <c>after</c> past the last.</param>
internal sealed record SharedRoomView(string RoomId, string Title, string Name, string? Description, bool Encrypted, DateTime? ExpiresAt,
    IReadOnlyList<SharedMessageView> Items, long Total, int Limit, bool HasMore)
{
    public static SharedRoomView Of(SharedRoom room, ReadShared wish) => new(room.Share.RoomId, room.Share.Title, room.Name, room.Description,
        room.Encrypted, room.Share.ExpiresAt.ToTime(), [.. room.Messages.Select(SharedMessageView.Of)], room.Total, wish.Limit,
        wish.After is not null && wish.Before is null ? room.HasNewer : room.HasOlder);
}

/// <param name="Body">Null when it is encrypted.</param>
internal sealed record SharedMessageView(Guid MessageId, string Sender, string SenderName, string? Body, bool Encrypted, Guid? ReplyTo,
    DateTime CreatedAt, DateTime? EditedAt)
{
    public static SharedMessageView Of(SharedMessage message) => new(message.Id, message.Sender, message.SenderName, message.Text,
        message.Text is null, message.ReplyTo?.Id, message.CreatedAt.ToTime(), message.EditedAt.ToTime());
}
