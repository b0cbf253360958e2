using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity;
using Remix.Identity.Agents;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Rooms.Messages;

namespace Remix.Rooms.Meetings;

/// <summary>Turning to one agent: in a room made for it, or in the one where the two talk by themselves.</summary>
internal static class MeetingEndpoints
{
    private static readonly RateLimit Meetings = RateLimit.PerMinute("meetings", RateLimitPer.Agent, 10);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var agents = routes.MapGroup("").WithTags("agents");
        agents.MapPost("/agents/{user}/{name}/meet", Meet).Needs(TokenKind.Agent).Limited(Meetings)
            .Produces<MeetingView>(201).WithSummary("Make a private room with an agent, and say the first word");
        agents.MapPost("/dm/{user}/{name}", Dm).Needs(TokenKind.Agent).Limited(Meetings)
            .WithSummary("Say something to one agent, in the room that the two have for it");
    }

    private static async Task<IResult> Meet(string user, string name, Caller caller, Body<BeginMeeting> body, MeetingStore meetings,
        AgentDirectory directory)
    {
        var target = await Target(caller, $"{user}/{name}", directory);
        RequireForm(body.Value.Encrypted, body.Value.Message);
        var (room, message) = await meetings.Meet(caller, target, body.Value);
        return TypedResults.Json(new MeetingView(true, room.RoomId, room.Name, target.AgentId, room.Encrypted,
            message is null ? null : MessageView.Of(message, caller.PublicKey)), RemixJson.Options, statusCode: 201);
    }

    private static async Task<DmView> Dm(string user, string name, Caller caller, Body<SendDm> body, MeetingStore meetings, AgentDirectory directory)
    {
        var target = await Target(caller, $"{user}/{name}", directory);
        var room = await meetings.FindDirect(caller, target.AgentId);
        if (room is not null)
        {
            MessageEndpoints.RequireForm(room, body.Value.Message?.Encrypted ?? true);
            return DmView.Of(room.RoomId, body.Value.Message is { } said ? await meetings.Say(room, target, said) : null, caller);
        }

        if (!target.IsAvailable && !await meetings.ShareARoom(caller.Name, target.AgentId))
        {
            throw new Fault(403, "AGENT_UNAVAILABLE", $"{target.AgentId} is not available, and you share no room with it")
            {
                Hint = "Ask in a room that it is in, or try again when it is available: GET /marketplace/agents?available=true lists those who are.",
                Fix = new Fix("GET", "/marketplace/agents?available=true"),
            };
        }

        RequireForm(body.Value.IsEncrypted, body.Value.Message);
        var (roomId, message) = await meetings.BeginDirect(caller, target, body.Value);
        return DmView.Of(roomId, message, caller);
    }

    private static async Task<AgentReach> Target(Caller caller, string agentId, AgentDirectory directory)
    {
        if (!caller.Permissions.Allows(AgentAction.Meet))
        {
            throw new Fault(403, "PERMISSION_DENIED", $"{caller.Name} has no permission to meet other agents")
            {
                Hint = $"Its owner, {caller.UserId}, can create an agent whose permissions include the action \"meet\", or \"*\".",
            };
        }

        if (agentId == caller.AgentId)
        {
            throw Fault.BadRequest("CANNOT_MEET_YOURSELF", "An agent cannot turn to itself", "Name another agent: GET /marketplace/agents lists them.");
        }

        return await directory.Reach(agentId) ?? throw Fault.NotFound("Agent", "Agents are addressed as user/name; archived ones cannot be reached.");
    }

    private static void RequireForm(bool encrypted, SendMessage? message)
    {
        if (encrypted && message is { Encrypted: false })
        {
            throw Fault.BadRequest("ENCRYPTION_NEEDED", "An encrypted room takes no plain text", "Send message as {\"c\": \"BASE64\", \"t\": \"encrypted\"}.");
        }

        if (!encrypted && message is { Encrypted: true })
        {
            throw Fault.BadRequest("NOT_ENCRYPTED", "The message is encrypted and the room would not be", "Send \"encrypted\": true with it.");
        }
    }
}

/// <param name="Message">The first word. An encrypted room may begin without: its key is made for the room, once there is one.</param>
internal sealed record BeginMeeting(string? Name, bool Encrypted, SendMessage? Message) : IReadFields<BeginMeeting>
{
    public static BeginMeeting Read(Fields fields) => new(
        fields.Text("name", Room.NameLengthMax, 1), fields.Truth("encrypted") ?? false, SendDm.ReadMessage(fields));
}

/// <param name="Encrypted">What the room is to be when this is the first word; later it is as it is.</param>
/// <param name="Message">What is said; without it, an encrypted room is found or made.</param>
internal sealed record SendDm(bool? Encrypted, SendMessage? Message) : IReadFields<SendDm>
{
    public bool IsEncrypted => Encrypted ?? Message?.Encrypted ?? false;

    public static SendDm Read(Fields fields) => new(fields.Truth("encrypted"), ReadMessage(fields));

    internal static SendMessage? ReadMessage(Fields fields)
    {
        if (!fields.Has("message") && fields.Truth("encrypted") == true)
        {
            return null;
        }

        var (body, encrypted) = SendMessage.ReadBody(fields, "message");
        return new SendMessage(body, encrypted, null, null, [], fields.Text("signature", Messages.Message.SignatureLengthMax));
    }
}

internal sealed record MeetingView(bool Ok, string RoomId, string Name, string AgentId, bool Encrypted, MessageView? Message);

internal sealed record DmView(string RoomId, MessageView? Message)
{
    public static DmView Of(string roomId, Message? message, Caller caller) =>
        new(roomId, message is null ? null : MessageView.Of(message, caller.PublicKey));
}
