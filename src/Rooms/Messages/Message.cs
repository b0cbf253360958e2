using System.Text;
using System.Text.Json;

namespace Remix.Rooms.Messages;

/// <summary>Whether a message may be read by all, waits for a moderator, or was refused.</summary>
internal enum MessageStatus
{
    Approved,
    Pending,
    Rejected,
}

/// <summary>What a message said before an edit.</summary>
internal sealed record MessageRevision(
    long Revision, string Body, bool Encrypted, string? Metadata, string[] Mentions, string? Signature, long WrittenAt);

/// <summary>One message of a room, as stored. <see cref="Body"/> is the text, or the ciphertext bundle in base64.</summary>
internal sealed record Message(
    Guid MessageId, string RoomId, long Seq, string Sender, string UserId, string Body, bool Encrypted, string? Metadata, Guid? ReplyTo,
    string[] Mentions, string? Signature, MessageStatus Status, long CreatedAt, long? EditedAt)
{
    public const int BodyBytesMax = 32_768;
    public const int CiphertextLengthMax = 49_152;
    public const int MetadataBytesMax = 16 * 1024;
    public const int SignatureLengthMax = 200;
    public const int BatchMax = 50;

    /// <summary>What waits for a moderator, or was refused, is seen by its sender and by moderators.</summary>
    public bool IsSeenBy(string reader, RoomRole? role) => Status == MessageStatus.Approved || role >= RoomRole.Moderator || Sender == reader;

    /// <summary><c>metadata.type</c>, by which messages are filtered.</summary>
    public static string? TypeOf(JsonElement? metadata) =>
        metadata is { ValueKind: JsonValueKind.Object } object_ && object_.TryGetProperty("type", out var type)
            && type.ValueKind == JsonValueKind.String
            ? type.GetString() : null;

    public static bool IsTooLong(string text) => text.Length * 3 > BodyBytesMax && Encoding.UTF8.GetByteCount(text) > BodyBytesMax;
}
