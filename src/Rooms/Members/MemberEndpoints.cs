using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Text;

namespace Remix.Rooms.Members;

/// <summary>Getting into a room, out of it, and what one is in it.</summary>
internal static class MemberEndpoints
{
    internal static readonly RateLimit Joins = RateLimit.PerMinute("joins", RateLimitPer.Agent, 30);
    private static readonly RateLimit Leaves = RateLimit.PerMinute("leaves", RateLimitPer.Agent, 30);
    private static readonly RateLimit Invites = RateLimit.PerMinute("invites", RateLimitPer.User, 20);
    private static readonly RateLimit RoleChanges = RateLimit.PerMinute("role changes", RateLimitPer.User, 30);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var room = routes.MapGroup("/rooms/{owner}/{room}").WithTags("rooms");
        room.MapPost("/join", Join).Needs(TokenKind.Agent).Limited(Joins).WithSummary("Join an open room");
        room.MapPost("/leave", Leave).Needs(TokenKind.Agent).Limited(Leaves).WithSummary("Leave a room");
        room.MapPost("/invite", Invite).Needs(TokenKind.UserOrAgent).Limited(Invites).WithSummary("Make agents members");
        room.MapGet("/members", Members).Needs(TokenKind.UserOrAgent).WithSummary("The members and their roles");
        room.MapPost("/members/{user}/{name}/role",
            ChangeRole).Needs(TokenKind.UserOrAgent).Limited(RoleChanges).WithSummary("Change a member's role");
        room.MapDelete("/members/{user}/{name}", Remove).Needs(TokenKind.UserOrAgent).Limited(RoleChanges)
            .WithSummary("Take a member out of the room; moderators, and only those below them");
    }

    private static async Task<JoinedView> Join(RoomScope room, RoomMembers members, RoomStore rooms)
    {
        room.RequireNotArchived();
        room.Caller.Require(AgentAction.Join, room.RoomId);
        if (!room.IsMember && (room.Facts.Policies.Join != JoinPolicy.Open || room.Visibility != RoomVisibility.Open))
        {
            throw Closed(room) ?? Fault.Forbidden($"{room.RoomId} is not open to join", "Ask to be let in.",
                new Fix("POST", $"/rooms/{room.RoomId}/request-join"));
        }

        await members.Join(room.RoomId, room.Caller.RequireAgentId(), room.Facts.Policies.DefaultRole);
        var joined = await rooms.Find(room.RoomId);
        return new JoinedView(true, joined.RoomId, joined.Topic, joined.Goals, joined.Rules, joined.Readme,
            $"Read the room's instructions first: GET /rooms/{joined.RoomId}/files/README.md. Then follow what happens: the WebSocket at /rooms/{joined.RoomId}/ws.");
    }

    /// <summary>What the join policy says to who is not invited; null when it leaves it to the visibility.</summary>
    internal static Fault? Closed(RoomScope room) => room.Facts.Policies.Join switch
    {
        JoinPolicy.None => Fault.Forbidden($"{room.RoomId} takes no new members", "Its join_policy is none."),
        JoinPolicy.Invite => Fault.Forbidden($"One comes into {room.RoomId} by invitation only",
            $"Its join_policy is invite: ask its owner, {room.Owner}, to invite you."),
        _ => null,
    };

    private static async Task<OkView> Leave(RoomScope room, RoomMembers members)
    {
        var member = await members.Find(room.RoomId, room.Caller.RequireAgentId());
        await members.TakeOut(member, member.MemberId);
        return new OkView(true);
    }

    private static async Task<InvitedView> Invite(RoomScope room, Body<InviteAgents> body, RoomMembers members,
        RoomStore rooms, AgentDirectory directory)
    {
        room.RequireNotArchived();
        room.Require(RoomRole.Readonly, AgentAction.Invite);
        if (!room.Facts.Policies.MayInvite(room.Role!.Value) || room.Facts.Policies.Join == JoinPolicy.None)
        {
            throw Fault.Forbidden($"{room.RoomId} does not let you invite", room.Facts.Policies.Join == JoinPolicy.None
                ? "Its join_policy is none: nobody can become a member."
                    : "Its invite_policy names who may: admins and moderators unless it says otherwise.");
        }

        var wish = body.Value;
        if (wish.Role == RoomRole.Moderator && room.Role < RoomRole.Admin)
        {
            throw Fault.Forbidden("Only the room's admin can invite moderators");
        }

        var existing = await directory.Existing(wish.Agents);
        var missing = wish.Agents.Where(agentId => !existing.Contains(agentId)).ToArray();
        if (existing.Count == 0)
        {
            throw new Fault(404, "AGENTS_NOT_FOUND",
                $"There is no agent {string.Join(", ", missing)}")
            { Hint = "Agents are named user/name; GET /users/{user_id}/agents lists yours." };
        }

        var target = await rooms.Find(room.RoomId);
        var invited = await members.Invite(room.RoomId, [.. existing.Order(StringComparer.Ordinal)], wish.Role,
            wish.Participation, wish.Task, room.Caller.Name,
            added => RoomInvitation.Of(target, added, room.Caller.Name, wish.Participation, wish.Task));
        return new InvitedView(true, room.RoomId, invited, [.. existing.Except(invited,
            StringComparer.Ordinal).Order(StringComparer.Ordinal)], missing);
    }

    private static async Task<ListView<MemberView>> Members(RoomScope room, RoomMembers members, AgentDirectory directory)
    {
        room.RequireReader();
        var all = await members.Of(room.RoomId);
        var cards = await directory.Cards([.. all.Select(member => member.MemberId)]);
        return new ListView<MemberView>([.. all.Select(member => MemberView.Of(member,
            cards.GetValueOrDefault(member.MemberId)))], all.Count, all.Count, false);
    }

    private static async Task<RoleView> ChangeRole(RoomScope room, string user, string name, Body<ChangeRole> body, RoomMembers members)
    {
        room.Require(RoomRole.Admin, AgentAction.Manage);
        room.RequireNotArchived();
        var member = await members.Find(room.RoomId, $"{user}/{name}");
        if (member.Role == RoomRole.Admin)
        {
            throw Fault.Forbidden("The admin's role cannot be changed");
        }

        await members.ChangeRole(member, body.Value.Role, room.Caller.Name);
        return new RoleView(true, room.RoomId, member.MemberId, member.Role);
    }

    private static async Task<OkView> Remove(RoomScope room, string user, string name, RoomMembers members)
    {
        room.Require(RoomRole.Moderator, AgentAction.Moderate);
        room.RequireNotArchived();
        var member = await members.Find(room.RoomId, $"{user}/{name}");
        if (member.MemberId == room.Caller.Name)
        {
            throw Fault.BadRequest("LEAVE_INSTEAD", "Nobody takes itself out of a room", "Leave it.", new Fix("POST", $"/rooms/{room.RoomId}/leave"));
        }

        // The owner's own token may take out even the agent that made the room.
        if (member.Role >= room.Role && !room.Caller.IsUser)
        {
            throw Fault.Forbidden($"{member.MemberId} is {EnumText.Of(member.Role)}, and one takes out only those below oneself",
                $"The room's owner, {room.Owner}, can.");
        }

        await members.TakeOut(member, room.Caller.Name);
        return new OkView(true);
    }
}

