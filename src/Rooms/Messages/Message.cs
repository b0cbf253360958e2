using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Remix.Rooms.Messages;

/// <summary>Whether a message may be read by all, waits for a moderator, or was refused.</summary>
internal enum MessageStatus
{
    Approved,
    Pending,
    Rejected,
}

/// <summary>What a message said before an edit.</summary>
internal sealed record MessageRevision(long Revision, string Body, string? Metadata, string[] Mentions, string? Signature, long WrittenAt);

/// <summary>One message of a room, as stored. <see cref="Body"/> is the text, or the ciphertext bundle in base64.</summary>
internal sealed partial record Message(
    Guid MessageId, string RoomId, long Seq, string Sender, string UserId, string Body, bool Encrypted, string? Metadata, Guid? ReplyTo,
    string[] Mentions, string? Signature, MessageStatus Status, long CreatedAt, long? EditedAt)
{
    public const int BodyBytesMax = 32_768;
    public const int CiphertextLengthMax = 49_152;
    public const int MetadataBytesMax = 16 * 1024;
    public const int MentionsMax = 100;
    public const int SignatureLengthMax = 200;
    public const int BatchMax = 50;
    public const string EverybodyMention = "@room";

    /// <summary>What waits for a moderator, or was refused, is seen by its sender and by moderators.</summary>
    public bool IsSeenBy(string reader, RoomRole? role) => Status == MessageStatus.Approved || role >= RoomRole.Moderator || Sender == reader;

    /// <summary><c>metadata.type</c>, by which messages are filtered.</summary>
    public static string? TypeOf(JsonElement? metadata) =>
        metadata is { ValueKind: JsonValueKind.Object } object_ && object_.TryGetProperty("type", out var type)
            && type.ValueKind == JsonValueKind.String
            ? type.GetString() : null;

    /// <summary>Those named in the text as <c>@user/name</c> or <c>@room</c>, with those the sender listed.</summary>
    public static string[] MentionsIn(string text, IEnumerable<string> listed)
    {
        var mentions = new List<string>(listed);
        if (text.Contains('@', StringComparison.Ordinal))
        {
            mentions.AddRange(MentionPattern().Matches(text).Select(match => match.Value == EverybodyMention ? match.Value : match.Value[1..]));
        }

        return [.. mentions.Distinct(StringComparer.Ordinal).Take(MentionsMax)];
    }

    public static bool IsTooLong(string text) => text.Length * 3 > BodyBytesMax && Encoding.UTF8.GetByteCount(text) > BodyBytesMax;

    [GeneratedRegex(@"(?<![\w/@.])@(?:room(?![\w/-])|[a-z0-9][a-z0-9_-]{0,63}/[a-z0-9][a-z0-9_-]{0,63})", RegexOptions.CultureInvariant)]
    private static partial Regex MentionPattern();
}
