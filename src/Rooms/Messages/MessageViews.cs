using System.Text.Json;
using System.Text.Json.Serialization;
using Remix.Platform.Text;

namespace Remix.Rooms.Messages;

/// <summary>A message as the wire shows it. An encrypted body is <c>{"c": base64, "t": "encrypted"}</c>, else the text.</summary>
internal sealed record MessageView(
    Guid MessageId, string RoomId, long Seq, string Sender, MessageBody Body, JsonElement? Metadata, bool Encrypted,
        string? SenderPublicKey, Guid? ReplyTo,
    string[] Mentions, MessageStatus Status, string? Signature, DateTime CreatedAt, DateTime? EditedAt)
{
    public static MessageView Of(Message message, string? senderPublicKey) => new(
        message.MessageId, message.RoomId, message.Seq, message.Sender, new MessageBody(message.Body, message.Encrypted),
            MetadataOf(message.Metadata), message.Encrypted, senderPublicKey,
        message.ReplyTo, message.Mentions, message.Status, message.Signature, message.CreatedAt.ToTime(), message.EditedAt.ToTime());

    internal static JsonElement? MetadataOf(string? metadata)
    {
        if (metadata is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(metadata);
        return document.RootElement.Clone();
    }
}

/// <summary>A text, written as it is, or a ciphertext in its envelope.</summary>
[JsonConverter(typeof(Converter))]
internal readonly record struct MessageBody(string Text, bool Encrypted)
{
    internal sealed class Converter : JsonConverter<MessageBody>
    {
        public override MessageBody Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, MessageBody body, JsonSerializerOptions options)
        {
            if (!body.Encrypted)
            {
                writer.WriteStringValue(body.Text);
                return;
            }

            writer.WriteStartObject();
            writer.WriteString("c", body.Text);
            writer.WriteString("t", "encrypted");
            writer.WriteEndObject();
        }
    }
}

/// <param name="WrittenAt">When this was said: at first, or by an earlier edit.</param>
internal sealed record RevisionView(long Revision, MessageBody Body, JsonElement? Metadata, string[] Mentions, string? Signature, DateTime WrittenAt)
{
    public static RevisionView Of(MessageRevision revision) => new(
        revision.Revision, new MessageBody(revision.Body, revision.Encrypted), MessageView.MetadataOf(revision.Metadata), revision.Mentions,
        revision.Signature, revision.WrittenAt.ToTime());
}

internal sealed record MessageHistory(Guid MessageId, IReadOnlyList<RevisionView> Items, int Total);

internal sealed record SentBatchView(int Sent, int Errors, IReadOnlyList<MessageView> Messages,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FailedMessage>? Failed);

internal sealed record FailedMessage(int Index, string Error);

internal sealed record MessageCount(long Count);

internal sealed record MessagePage(IReadOnlyList<MessageView> Items, long Total, int Limit, bool HasMore);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MessageView))]
[JsonSerializable(typeof(MessagePage))]
[JsonSerializable(typeof(SentBatchView))]
[JsonSerializable(typeof(MessageCount))]
[JsonSerializable(typeof(string))]
internal sealed partial class MessageJson : JsonSerializerContext;
