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
    public Task<Message[]> Send(RoomScope room, IReadOnlyList<SendMessage> wishes) => database.Write(session => Send(session, room, wishes));

    /// <summary>The same within a transaction.</summary>
    public async ValueTask<Message[]> Send(SqlSession session, RoomScope room, IReadOnlyList<SendMessage> wishes)
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
    }

    private async ValueTask<Message> Insert(SqlSession session, RoomScope room, SendMessage wish)
    {
        if (wish.ReplyTo is { } replyTo && (await Find(session, room.RoomId, replyTo))?.IsSeenBy(room.Caller.Name, room.Role) != true)
        {
            throw Fault.Invalid("reply_to", $"There is no message {replyTo} in this room");
        }

        var pending = room.Facts.Moderated && room.Role < RoomRole.Moderator;
        var stamp = await events.Next(session, room.RoomId);

        // Its id has the time of the message, so that ids are in the order of time over all rooms.
        var id = Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(stamp.AtMs));
        var message = new Message(id, room.RoomId, stamp.Seq, room.Caller.Name,
            room.Caller.RequireUserId(), wish.Body, wish.Encrypted,
            wish.Metadata?.GetRawText(), wish.ReplyTo, wish.Encrypted ? wish.Mentions : Mentions.In(wish.Body, wish.Mentions), wish.Signature,
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

    public Task<Message?> Find(string roomId, Guid messageId) => database.Read(session => Find(session, roomId, messageId));

    /// <summary>Those of the messages that everybody may read at this moment.</summary>
    public async Task<IReadOnlyDictionary<Guid, Message>> Public(IReadOnlyList<Guid> messageIds)
    {
        if (messageIds.Count == 0)
        {
            return new Dictionary<Guid, Message>();
        }

        var places = string.Join(", ", messageIds.Select((_, i) => $"${i + 1}"));
        var found = await database.Read(session => session.Query($"""
            select {Columns} from messages where message_id in ({places}) and status = 'approved' and not encrypted
                and room_id in (select room_id from rooms where visibility = 'open' and not encrypted and archived_at is null)
            """, Row, [.. messageIds]));
        return found.ToDictionary(message => message.MessageId);
    }

    private static ValueTask<Message?> Find(SqlSession session, string roomId, Guid messageId) =>
        session.First($"select {Columns} from messages where message_id = $1 and room_id = $2", Row, messageId, roomId);

    /// <summary>
    /// Replaces the text, and keeps the old one when others could read it. Where a room is moderated, what a member makes
    /// of a message waits like a new one.
    /// </summary>
    public Task<Message> Edit(RoomScope room, Guid messageId, EditMessage wish) => database.Write(async session =>
    {
        var stamp = await events.Next(session, room.RoomId);
        var message = await Find(session, room.RoomId, messageId) ?? throw Fault.NotFound("Message");
        if (message.Status == MessageStatus.Rejected)
        {
            throw Fault.Conflict("MESSAGE_REJECTED", "This message was rejected by a moderator", "Send a new one.");
        }

        if (message.Status == MessageStatus.Approved)
        {
            await Keep(session, message);
        }

        var metadata = wish.Metadata is { } given ? given.ValueKind == JsonValueKind.Null ? null : given.GetRawText() : message.Metadata;
        var edited = message with
        {
            Body = wish.Body,
            Encrypted = wish.Encrypted,
            Metadata = metadata,
            Signature = wish.Signature,
            Mentions = wish.Encrypted ? wish.Mentions ?? message.Mentions : Mentions.In(wish.Body, wish.Mentions ?? []),
            Status = room.Facts.Moderated && room.Role < RoomRole.Moderator ? MessageStatus.Pending : message.Status,
            EditedAt = stamp.AtMs,
        };
        await session.Execute("""
            update messages set body = $1, metadata = $2, metadata_type = $3, mentions = $4, signature = $5, edited_at = $6, status = $7,
                encrypted = $8 where message_id = $9
            """, edited.Body, metadata, TypeOf(metadata), JsonSerializer.Serialize(edited.Mentions, JsonSerializerOptions.Default),
            edited.Signature, edited.EditedAt, EnumText.Of(edited.Status), edited.Encrypted, edited.MessageId);
        await Write(session, stamp, RoomEvents.MessageEdited, edited, room.Caller.Name, room.Caller.PublicKey);
        return edited;
    });

    /// <summary>What a message said before each edit, the oldest first.</summary>
    public Task<List<MessageRevision>> Revisions(Guid messageId) => database.Read(session => session.Query("""
        select revision, body, encrypted, metadata, mentions, signature, written_at from message_revisions where message_id = $1 order by revision
        """, row => new MessageRevision(row.GetInt64(0), row.GetString(1), row.GetBoolean(2), row.Text(3),
            JsonSerializer.Deserialize<string[]>(row.GetString(4), JsonSerializerOptions.Default) ?? [], row.Text(5), row.GetInt64(6)), messageId));

    /// <summary>Lets a pending message appear, as an event of now, or refuses it.</summary>
    public Task<Message> Moderate(string roomId, Guid messageId, bool approve, string by, string? senderPublicKey) => database.Write(async session =>
    {
        await EventLog.Hold(session, roomId);
        var message = await Find(session, roomId, messageId) ?? throw Fault.NotFound("Message");
        if (message.Status != MessageStatus.Pending)
        {
            throw Fault.Conflict("NOT_PENDING", "This message does not wait for a moderator");
        }

        var decided = message with { Status = approve ? MessageStatus.Approved : MessageStatus.Rejected };
        await session.Execute("update messages set status = $1 where message_id = $2", EnumText.Of(decided.Status), messageId);
        if (approve)
        {
            // One that was heard before comes as what it is now.
            var wasHeard = await session.Scalar<long>("select count(*) from message_revisions where message_id = $1", messageId) > 0;
            await Write(session, await events.Next(session, roomId), wasHeard ? RoomEvents.MessageEdited : RoomEvents.Message, decided,
                message.Sender, senderPublicKey);
        }

        await events.Append(session, roomId, RoomEvents.ModerationResult, by, new
        {
            room_id = roomId,
            message_id = messageId,
            sender = message.Sender,
            action = approve ? "approve" : "reject",
            status = EnumText.Of(decided.Status),
            moderated_by = by,
        });
        return decided;
    });

    private static ValueTask<int> Keep(SqlSession session, Message message) => session.Execute("""
        insert into message_revisions (message_id, revision, room_id, body, encrypted, metadata, mentions, signature, written_at)
        select $1, coalesce(max(revision), 0) + 1, $2, $3, $4, $5, $6, $7, $8 from message_revisions where message_id = $1
        """, message.MessageId, message.RoomId, message.Body, message.Encrypted, message.Metadata,
        JsonSerializer.Serialize(message.Mentions, JsonSerializerOptions.Default), message.Signature, message.EditedAt ?? message.CreatedAt);

    /// <summary>
    /// A page (leans on messages_by_room). Pending and rejected ones are seen by their sender and by moderators.
    /// </summary>
    public Task<(List<Message> Items, long Total, bool HasMore)> Read(string roomId, ReadMessages wish,
        string? reader, bool seesAll) => database.Read(async session =>
    {
        var filter = new MessageFilter(session.Kind, roomId, wish, reader, seesAll);
        var page = filter.Paged(wish);

        // The total is of all pages. Who only counts asks how many came since, and has no page.
        var counted = wish.CountOnly ? page : filter;
        var total = wish.IsFiltered || (wish.CountOnly && (wish.Before ?? wish.After) is not null)
            ? await session.Scalar<long>($"select count(*) from messages where {counted.Where}", counted.Args)
            : await CountAll(session, roomId, reader, seesAll);
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

    /// <summary>All that this reader sees, by the room's own counter (leans on messages_unapproved).</summary>
    private static async ValueTask<long> CountAll(SqlSession session, string roomId, string? reader, bool seesAll) =>
        await session.Scalar<long>("select message_count from rooms where room_id = $1", roomId) - (seesAll ? 0 : await session.Scalar<long>(
            "select count(*) from messages where room_id = $1 and status <> 'approved' and sender <> $2", roomId, reader ?? ""));

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
