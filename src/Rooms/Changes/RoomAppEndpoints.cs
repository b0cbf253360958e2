using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Rooms.Files;

namespace Remix.Rooms.Changes;

/// <summary>A room's own app: its working tree, opened to its members as it is, unpublished.</summary>
internal static class RoomAppEndpoints
{
    private const string EntryPoint = "index.html";
    private const string Worker = "worker.js";

    private static readonly RateLimit Changes = RateLimit.PerMinute("room apps", RateLimitPer.User, 30);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var app = routes.MapGroup("/rooms/{owner}/{room}/app").WithTags("files");
        app.MapPost("/start", Start).Needs(TokenKind.UserOrAgent).Limited(Changes).WithSummary("Let members open the room's app from its working tree");
        app.MapPost("/stop", Stop).Needs(TokenKind.UserOrAgent).Limited(Changes).WithSummary("Close the room's app");
    }

    private static async Task<RoomAppView> Start(RoomScope room, RoomChanges changes, RoomFiles files)
    {
        Require(room);
        if (await files.Find(room.RoomId, EntryPoint) is null)
        {
            throw Fault.Conflict("ENTRY_POINT_MISSING", $"{room.RoomId} has no {EntryPoint} for its app to begin with",
                "Upload it to the room's root, then start the app again.", new Fix("PUT", $"/rooms/{room.RoomId}/files/{EntryPoint}"));
        }

        if (await files.Find(room.RoomId, Worker) is not null)
        {
            throw Fault.Conflict("WORKER_NOT_SUPPORTED", $"This server serves a room's files, and does not run its {Worker}",
                $"Delete {Worker}, or keep it elsewhere, to start the app without a backend.");
        }

        return await Set(room, AppStatus.Running, changes);
    }

    private static Task<RoomAppView> Stop(RoomScope room, RoomChanges changes)
    {
        Require(room);
        return Set(room, AppStatus.Stopped, changes);
    }

    private static void Require(RoomScope room)
    {
        room.Require(RoomRole.Member, AgentAction.Manage);
        room.RequireNotArchived();
    }

    private static async Task<RoomAppView> Set(RoomScope room, AppStatus status, RoomChanges changes)
    {
        var config = RemixJson.Element(new Dictionary<string, string>(StringComparer.Ordinal) { [RoomPolicies.AppStatusField] = EnumText.Of(status) });
        await changes.Update(room.RoomId, new UpdateRoom(null, null, null, config, new HashSet<string>(StringComparer.Ordinal) { "config" }),
            room.Caller.Name);
        return new RoomAppView(true, room.RoomId, status);
    }
}

internal sealed record RoomAppView(bool Ok, string RoomId, AppStatus AppStatus);
