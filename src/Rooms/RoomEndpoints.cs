using System.Text.Json;
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
using Remix.Rooms.Studios;

namespace Remix.Rooms;

/// <summary>Rooms: create, read, list.</summary>
internal static class RoomEndpoints
{
    internal static readonly RateLimit Creations = RateLimit.PerMinute("room creation", RateLimitPer.Agent, 20);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var rooms = routes.MapGroup("").WithTags("rooms");
        rooms.MapPost("/rooms", Create).Needs(TokenKind.UserOrAgent).Limited(Creations).Produces<RoomView>(201)
            .WithSummary("Create a room");
        rooms.MapGet("/rooms", OfAgent).Needs(TokenKind.Agent).WithSummary("The rooms the agent is a member of");
        rooms.MapGet("/rooms/{owner}/{room}", Read).WithSummary("A room's details");
        rooms.MapGet("/templates", () => RoomTemplate.All).WithTags("ops").WithSummary("Presets for goals, rules and readme");
    }

    private static async Task<IResult> Create(Caller caller, Body<CreateRoom> body, RoomStore rooms, StudioStore studios,
        AgentDirectory directory, TimeProvider clock)
    {
        var wish = body.Value;
        await CheckNew(caller, wish.RoomId, wish.Name, wish.Invite, rooms, directory);
        await studios.RequireOwn(caller, wish.StudioId);
        var invited = wish.Invite.Where(agentId => agentId != caller.Name).ToArray();
        var template = RoomTemplate.All.FirstOrDefault(template => template.Id == wish.Template);
        var room = new Room
        {
            RoomId = wish.RoomId,
            Owner = caller.UserId!,
            Creator = caller.Name,
            Name = wish.Name ?? Names.LeafOf(wish.RoomId),
            Description = wish.Description,
            Readme = wish.Readme ?? template?.Readme,
            Goals = wish.Goals ?? template?.Goals,
            Rules = wish.Rules ?? template?.Rules,
            Topic = wish.Topic,
            Visibility = wish.Visibility,
            Encrypted = wish.Encrypted,
            Moderated = wish.Moderated,
            Tags = wish.Tags,
            Config = wish.Config ?? RoomPolicies.NoConfig,
            StudioId = wish.StudioId,
            MemberCount = 1 + invited.Length,
            CreatedAt = clock.NowMs(),
        };
        await rooms.Create(room, invited);
        return TypedResults.Json(RoomView.Of(room), RemixJson.Options, statusCode: 201);
    }

    /// <summary>Whether the caller may make a room of that name, and whether those invited to it are there.</summary>
    internal static async Task CheckNew(Caller caller, string roomId, string? name, string[] invite, RoomStore rooms, AgentDirectory directory)
    {
        if (Names.OwnerOf(roomId) != caller.UserId)
        {
            throw new Fault(403, "NOT_YOUR_NAMESPACE", $"{roomId} is not under your user id {caller.UserId}")
            {
                Hint = "A room's id starts with the id of the user that owns it.",
                Fix = new Fix("POST", "/rooms", new { room_id = $"{caller.UserId}/{Names.LeafOf(roomId)}", name = name ?? Names.LeafOf(roomId) }),
            };
        }

        caller.Require(AgentAction.Manage, roomId);
        if (invite.Any(agentId => agentId != caller.Name))
        {
            caller.Require(AgentAction.Invite, roomId);
        }

        var existing = await directory.Existing(invite);
        if (invite.FirstOrDefault(agentId => !existing.Contains(agentId)) is { } missing)
        {
            throw Fault.Invalid("invite", $"There is no agent {missing}");
        }

        if (await rooms.CountOwned(caller.UserId!) >= Room.PerUserMax)
        {
            throw Fault.Conflict("TOO_MANY_ROOMS", $"A user has at most {Room.PerUserMax} rooms", "Work in the ones there are.");
        }
    }

    private static async Task<ListView<RoomView>> OfAgent(Caller caller, Query<ListRooms> query, RoomStore rooms)
    {
        var (page, total) = await rooms.OfMember(caller, query.Value.IncludeArchived, query.Value.Limit, query.Value.Offset);
        return new ListView<RoomView>([.. page.Select(room => RoomView.Of(room))], total, query.Value.Limit, query.Value.Offset + page.Count < total);
    }

    private static async Task<RoomView> Read(RoomScope scope, RoomStore rooms)
    {
        if (scope.IsMember)
        {
            scope.Caller.Require(AgentAction.Read, scope.RoomId);
        }

        return RoomView.Of(await rooms.Find(scope.RoomId), scope.Role, scope.IsMember);
    }
}

internal sealed record CreateRoom(
    string RoomId, string? Name, string? Description, string? Readme, string? Goals, string? Rules, string? Topic, RoomVisibility Visibility,
    bool Encrypted, bool Moderated, string[] Tags, string[] Invite, string? Template, JsonElement? Config, string? StudioId) : IReadFields<CreateRoom>
{
    public static CreateRoom Read(Fields fields)
    {
        var template = fields.OneOf("template", [.. RoomTemplate.All.Select(known => known.Id)]);
        var invite = fields.Texts("invite", RoomMember.InvitedAtOnceMax, 2 * Names.LengthMax + 1) ?? [];
        foreach (var agent in invite.Where(agent => !Names.IsPair(agent)))
        {
            fields.Problem("invite", $"'{agent}' must be user/name, for example oeway/atlas", "invalid_string");
        }

        return new CreateRoom(
            fields.RequiredName("room_id", pair: true, "oeway/lab"),
            fields.Text("name", Room.NameLengthMax, 1),
            fields.Text("description", Room.DescriptionLengthMax),
            fields.Text("readme", Room.TextLengthMax),
            fields.Text("goals", Room.TextLengthMax),
            fields.Text("rules", Room.TextLengthMax),
            fields.Text("topic", Room.TopicLengthMax),
            fields.Choice<RoomVisibility>("visibility") ?? RoomVisibility.Private,
            fields.Truth("encrypted") ?? false,
            fields.Truth("moderated") ?? false,
            fields.Texts("tags", Room.TagsMax, Room.TagLengthMax) ?? [],
            [.. invite.Distinct(StringComparer.Ordinal)],
            template,
            RoomPolicies.Read(fields),
            Studio.ReadId(fields, "studio_id"));
    }
}

internal sealed record ListRooms(bool IncludeArchived, int Limit, int Offset) : IReadFields<ListRooms>
{
    public static ListRooms Read(Fields fields) => new(
        fields.Truth("include_archived") ?? false, fields.Limit(50, 200), (int)(fields.Number("offset", 0, 1_000_000) ?? 0));
}