internal sealed record InviteAgents(string[] Agents, RoomRole Role, Participation Participation, string? Task) : IReadFields<InviteAgents>
{
    private const int TaskLengthMax = 5_000;

    public static InviteAgents Read(Fields fields)
    {
        var agents = fields.Required("agents") ? fields.Texts("agents", RoomMember.InvitedAtOnceMax, 2 * Names.LengthMax + 1) ?? [] : [];
        foreach (var agent in agents.Where(agent => agent.Length > 0 && !Names.IsPair(agent)))
        {
            fields.Problem("agents", $"'{agent}' must be user/name, for example oeway/atlas", "invalid_string");
        }

        if (fields.Has("agents") && agents.Length == 0)
        {
            fields.Problem("agents", "Array must contain at least 1 element", "too_small");
        }

        var role = fields.Choice("role", RoomRole.Admin) ?? RoomRole.Member;

        return new InviteAgents([.. agents.Distinct(StringComparer.Ordinal)], role,
            fields.Choice<Participation>("participation") ?? Participation.Resident, fields.Text("task", TaskLengthMax));
    }
}

internal sealed record ChangeRole(RoomRole Role) : IReadFields<ChangeRole>
{
    public static ChangeRole Read(Fields fields)
    {
        fields.Required("role");
        return new ChangeRole(fields.Choice("role", RoomRole.Admin) ?? RoomRole.Member);
    }
}

internal sealed record JoinedView(bool Ok, string Room, string? Topic, string? Goals, string? Rules, string? Readme, string Hint);

internal sealed record InvitedView(bool Ok, string RoomId, IReadOnlyList<string> Invited,
    IReadOnlyList<string> AlreadyMembers, IReadOnlyList<string> NotFound);

internal sealed record RoleView(bool Ok, string RoomId, string AgentId, RoomRole Role);

internal sealed record MemberView(string AgentId, string UserId, string Name, RoomRole Role,
    Participation Participation, string? Task, string? InvitedBy, string[] Capabilities, bool Online, DateTime JoinedAt)
{
    public static MemberView Of(RoomMember member, AgentCard? card) => new(
        member.MemberId, member.UserId, card?.Name ?? member.MemberId, member.Role, member.Participation,
            member.Task, member.InvitedBy, card?.Capabilities ?? [], card?.Online ?? false,
        member.JoinedAt.ToTime());
}
