using Remix.Platform.Http;
using Remix.Rooms.Messages;

namespace Remix.Rooms.Changes;

/// <summary>What a person does in a room of theirs by way of the modules above: say something, put it away.</summary>
public sealed class RoomKeeping
{
    private readonly RoomChanges changes;
    private readonly MessageStore messages;

    internal RoomKeeping(RoomChanges changes, MessageStore messages)
    {
        (this.changes, this.messages) = (changes, messages);
    }

    /// <summary>The caller's message in the room, of that <c>metadata.type</c>; none where the room takes no plain text.</summary>
    public async Task Say(RoomScope room, string text, string type)
    {
        if (!room.Facts.Encrypted)
        {
            var fields = Fields.OfBody(RemixJson.Element(new { body = text, metadata = new { type } }));
            await messages.Send(room, [SendMessage.Read(fields)]);
        }
    }

    public Task Archive(RoomScope room) => changes.Archive(room.RoomId, archived: true, room.Caller.Name);
}
