using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;

namespace Remix.Rooms.Changes;

/// <summary>Archiving a room and bringing it back; deleting it for good.</summary>
internal static class RoomEndingEndpoints
{
    private static readonly RateLimit Archivings = RateLimit.PerMinute("archiving rooms", RateLimitPer.User, 30);
    private static readonly RateLimit Deletions = RateLimit.PerMinute("room deletions", RateLimitPer.User, 10);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var room = routes.MapGroup("/rooms/{owner}/{room}").WithTags("rooms");
        room.MapPost("/archive", Archive).Needs(TokenKind.UserOrAgent).Limited(Archivings)
            .WithSummary("Hide a room and let nothing more happen in it; reversible");
        room.MapPost("/unarchive", Unarchive).Needs(TokenKind.UserOrAgent).Limited(Archivings).WithSummary("Bring an archived room back");
        room.MapDelete("", Delete).Needs(TokenKind.User).Limited(Deletions).WithSummary("Delete a room with all that is in it; platform admins only");
    }

    private static Task<ArchivedRoomView> Archive(RoomScope scope, RoomStore rooms, RoomChanges changes) => Set(scope, true, rooms, changes);

    private static Task<ArchivedRoomView> Unarchive(RoomScope scope, RoomStore rooms, RoomChanges changes) => Set(scope, false, rooms, changes);

    private static async Task<ArchivedRoomView> Set(RoomScope scope, bool archived, RoomStore rooms, RoomChanges changes)
    {
        scope.RequireKeeper(await rooms.Find(scope.RoomId));
        var room = await changes.Archive(scope.RoomId, archived, scope.Caller.Name);
        return new ArchivedRoomView(true, room.RoomId, room.ArchivedAt is not null);
    }

    private static async Task<OkView> Delete(RoomScope scope, RoomErasure erasure)
    {
        if (!scope.Caller.IsPlatformAdmin)
        {
            throw Fault.Forbidden("Only a platform admin can delete a room", "Archive it instead: it is hidden, and can be brought back.",
                new Fix("POST", $"/rooms/{scope.RoomId}/archive"));
        }

        await erasure.Delete(scope.RoomId, scope.Caller.Name);
        return new OkView(true);
    }
}

internal sealed record ArchivedRoomView(bool Ok, string RoomId, bool Archived);
