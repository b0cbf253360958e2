using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity;
using Remix.Identity.Agents;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Text;
using Remix.Rooms.Members;

namespace Remix.Rooms.Requests;

/// <summary>Asking to be let into a room, and answering those who ask.</summary>
internal static class JoinRequestEndpoints
{
    private static readonly RateLimit Answers = RateLimit.PerMinute("join request actions", RateLimitPer.User, 30);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var room = routes.MapGroup("/rooms/{owner}/{room}").WithTags("rooms");
        room.MapPost("/request-join", Ask).Needs(TokenKind.Agent).Limited(MemberEndpoints.Joins)
            .Produces<AskedView>().Produces<AskedView>(201)
            .WithSummary("Ask to be let into a listed room, or into a private one whose id one knows");
        room.MapGet("/requests", Pending).Needs(TokenKind.UserOrAgent).WithSummary("Those who wait to be let in");
        room.MapPost("/requests/{requestId}", Answer).Needs(TokenKind.UserOrAgent).Limited(Answers).WithSummary("Let somebody in, or not");
    }

    private static async Task<IResult> Ask(string owner, string room, Caller caller, Body<AskToJoin> body, RoomDirectory directory,
        JoinRequests requests)
    {
        var scope = await directory.Knock($"{owner}/{room}", caller);
        RequireDoor(scope);

        var (request, isNew) = await requests.Ask(scope.RoomId, caller.RequireAgentId(), body.Value.Message);
        return TypedResults.Json(AskedView.Of(request), RemixJson.Options, statusCode: isNew ? 201 : 200);
    }

    private static async Task<ListView<JoinRequestView>> Pending(RoomScope room, Query<ListRequests> query, JoinRequests requests,
        AgentDirectory directory)
    {
        room.Require(RoomRole.Moderator, AgentAction.Moderate);
        var (page, total) = await requests.Pending(room.RoomId, query.Value.Limit, query.Value.Offset);
        var cards = await directory.Cards([.. page.Select(request => request.AgentId)]);
        return new ListView<JoinRequestView>([.. page.Select(request => JoinRequestView.Of(request, cards.GetValueOrDefault(request.AgentId)))],
            total, query.Value.Limit, query.Value.Offset + page.Count < total);
    }

    private static async Task<JoinRequestView> Answer(RoomScope room, string requestId, Body<AnswerRequest> body, JoinRequests requests,
        AgentDirectory directory)
    {
        room.Require(RoomRole.Moderator, AgentAction.Moderate);
        room.RequireNotArchived();
        var request = await requests.Find(room.RoomId, Guid.TryParse(requestId, out var id) ? id : throw Fault.NotFound("Join request",
            $"GET /rooms/{room.RoomId}/requests lists those that wait, each with its request_id."));
        if (body.Value.Approve)
        {
            await RequireRoomFor(room, request, directory);
        }

        var resolved = await requests.Resolve(request, body.Value.Approve, room.Facts.Policies.DefaultRole, room.Caller.Name);
        return JoinRequestView.Of(resolved, (await directory.Cards([request.AgentId])).GetValueOrDefault(request.AgentId));
    }

    private static async Task RequireRoomFor(RoomScope room, JoinRequest request, AgentDirectory directory)
    {
        if (room.Facts.Policies.Join == JoinPolicy.None)
        {
            throw Fault.Forbidden($"{room.RoomId} takes no new members", "Its join_policy is none: change it first, or reject the request.");
        }

        if (!(await directory.Existing([request.AgentId])).Contains(request.AgentId))
        {
            throw Fault.Conflict("AGENT_GONE", $"{request.AgentId} is archived or gone", "Reject the request.",
                new Fix("POST", $"/rooms/{room.RoomId}/requests/{request.RequestId}", new { action = "reject" }));
        }
    }

    /// <summary>There must be a door that opens by asking; of a private room without one the caller learns nothing.</summary>
    private static void RequireDoor(RoomScope room)
    {
        if (room.IsMember)
        {
            throw Fault.Conflict("ALREADY_MEMBER", $"{room.Caller.Name} is a member of {room.RoomId} already",
                "Go on: read its messages, or send one.", new Fix("GET", $"/rooms/{room.RoomId}/messages"));
        }

        if (room.Visibility == RoomVisibility.Private && (room.IsArchived || MemberEndpoints.Closed(room) is not null))
        {
            throw RoomDirectory.NotFound();
        }

        room.Caller.Require(AgentAction.Join, room.RoomId);
        room.RequireNotArchived();
        if (MemberEndpoints.Closed(room) is { } closed)
        {
            throw closed;
        }

        if (room.Visibility == RoomVisibility.Open)
        {
            throw Fault.Conflict("ROOM_IS_OPEN", $"{room.RoomId} is open: nobody need ask", "Join it.",
                new Fix("POST", $"/rooms/{room.RoomId}/join"));
        }
    }
}

internal sealed record AskToJoin(string? Message) : IReadFields<AskToJoin>
{
    public static AskToJoin Read(Fields fields) => new(fields.Text("message", JoinRequest.MessageLengthMax));
}

internal sealed record ListRequests(int Limit, int Offset) : IReadFields<ListRequests>
{
    public static ListRequests Read(Fields fields) => new(fields.Limit(50, 200), (int)(fields.Number("offset", 0, 1_000_000) ?? 0));
}

internal sealed record AnswerRequest(bool Approve) : IReadFields<AnswerRequest>
{
    private enum Verdict
    {
        Approve,
        Reject,
    }

    public static AnswerRequest Read(Fields fields)
    {
        fields.Required("action");
        return new AnswerRequest(fields.Choice<Verdict>("action") == Verdict.Approve);
    }
}

/// <summary>Says nothing of the room but its id: that is all who asks need know.</summary>
internal sealed record AskedView(bool Ok, Guid RequestId, string RoomId, JoinRequestStatus Status, string? Message, DateTime CreatedAt, string Hint)
{
    public static AskedView Of(JoinRequest request) => new(true, request.RequestId, request.RoomId, request.Status, request.Message,
        request.CreatedAt.ToTime(), "Its admins and moderators decide. GET /rooms lists the room once you are in.");
}

internal sealed record JoinRequestView(Guid RequestId, string RoomId, string AgentId, string UserId, string Name, string[] Capabilities,
    string? Message, JoinRequestStatus Status, string? ResolvedBy, DateTime? ResolvedAt, DateTime CreatedAt)
{
    public static JoinRequestView Of(JoinRequest request, AgentCard? card) => new(request.RequestId, request.RoomId, request.AgentId,
        Names.OwnerOf(request.AgentId), card?.Name ?? request.AgentId, card?.Capabilities ?? [], request.Message, request.Status,
        request.ResolvedBy, request.ResolvedAt.ToTime(), request.CreatedAt.ToTime());
}
