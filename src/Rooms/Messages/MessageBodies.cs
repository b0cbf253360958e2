using System.Text.Json;
using Remix.Platform.Data;
using Remix.Platform.Http;
using Remix.Platform.Text;
using Remix.Rooms.Encryption;

namespace Remix.Rooms.Messages;

/// <summary>A message as its sender wrote it.</summary>
internal sealed record SendMessage(string Body, bool Encrypted, JsonElement? Metadata, Guid? ReplyTo, string[] Mentions, string? Signature)
    : IReadFields<SendMessage>
{
    public static SendMessage Read(Fields fields)
    {
        var (body, encrypted) = ReadBody(fields);
        return new SendMessage(body, encrypted, fields.Json("metadata", JsonValueKind.Object,
            Message.MetadataBytesMax), fields.Id("reply_to"), ReadMentions(fields) ?? [],
            fields.Text("signature", Message.SignatureLengthMax));
    }

    internal static string[]? ReadMentions(Fields fields)
    {
        var mentions = fields.Texts("mentions", Messages.Mentions.Max, 2 * Names.LengthMax + 1);
        foreach (var mention in (mentions ?? []).Where(mention => mention is not Messages.Mentions.Everybody && !Names.IsPair(mention)))
        {
            fields.Problem("mentions", $"'{mention}' must be user/name or @room", "invalid_string");
        }

        return mentions;
    }

    /// <summary>Plain text, or <c>{"c": base64, "t": "encrypted"}</c>.</summary>
    internal static (string Body, bool Encrypted) ReadBody(Fields fields, string field = "body")
    {
        if (!fields.Required(field))
        {
            return ("", false);
        }

        if (fields.Read(field) is { ValueKind: JsonValueKind.Object } && fields.Object(field) is { } bundle)
        {
            var ciphertext = bundle.RequiredText("c", Message.CiphertextLengthMax);
            if (bundle.RequiredText("t", 16) is not ("encrypted" or ""))
            {
                bundle.Problem("t", "Expected \"encrypted\"", "invalid_enum_value");
            }

            if (ciphertext.Length > 0 && EncryptedBundle.Problem(ciphertext) is { } problem)
            {
                bundle.Problem("c", problem, "invalid_string");
            }

            return (ciphertext, true);
        }

        var text = fields.RequiredText(field, Message.BodyBytesMax);
        if (Message.IsTooLong(text))
        {
            fields.Problem(field, $"String must be at most {Message.BodyBytesMax} bytes of UTF-8", "too_big");
        }

        return (text, false);
    }
}

internal sealed record SendMessages(IReadOnlyList<Fields> Messages) : IReadFields<SendMessages>
{
    public static SendMessages Read(Fields fields)
    {
        var messages = fields.Required("messages") ? fields.Objects<SendMessage>("messages", Message.BatchMax) : [];
        if (fields.Has("messages") && messages.Count == 0)
        {
            fields.Problem("messages", $"Array must contain 1 to {Message.BatchMax} messages", "too_small");
        }

        return new SendMessages(messages);
    }
}

/// <param name="Metadata">JSON null takes it away; without it, it stays.</param>
internal sealed record EditMessage(string Body, bool Encrypted, JsonElement? Metadata, string[]? Mentions, string? Signature)
    : IReadFields<EditMessage>
{
    private static readonly JsonElement None = RemixJson.Element<object?>(null);

    public static EditMessage Read(Fields fields)
    {
        var (body, encrypted) = SendMessage.ReadBody(fields);
        var metadata = fields.IsNull("metadata") ? None : fields.Json("metadata", JsonValueKind.Object, Message.MetadataBytesMax);
        return new EditMessage(body, encrypted, metadata, SendMessage.ReadMentions(fields), fields.Text("signature", Message.SignatureLengthMax));
    }
}

internal sealed record ModerateMessage(bool Approve) : IReadFields<ModerateMessage>
{
    private enum Verdict
    {
        Approve,
        Reject,
    }

    public static ModerateMessage Read(Fields fields)
    {
        fields.Required("action");
        return new ModerateMessage(fields.Choice<Verdict>("action") == Verdict.Approve);
    }
}

/// <summary>Which messages to read: a page, filtered. <see cref="Before"/> and <see cref="After"/> are Unix milliseconds.</summary>
internal sealed record ReadMessages(
    int Limit, long? Before, long? After, string? Sender, string? MetadataType, Guid? ReplyTo, string? Status, string? Q,
        string? Order, bool CountOnly) : IReadFields<ReadMessages>
{
    public const int LimitMax = 200;
    private const int TermsMax = 10;

    private enum Direction
    {
        Asc,
        Desc,
    }

    /// <summary>Oldest first: asked for, or what reading forward from a moment means.</summary>
    public bool OldestFirst => Order is not null ? Order == "asc" : After is not null && Before is null;

    /// <summary>Whether it asks for less than everything; the place of a page is no filter.</summary>
    public bool IsFiltered => Sender is not null || MetadataType is not null || ReplyTo is not null || Status is not null
        || Terms.Any();

    public IEnumerable<string> Terms => (Q ?? "").Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(TermsMax);

    public static ReadMessages Read(Fields fields) => new(
        fields.Limit(50, LimitMax), fields.Time("before"), fields.Time("after"), fields.Text("sender", 2 * Names.LengthMax + 1),
        fields.Text("metadata_type", 100), fields.Id("reply_to"),
        fields.Choice<MessageStatus>("status") is { } status ? EnumText.Of(status) : null, fields.Text("q", 200),
        fields.Choice<Direction>("order") is { } order ? EnumText.Of(order) : null, fields.Truth("count_only") ?? false);
}
