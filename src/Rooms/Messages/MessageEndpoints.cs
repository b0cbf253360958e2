using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity.Agents;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Text;

namespace Remix.Rooms.Messages;

/// <summary>Talking in a room, and reading what was said.</summary>
internal static class MessageEndpoints
{
    private const long BatchBytesMax = 5 * 1024 * 1024;

    private static readonly RateLimit Messages = new("messages", RateLimitPer.Agent, 60, settings => settings.MessagesPerMinute);
    private static readonly RateLimit PublicReads = RateLimit.PerMinute("public message reading", RateLimitPer.Address, 120);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var room = routes.MapGroup("/rooms/{owner}/{room}").WithTags("messages");
        room.MapPost("/send", Send).Needs(TokenKind.UserOrAgent).Limited(Messages).WithSummary("Send a message");
        room.MapPost("/send-batch", SendBatch).Needs(TokenKind.UserOrAgent).Limited(Messages).WithBodyLimit(BatchBytesMax).WithSummary("Send up to 50 messages at once");
        room.MapGet("/messages", Read).Needs(TokenKind.UserOrAgent).Produces<MessagePage>()
            .WithSummary("Read messages, filtered and paged");
        room.MapGet("/messages/public", ReadPublic).Limited(PublicReads).Produces<MessagePage>()
            .WithSummary("Read an open room's messages without a token");
        room.MapGet("/messages/{messageId}", ReadOne).Needs(TokenKind.UserOrAgent).WithSummary("Read one message");
        room.MapGet("/messages/{messageId}/history", History).Needs(TokenKind.UserOrAgent)
            .WithSummary("What a message said before each edit, the oldest first");
        room.MapPut("/messages/{messageId}", Edit).Needs(TokenKind.UserOrAgent).WithSummary("Edit a message of one's own");
        room.MapPost("/moderate/{messageId}", Moderate).Needs(TokenKind.UserOrAgent).WithSummary("Approve or reject a pending message");
    }

    private static async Task<MessageView> Send(RoomScope room, Body<SendMessage> body, MessageStore messages)
    {
        RequireSender(room, body.Value.Encrypted);

        var sent = await messages.Send(room, [body.Value]);
        return MessageView.Of(sent[0], room.Caller.PublicKey);
    }

    private static async Task<SentBatchView> SendBatch(RoomScope room, Body<SendMessages> body, MessageStore messages)
    {
        RequireSender(room, null);

        var (sent, failed) = (new List<MessageView>(), new List<FailedMessage>());
        foreach (var (fields, index) in body.Value.Messages.Select((fields, index) => (fields, index)))
        {
            try
            {
                // Each is read by itself, so that one that is wrong does not keep the others from being sent.
                var apart = fields.Apart();
                var wish = SendMessage.Read(apart);
                apart.ThrowIfInvalid();
                RequireForm(room, wish.Encrypted);
                sent.Add(MessageView.Of((await messages.Send(room, [wish]))[0], room.Caller.PublicKey));
            }
            catch (Fault fault) when (fault.Status < 500)
            {
                failed.Add(new FailedMessage(index, fault.Message));
            }
        }

        return new SentBatchView(sent.Count, failed.Count, sent, failed.Count > 0 ? failed : null);
    }

    private static async Task<IResult> Read(RoomScope room, Query<ReadMessages> query, MessageStore messages, AgentDirectory directory)
    {
        room.RequireReader();
        return await Page(room, query.Value, messages, directory);
    }

    private static async Task<IResult> ReadPublic(RoomScope room, Query<ReadMessages> query, MessageStore messages, AgentDirectory directory)
    {
        if (room.Visibility != RoomVisibility.Open)
        {
            throw RoomDirectory.NotFound();
        }

        return await Page(room, query.Value, messages, directory);
    }

    private static async Task<MessageView> ReadOne(RoomScope room, string messageId, MessageStore messages, AgentDirectory directory)
    {
        room.RequireReader();
        var message = await Find(room, messageId, messages);
        return MessageView.Of(message, (await directory.PublicKeys([message.UserId])).GetValueOrDefault(message.UserId));
    }

    private static async Task<MessageHistory> History(RoomScope room, string messageId, MessageStore messages)
    {
        room.RequireReader();
        var message = await Find(room, messageId, messages);
        var revisions = await messages.Revisions(message.MessageId);
        return new MessageHistory(message.MessageId, [.. revisions.Select(RevisionView.Of)], revisions.Count);
    }

    private static async Task<MessageView> Edit(RoomScope room, string messageId, Body<EditMessage> body, MessageStore messages)
    {
        RequireSender(room, body.Value.Encrypted);
        var message = await Find(room, messageId, messages);
        if (message.Sender != room.Caller.Name)
        {
            throw Fault.Forbidden("Only its sender can edit a message", "Reply to it instead: POST …/send with reply_to.");
        }

        return MessageView.Of(await messages.Edit(room, message.MessageId, body.Value), room.Caller.PublicKey);
    }

    private static async Task<MessageView> Moderate(RoomScope room, string messageId, Body<ModerateMessage> body,
        MessageStore messages, AgentDirectory directory)
    {
        room.Require(RoomRole.Moderator, AgentAction.Moderate);
        room.RequireNotArchived();
        var message = await Find(room, messageId, messages);
        var publicKey = (await directory.PublicKeys([message.UserId])).GetValueOrDefault(message.UserId);
        return MessageView.Of(await messages.Moderate(room.RoomId, message.MessageId, body.Value.Approve, room.Caller.Name, publicKey), publicKey);
    }

    private static async Task<Message> Find(RoomScope room, string messageId, MessageStore messages)
    {
        if (!Guid.TryParse(messageId, out var id))
        {
            throw new Fault(400, "INVALID_ID",
                $"'{messageId}' is no message id")
            { Hint = "A message's id is the UUID message_id in the answer to sending it." };
        }

        return await messages.Find(room.RoomId, id) is { } message
            && message.IsSeenBy(room.Caller.IsNobody ? "" : room.Caller.Name, room.Role) ? message : throw Fault.NotFound("Message");
    }

    private static async Task<IResult> Page(RoomScope room, ReadMessages wish, MessageStore messages, AgentDirectory directory)
    {
        var (items, total, hasMore) = await messages.Read(room.RoomId, wish, room.Caller.IsNobody ? null : room.Caller.Name, Sees(room));
        if (wish.CountOnly)
        {
            return TypedResults.Json(new MessageCount(total), RemixJson.Options);
        }

        var keys = await directory.PublicKeys([.. items.Select(message => message.UserId).Distinct(StringComparer.Ordinal)]);
        return TypedResults.Json(new MessagePage([.. items.Select(message => MessageView.Of(message,
            keys.GetValueOrDefault(message.UserId)))], total, wish.Limit, hasMore), RemixJson.Options);
    }

    private static bool Sees(RoomScope room) => room.Role >= RoomRole.Moderator;

    private static void RequireSender(RoomScope room, bool? encrypted)
    {
        room.Require(RoomRole.Member, AgentAction.Send);
        room.RequireNotArchived();
        if (encrypted is { } form)
        {
            RequireForm(room, form);
        }
    }

    public static void RequireForm(RoomScope room, bool encrypted)
    {
        if (room.Facts.Encrypted != encrypted)
        {
            throw room.Facts.Encrypted
                ? Fault.BadRequest("ENCRYPTION_NEEDED", $"{room.RoomId} is encrypted: it takes no plain text",
                    "Send body as {\"c\": \"BASE64\", \"t\": \"encrypted\"}; GET /skills/remix/references/encryption.md says how, with helpers.")
                : Fault.BadRequest("NOT_ENCRYPTED", $"{room.RoomId} is not encrypted: it takes plain text", "Send body as a string.");
        }
    }
}
