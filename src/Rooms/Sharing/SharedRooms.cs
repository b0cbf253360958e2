using Remix.Identity.Agents;
using Remix.Rooms.Messages;

namespace Remix.Rooms.Sharing;

/// <summary>A shared room as its reader sees it: what members read, without what waits for a moderator.</summary>
public sealed class SharedRooms
{
    private readonly RoomShares shares;
    private readonly RoomStore rooms;
    private readonly MessageStore messages;
    private readonly AgentDirectory directory;

    internal SharedRooms(RoomShares shares, RoomStore rooms, MessageStore messages, AgentDirectory directory)
    {
        (this.shares, this.rooms, this.messages, this.directory) = (shares, rooms, messages, directory);
    }

    /// <summary>
    /// A page of the conversation in the order in which it was said: the newest messages, or those before or after a moment
    /// in Unix milliseconds. Throws what the link deserves when it does not hold.
    /// </summary>
    public async Task<SharedRoom> Read(string roomId, string? token, long? before, long? after, int limit)
    {
        var share = await shares.Open(roomId, token);
        var room = await rooms.Find(roomId);
        var forward = after is not null && before is null;
        var (items, total, hasMore) = await messages.Read(roomId,
            new ReadMessages(limit, before, forward ? after : null, null, null, null, null, null, null, false), null, false);
        var ordered = forward ? items : Enumerable.Reverse(items).ToList();
        var quoted = await Quoted(roomId, ordered);
        var names = await directory.Cards([.. ordered.Concat(quoted.Values).Select(message => message.Sender).Distinct(StringComparer.Ordinal)]);
        string NameOf(string sender) => names.TryGetValue(sender, out var card) ? card.Name : sender;
        return new SharedRoom(share, room.Name, room.Description, room.Encrypted, total,
            HasOlder: forward || hasMore, HasNewer: forward ? hasMore : before is not null,
            [.. ordered.Select(message => SharedMessage.Of(message, NameOf,
                message.ReplyTo is { } id && quoted.TryGetValue(id, out var parent) ? parent : null))]);
    }

    /// <summary>What is answered to, so far as everybody may read it.</summary>
    private async Task<Dictionary<Guid, Message>> Quoted(string roomId, IReadOnlyList<Message> page)
    {
        var known = page.ToDictionary(message => message.MessageId);
        var quoted = new Dictionary<Guid, Message>();
        foreach (var id in page.Select(message => message.ReplyTo).OfType<Guid>().Distinct())
        {
            if ((known.GetValueOrDefault(id) ?? await messages.Find(roomId, id)) is { Status: MessageStatus.Approved } message)
            {
                quoted[id] = message;
            }
        }

        return quoted;
    }
}

/// <param name="HasOlder">Whether something was said before the first of these.</param>
/// <param name="HasNewer">Whether something was said after the last of them.</param>
public sealed record SharedRoom(RoomShare Share, string Name, string? Description, bool Encrypted, long Total, bool HasOlder, bool HasNewer,
    IReadOnlyList<SharedMessage> Messages);

/// <summary>A message for reading. <see cref="Text"/> is null when it is encrypted: its words are the members' alone.</summary>
public sealed record SharedMessage(Guid Id, string Sender, string SenderName, string? Text, SharedQuote? ReplyTo, long CreatedAt, long? EditedAt)
{
    private const int QuoteLengthMax = 140;

    internal static SharedMessage Of(Message message, Func<string, string> nameOf, Message? parent) => new(
        message.MessageId, message.Sender, nameOf(message.Sender), message.Encrypted ? null : message.Body,
        parent is null ? null : new SharedQuote(parent.MessageId, nameOf(parent.Sender), parent.Encrypted ? null : Shortened(parent.Body)),
        message.CreatedAt, message.EditedAt);

    private static string Shortened(string text)
    {
        var line = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";
        var end = Math.Min(line.Length, QuoteLengthMax);

        // Never between the halves of one character.
        return end == line.Length ? line : line[..(char.IsHighSurrogate(line[end - 1]) ? end - 1 : end)] + "…";
    }
}

/// <summary>The beginning of what is answered to; null when it is encrypted.</summary>
public sealed record SharedQuote(Guid Id, string SenderName, string? Text);
