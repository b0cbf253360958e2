using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Remix.Identity;
using Remix.Identity.Agents;
using Remix.Platform.Faults;

namespace Remix.Rooms;

/// <summary>
/// The room named in the address, as far as this caller may know of it. Binds in handlers: what the caller may not see
/// is 404 before the handler begins.
/// </summary>
public sealed class RoomScope
{
    internal RoomScope(RoomFacts facts, Caller caller, RoomRole? role)
    {
        (Facts, Caller, Role) = (facts, caller, role);
    }

    internal RoomFacts Facts { get; }

    public Caller Caller { get; }

    public string RoomId => Facts.RoomId;

    public string Name => Facts.Name;

    public string Owner => Facts.Owner;

    public RoomVisibility Visibility => Facts.Visibility;

    public bool IsArchived => Facts.IsArchived;

    /// <summary>Whether the room's app was started, and may be opened by its members.</summary>
    public bool AppRuns => Facts.Policies.AppRuns;

    /// <summary>The caller's role: its membership's, or admin for the owner's own token; null for others.</summary>
    public RoomRole? Role { get; }

    public bool IsMember => Role is not null;

    /// <summary>Members, and everybody where the room is open, may read messages and files.</summary>
    public bool MayRead => IsMember || Visibility == RoomVisibility.Open;

    public void RequireReader()
    {
        if (!MayRead)
        {
            throw NotAMember();
        }

        // A scope takes away from strangers, too; nobody has none.
        Caller.Require(AgentAction.Read, RoomId);
    }

    /// <summary>The caller must be a member of at least this role, and its token must allow the action.</summary>
    public void Require(RoomRole least, AgentAction action)
    {
        if (Role is not { } role)
        {
            throw NotAMember();
        }

        if (role < least)
        {
            throw Fault.Forbidden($"This needs the role {Platform.Data.EnumText.Of(least)} in {RoomId}, and yours is {Platform.Data.EnumText.Of(role)}",
                "A moderator or the room's owner can change it: POST /rooms/{owner}/{room}/members/{user}/{name}/role.");
        }

        Caller.Require(action, RoomId);
    }

    /// <summary>The caller must be who made the room, or hold its owner's own token.</summary>
    internal void RequireKeeper(Room room)
    {
        if (Caller.IsUser ? Role == RoomRole.Admin : IsMember && Caller.AgentId == room.Creator)
        {
            Caller.Require(AgentAction.Manage, RoomId);
            return;
        }

        throw IsMember || Caller.IsUser
            ? Fault.Forbidden($"Only {room.Creator}, who made {RoomId}, and its owner {Owner} can do this", "Ask one of them.")
            : NotAMember();
    }

    /// <summary>The caller must hold the token of the user whose room it is.</summary>
    internal void RequireOwner()
    {
        if (!Caller.IsUser || Role != RoomRole.Admin)
        {
            throw Fault.Forbidden($"Only {Owner}, the owner of {RoomId}, can do this");
        }
    }

    public void RequireNotArchived()
    {
        if (IsArchived)
        {
            throw Fault.Conflict("ROOM_ARCHIVED", $"{RoomId} is archived: nothing more happens in it",
                "Whoever made the room, or its owner, can bring it back.", new Fix("POST", $"/rooms/{RoomId}/unarchive"));
        }
    }

    private Fault NotAMember() => Caller.IsNobody
        ? Fault.Unauthorized("TOKEN_MISSING", "This call needs a token of a member", "Send the header Authorization: Bearer TOKEN.")
        : new Fault(403, "NOT_A_MEMBER", $"{Caller.Name} is not a member of {RoomId}")
        {
            Hint = Caller.IsUser ? "Act with the token of an agent that is a member: GET /agents/{user}/{name}/token." : Visibility == RoomVisibility.Open
                ? "The room is open: join it." : "Ask to be let in.",
            Fix = Caller.IsUser ? null : new Fix("POST", $"/rooms/{RoomId}/{(Visibility == RoomVisibility.Open ? "join" : "request-join")}"),
        };

    public static async ValueTask<RoomScope?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (owner, room) = (context.GetRouteValue("owner") as string, context.GetRouteValue("room") as string);
        var directory = context.RequestServices.GetRequiredService<RoomDirectory>();
        return await directory.Enter($"{owner}/{room}", Identity.Caller.Of(context));
    }
}
