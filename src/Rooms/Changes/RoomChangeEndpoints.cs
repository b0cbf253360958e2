using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity.Agents;
using Remix.Platform.Http;
using Remix.Platform.Limits;

namespace Remix.Rooms.Changes;

/// <summary>Changing a room: its settings, what it announces, how far its work is.</summary>
internal static class RoomChangeEndpoints
{
    private static readonly RateLimit VisibilityChanges = RateLimit.PerMinute("visibility changes", RateLimitPer.User, 30);
    private static readonly RateLimit Updates = RateLimit.PerMinute("room updates", RateLimitPer.User, 30);
    private static readonly RateLimit Announcements = RateLimit.PerMinute("announcements", RateLimitPer.Agent, 10);
    private static readonly RateLimit Reports = RateLimit.PerMinute("progress reports", RateLimitPer.Agent, 20);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var room = routes.MapGroup("/rooms/{owner}/{room}").WithTags("rooms");
        room.MapPost("/visibility", ChangeVisibility).Needs(TokenKind.UserOrAgent).Limited(VisibilityChanges)
            .WithSummary("Change visibility, texts, tags, policies; only who made the room");
        room.MapPatch("", Update).Needs(TokenKind.User).Limited(Updates).WithSummary("Change name, description, tags, config; only the owner");
        room.MapPost("/announce", Announce).Needs(TokenKind.UserOrAgent).Limited(Announcements)
            .WithSummary("Set the announcement, the topic, or both");
        room.MapPost("/progress", Report).Needs(TokenKind.UserOrAgent).Limited(Reports)
            .WithSummary("Say how far the work is; merged with what was said");
    }

    private static async Task<RoomView> ChangeVisibility(RoomScope scope, Body<ChangeRoom> body, RoomStore rooms, RoomChanges changes)
    {
        scope.RequireKeeper(await rooms.Find(scope.RoomId));
        scope.RequireNotArchived();
        return RoomView.Of(await changes.Change(scope.RoomId, body.Value, scope.Caller.Name), scope.Role);
    }

    private static async Task<RoomView> Update(RoomScope scope, Body<UpdateRoom> body, RoomChanges changes)
    {
        scope.RequireOwner();
        scope.RequireNotArchived();
        return RoomView.Of(await changes.Update(scope.RoomId, body.Value, scope.Caller.Name), scope.Role);
    }

    private static async Task<AnnouncedView> Announce(RoomScope scope, Body<Announce> body, RoomChanges changes)
    {
        scope.Require(RoomRole.Moderator, AgentAction.Manage);
        scope.RequireNotArchived();
        var room = await changes.Announce(scope.RoomId, body.Value, scope.Caller.Name);
        return new AnnouncedView(true, room.RoomId, room.Announcement, room.Topic);
    }

    private static async Task<ProgressView> Report(RoomScope scope, Body<ReportProgress> body, RoomChanges changes)
    {
        scope.Require(RoomRole.Member, AgentAction.Manage);
        scope.RequireNotArchived();
        var room = await changes.Progress(scope.RoomId, body.Value, scope.Caller.Name);
        return new ProgressView(true, room.RoomId, room.Progress);
    }
}

internal sealed record AnnouncedView(bool Ok, string RoomId, string? Announcement, string? Topic);

internal sealed record ProgressView(bool Ok, string RoomId, JsonElement? Progress);
