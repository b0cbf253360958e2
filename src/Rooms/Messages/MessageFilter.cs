using System.Globalization;
using System.Text;
using Remix.Platform.Data;

namespace Remix.Rooms.Messages;

/// <summary>The condition that a reader's filters make, with its arguments.</summary>
internal sealed class MessageFilter
{
    private readonly List<string> conditions = [];
    private readonly List<object?> args = [];

    public MessageFilter(DatabaseKind kind, string roomId, ReadMessages wish, string? reader, bool seesAll)
    {
        Add("room_id = {0}", roomId);
        if (!seesAll)
        {
            Add("(status = 'approved' or sender = {0})", reader ?? "");
        }

        if (wish.Sender is { } sender)
        {
            Add("sender = {0}", sender);
        }

        if (wish.MetadataType is { } type)
        {
            Add("metadata_type = {0}", type);
        }

        if (wish.ReplyTo is { } replyTo)
        {
            Add("reply_to = {0}", replyTo);
        }

        if (wish.Status is { } status)
        {
            // Said twice, since the index of the few that are not approved is found by what it is defined by.
            Add(status == EnumText.Of(MessageStatus.Approved) ? "status = {0}" : "status <> 'approved' and status = {0}", status);
        }

        foreach (var term in wish.Terms)
        {
            var isAscii = Ascii.IsValid(term);
            Add($"({kind.IsLike("body", "{0}", isAscii)} or {kind.IsLike("metadata", "{0}", isAscii)}) and not encrypted",
                $"%{Escaped(term.ToLowerInvariant())}%");
        }
    }

    private MessageFilter(MessageFilter other)
    {
        conditions.AddRange(other.conditions);
        args.AddRange(other.args);
    }

    public string Where => string.Join(" and ", conditions);

    public object?[] Args => [.. args];

    /// <summary>The same, with the place of the page.</summary>
    public MessageFilter Paged(ReadMessages wish)
    {
        var paged = new MessageFilter(this);
        if (wish.Before is { } before)
        {
            paged.Add("created_at < {0}", before);
        }

        if (wish.After is { } after)
        {
            paged.Add("created_at > {0}", after);
        }

        return paged;
    }

    private void Add(string condition, object value)
    {
        args.Add(value);
        conditions.Add(condition.Replace("{0}", "$" + args.Count.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
    }

    private static string Escaped(string term) =>
        term.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal);
}
