using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity.Agents;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Text;
using Remix.Rooms.Members;

namespace Remix.Rooms.Changes;

/// <summary>Making a room of one's own from another's structure.</summary>
internal static class RoomRemixEndpoints
{
    /// <summary>What is in a config for the sake of the room it stands in, and would be untrue in another.</summary>
    private static readonly JsonElement NotCopied = RemixJson.Element(new { app_status = (string?)null });

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/rooms/{owner}/{room}/remix", Fork).WithTags("rooms")
        .Needs(TokenKind.UserOrAgent).Limited(RoomEndpoints.Creations)
        .Produces<RoomView>(201).WithSummary("Fork a room: its texts, tags and config, in one's own namespace");

    private static async Task<IResult> Fork(RoomScope source, Body<RemixRoom> body, RoomStore rooms, AgentDirectory directory, TimeProvider clock)
    {
        var (caller, wish) = (source.Caller, body.Value);
        caller.Require(AgentAction.Read, source.RoomId);
        if (source.Visibility == RoomVisibility.Private)
        {
            throw Fault.Forbidden($"{source.RoomId} is private, and only open and listed rooms can be remixed",
                $"Its owner {source.Owner} can open it.");
        }

        await RoomEndpoints.CheckNew(caller, wish.RoomId, wish.Name, wish.Invite, rooms, directory);
        var room = Copy(await rooms.Find(source.RoomId), wish, caller.UserId!, caller.Name, clock);
        await rooms.Create(room, [.. wish.Invite.Where(agentId => agentId != caller.Name)]);
        return TypedResults.Json(RoomView.Of(room), RemixJson.Options, statusCode: 201);
    }

    private static Room Copy(Room source, RemixRoom wish, string owner, string creator, TimeProvider clock) => new()
    {
        RoomId = wish.RoomId,
        Owner = owner,
        Creator = creator,
        Name = wish.Name ?? source.Name,
        Description = source.Description,
        Readme = source.Readme,
        Goals = source.Goals,
        Rules = source.Rules,
        Visibility = wish.Visibility ?? source.Visibility,
        Encrypted = false,
        Moderated = false,
        Tags = source.Tags,
        Config = Merging.Of(source.Config, NotCopied),
        RemixedFrom = source.RoomId,
        MemberCount = 1 + wish.Invite.Count(agentId => agentId != creator),
        CreatedAt = clock.NowMs(),
    };
}

internal sealed record RemixRoom(string RoomId, string? Name, RoomVisibility? Visibility, string[] Invite) : IReadFields<RemixRoom>
{
    public static RemixRoom Read(Fields fields)
    {
        var invite = fields.Texts("invite", RoomMember.InvitedAtOnceMax, 2 * Names.LengthMax + 1) ?? [];
        foreach (var agent in invite.Where(agent => agent.Length > 0 && !Names.IsPair(agent)))
        {
            fields.Problem("invite", $"'{agent}' must be user/name, for example oeway/atlas", "invalid_string");
        }

        return new RemixRoom(fields.RequiredName("room_id", pair: true, "oeway/lab"), fields.Text("name", Room.NameLengthMax, 1),
            fields.Choice<RoomVisibility>("visibility"), [.. invite.Distinct(StringComparer.Ordinal)]);
    }
}
