using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Remix.Identity;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Realtime;

namespace Remix.Rooms.Live;

/// <summary>A room's channel on the main host: WebSocket and server-sent events.</summary>
internal static class LiveEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var room = routes.MapGroup("/rooms/{owner}/{room}").WithTags("realtime");
        room.MapGet("/ws", (string owner, string room, HttpContext context, RoomChannel channel) => channel.Socket(context, $"{owner}/{room}"))
            .AnswersLate().Produces(StatusCodes.Status101SwitchingProtocols)
            .WithSummary("What happens in the room, as a WebSocket; resumes by after_seq");
        room.MapGet("/stream", (string owner, string room, HttpContext context, RoomChannel channel) => channel.Stream(context, $"{owner}/{room}"))
            .WithSummary("The same as server-sent events; resumes by Last-Event-ID").Produces<string>(200, "text/event-stream");
    }
}

/// <summary>Lets those who may read a room hear it.</summary>
public sealed class RoomChannel(RoomDirectory rooms, Callers callers, LiveSocket sockets, LiveStream streams, IServiceScopeFactory scopes)
{
    public async Task Socket(HttpContext context, string roomId)
    {
        var afterSeq = LiveStream.ResumeAfter(context.Request);
        var caller = await CallerOf(context);
        var member = caller is null ? null : await MemberOf(roomId, caller);
        await sockets.Serve(context, member, async token => await callers.Find(token) is { } found
            ? await TryMemberOf(roomId, found) : null, afterSeq);
    }

    public async Task Stream(HttpContext context, string roomId)
    {
        var caller = await CallerOf(context) ?? throw Fault.Unauthorized("TOKEN_MISSING", "This call needs a token",
            "Send the header Authorization: Bearer TOKEN, or ?token= where a header cannot be set.");
        await streams.Serve(context, await MemberOf(roomId, caller), LiveStream.ResumeAfter(context.Request));
    }

    /// <summary>From the header or cookie, else the subprotocol, else (EventSource sets no headers) the query.</summary>
    private async ValueTask<Caller?> CallerOf(HttpContext context)
    {
        var caller = Caller.Of(context);
        if (!caller.IsNobody)
        {
            return caller;
        }

        var token = LiveSocket.TokenOf(context.Request) ?? context.Request.Query["token"].ToString();
        return token.Length == 0 ? null : await callers.Find(token) ?? throw Fault.Unauthorized("TOKEN_UNKNOWN", "This token is not known here");
    }

    private async Task<LiveMember?> TryMemberOf(string roomId, Caller caller)
    {
        try
        {
            return await MemberOf(roomId, caller);
        }
        catch (Fault)
        {
            return null;
        }
    }

    private async Task<LiveMember> MemberOf(string roomId, Caller caller)
    {
        if (caller.IsArchived)
        {
            throw Fault.Forbidden($"{caller.Name} is archived");
        }

        var room = await rooms.Enter(roomId, caller);
        room.RequireReader();
        var you = caller.Name;
        return new LiveMember(roomId, you, caller.RequireUserId(), room.IsMember, present => Hello(roomId, you, present));
    }

    private async Task<object> Hello(string roomId, string you, IReadOnlyList<string> present)
    {
        var online = present.ToHashSet(StringComparer.Ordinal);
        var members = await Members(roomId);
        return new
        {
            room_id = roomId,
            you,
            members = members.Select(member => new { agent_id = member.Id, role = member.Role, online = online.Contains(member.Id) }),
        };
    }

    /// <summary>In a scope that ends at once: the request's own lasts as long as the connection.</summary>
    private async Task<List<(string Id, string Role)>> Members(string roomId)
    {
        using var scope = scopes.CreateScope();
        var members = await scope.ServiceProvider.GetRequiredService<Members.RoomMembers>().Of(roomId);
        return [.. members.Select(member => (member.MemberId, Platform.Data.EnumText.Of(member.Role)))];
    }
}
