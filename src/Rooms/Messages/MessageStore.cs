using System.Data.Common;
using System.Text.Json;
using Remix.Identity;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Rooms.Messages;

/// <summary>The messages: the hottest table, so written and read in SQL of its own.</summary>
internal sealed class MessageStore(Database database, EventLog events)
{
    private const string Columns =
        "message_id, room_id, seq, sender, user_id, body, encrypted, metadata, reply_to, mentions, signature, status, created_at, edited_at";

    /// <summary>Stores messages and their events in one transaction, in order.</summary>
    public Task<Message[]> Send(RoomScope room, IReadOnlyList<SendMessage> wishes) => database.Write(async session =>
    {
        var sent = new Message[wishes.Count];
        for (var i = 0; i < wishes.Count; i++)
        {
            sent[i] = await Insert(session, room, wishes[i]);
        }

        session.Tally("update rooms set message_count = message_count + $1 where room_id = $2", room.RoomId, sent.Length);
        if (room.Caller.AgentId is { } agentId)
        {
            AgentDirectory.CountMessages(session, agentId, sent.Length);
        }

        return sent;
    });

    private async ValueTask<Message> Insert(SqlSession session, RoomScope room, SendMessage wish)
    {
        if (wish.ReplyTo is { } replyTo && await session.Scalar<string>("select room_id from messages where message_id = $1", replyTo) != room.RoomId)
        {
            throw Fault.Invalid("reply_to", $"There is no message {replyTo} in this room");
        }

        var pending = room.Facts.Moderated && room.Role < RoomRole.Moderator;
        var stamp = await events.Next(session, room.RoomId);
        var message = new Message(Guid.CreateVersion7(), room.RoomId, stamp.Seq, room.Caller.Name,
            room.Caller.RequireUserId(), wish.Body, wish.Encrypted,
            wish.Metadata?.GetRawText(), wish.ReplyTo, wish.Encrypted ? wish.Mentions : Message.MentionsIn(wish.Body, wish.Mentions), wish.Signature,
            pending ? MessageStatus.Pending : MessageStatus.Approved, stamp.AtMs, null);
        await session.Execute($"""
            insert into messages ({Columns}, metadata_type) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            """, message.MessageId, message.RoomId, message.Seq, message.Sender, message.UserId, message.Body, message.Encrypted, message.Metadata,
            message.ReplyTo, JsonSerializer.Serialize(message.Mentions, JsonSerializerOptions.Default),
                message.Signature, EnumText.Of(message.Status),
            message.CreatedAt, null, Message.TypeOf(wish.Metadata));

        await Write(session, stamp, RoomEvents.Message, message, message.Sender, room.Caller.PublicKey);
        return message;
    }

    public Task<Message?> Find(string roomId, Guid messageId) => database.Read(session => session.First(
        $"select {Columns} from messages where message_id = $1 and room_id = $2", Row, messageId, roomId));

    /// <summary>Replaces the text; the old one stays in the log, as its event.</summary>
    public Task<Message> Edit(Message message, EditMessage wish, Caller caller) => database.Write(async session =>
    {
        var metadata = wish.Metadata?.GetRawText() ?? message.Metadata;
        var stamp = await events.Next(session, message.RoomId);
        var edited = message with
        {
            Body = wish.Body,
            Metadata = metadata,
            Signature = wish.Signature,
            Mentions = wish.Encrypted ? message.Mentions : Message.MentionsIn(wish.Body, []),
            EditedAt = stamp.AtMs,
        };
        await session.Execute("""
            update messages set body = $1, metadata = $2, metadata_type = $3, mentions = $4, signature = $5, edited_at = $6 where message_id = $7
            """, edited.Body, metadata, wish.Metadata is { } fresh ? Message.TypeOf(fresh) : TypeOf(metadata),
            JsonSerializer.Serialize(edited.Mentions, JsonSerializerOptions.Default), edited.Signature, edited.EditedAt, edited.MessageId);
        await Write(session, stamp, RoomEvents.MessageEdited, edited, caller.Name, caller.PublicKey);
        return edited;
    });

    /// <summary>Lets a pending message appear, as an event of now, or refuses it.</summary>
    public Task<Message> Moderate(Message message, bool approve, string by, string? senderPublicKey) => database.Write(async session =>
    {
        var decided = message with { Status = approve ? MessageStatus.Approved : MessageStatus.Rejected };
        var rows = await session.Execute("update messages set status = $1 where message_id = $2 and status = 'pending'", EnumText.Of(decided.Status), message.MessageId);
        if (rows == 0)
        {
            throw Fault.Conflict("NOT_PENDING", "This message does not wait for a moderator");
        }

        if (approve)
        {
            await Write(session, await events.Next(session, message.RoomId), RoomEvents.Message, decided, message.Sender, senderPublicKey);
        }

        await events.Append(session, message.RoomId, RoomEvents.ModerationResult, by,
            new { room_id = message.RoomId, message_id = message.MessageId, status = EnumText.Of(decided.Status), moderated_by = by });
        return decided;
    });

    /// <summary>
    /// A page (leans on messages_by_room). Pending and rejected ones are seen by their sender and by moderators.
    /// </summary>
    public Task<(List<Message> Items, long Total, bool HasMore)> Read(string roomId, ReadMessages wish,
        string? reader, bool seesAll) => database.Read(async session =>
    {
        var filter = new MessageFilter(roomId, wish, reader, seesAll);
        var page = filter.Paged(wish);

        // The total is of all pages. Who only counts asks how many came since, and has no page.
        var counted = wish.CountOnly ? page : filter;
        var total = await session.Scalar<long>($"select count(*) from messages where {counted.Where}", counted.Args);
        if (wish.CountOnly)
        {
            return ([], total, false);
        }

        var items = await session.Query($"""
            select {Columns} from messages where {page.Where}
            order by created_at {(wish.OldestFirst ? "asc" : "desc")} limit {wish.Limit + 1}
            """, Row, page.Args);
        var hasMore = items.Count > wish.Limit;
        return (hasMore ? items[..wish.Limit] : items, total, hasMore);
    });

    /// <summary>What waits for a moderator is in the log only as a number: its text is nobody's yet.</summary>
    private ValueTask Write(SqlSession session, EventStamp stamp, string kind, Message message, string actor, string? publicKey) =>
        message.Status == MessageStatus.Pending
            ? events.Write(session, message.RoomId, stamp, RoomEvents.MessagePending, actor, JsonSerializer.Serialize(
                new { message_id = message.MessageId, sender = message.Sender, status = "pending" }, JsonSerializerOptions.Default))
            : events.Write(session, message.RoomId, stamp, kind, actor, Serialize(message, publicKey));

    private static string Serialize(Message message, string? publicKey) =>
        JsonSerializer.Serialize(MessageView.Of(message, publicKey), Platform.Http.RemixJson.Options);

    private static string? TypeOf(string? metadata)
    {
        if (metadata is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(metadata);
        return Message.TypeOf(document.RootElement);
    }

    private static Message Row(DbDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetBoolean(6), row.Text(7),
        row.IsDBNull(8) ? null : row.GetGuid(8), JsonSerializer.Deserialize<string[]>(row.GetString(9), JsonSerializerOptions.Default) ?? [],
        row.Text(10), EnumText.Parse<MessageStatus>(row.GetString(11)), row.GetInt64(12), row.Long(13));
}
