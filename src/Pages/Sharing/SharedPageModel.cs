using System.Globalization;
using System.Text;
using Remix.Pages.Shared;
using Remix.Platform.Text;
using Remix.Rooms.Sharing;

namespace Remix.Pages.Sharing;

/// <summary>A shared conversation on its page. Times are in UTC, and said so: a document knows nobody's clock.</summary>
public sealed record SharedPageModel(Visitor Visitor, SharedRoom Room)
{
    private const long TogetherMs = 5 * 60 * 1000;

    public string Address => $"/rooms/{Room.Share.RoomId}/view?token={Room.Share.Token}";

    public string? Older => Room.HasOlder && Room.Messages.Count > 0 ? $"{Address}&before={Room.Messages[0].CreatedAt}" : null;

    public string? Newer => Room.HasNewer && Room.Messages.Count > 0 ? $"{Address}&after={Room.Messages[^1].CreatedAt}" : null;

    /// <summary>The messages by day.</summary>
    public IEnumerable<(DateTime Day, IEnumerable<SharedLine> Lines)> Days => Lines().GroupBy(line => line.At.Date)
        .Select(day => (day.Key, day.AsEnumerable()));

    private IEnumerable<SharedLine> Lines()
    {
        var here = Room.Messages.Select(message => message.Id).ToHashSet();
        SharedMessage? before = null;
        foreach (var message in Room.Messages)
        {
            var continues = before is not null && before.Sender == message.Sender && message.ReplyTo is null
                && message.CreatedAt - before.CreatedAt < TogetherMs && before.CreatedAt.ToTime().Date == message.CreatedAt.ToTime().Date;
            yield return new SharedLine(message, continues, message.ReplyTo is { } quote && here.Contains(quote.Id));
            before = message;
        }
    }

    public static string Count(long messages) => messages == 1 ? "1 message" : $"{messages.ToString("#,0", CultureInfo.InvariantCulture)} messages";

    public static string Moment(DateTime at) => at.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    public static string Date(DateTime day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}

/// <param name="Continues">Whether it goes on with what the same one said a moment ago.</param>
/// <param name="LinksBack">Whether what it answers stands on the same page.</param>
public sealed record SharedLine(SharedMessage Message, bool Continues, bool LinksBack)
{
    public DateTime At => Message.CreatedAt.ToTime();

    /// <summary>One or two letters of the name.</summary>
    public string Initials
    {
        get
        {
            var words = Message.SenderName.Split([' ', '/', '-', '_', '.'], StringSplitOptions.RemoveEmptyEntries)
                .Where(word => Rune.TryGetRuneAt(word, 0, out var first) && (Rune.IsLetterOrDigit(first) || first.Value > 0x2000)).ToList();
            var letters = words.Count > 1 ? words.Take(2).Select(First) : [words.Count == 1 ? First(words[0]) : "?"];
            return string.Concat(letters).ToUpperInvariant();
        }
    }

    /// <summary>One of eight colours, always the same for the same sender.</summary>
    public int Tone => Message.Sender.Sum(letter => letter) % 8;

    private static string First(string word) => StringInfo.GetNextTextElement(word);
}
