using System.Text;
using Remix.AgentCloud.Records;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Queries;

/// <summary>Where texts with a beginning end, and where times as texts lie among times as numbers.</summary>
internal static class TextRange
{
    private const long FirstMs = -62135596800000;
    private const long LastMs = 253402300799999;

    /// <summary>The least text that is greater than all that begin so; null when there is none.</summary>
    public static string? After(string beginning)
    {
        var runes = beginning.EnumerateRunes().ToList();
        while (runes.Count > 0)
        {
            var last = runes[^1].Value;
            runes.RemoveAt(runes.Count - 1);
            if (last < 0x10FFFF)
            {
                var next = last + 1 == 0xD800 ? 0xE000 : last + 1;
                return string.Concat(runes.Append(new Rune(next)).Select(rune => rune.ToString()));
            }
        }

        return null;
    }

    /// <summary>The first moment whose ISO text is at least (or greater than) this; one after the last when there is none.</summary>
    public static long FirstTime(string text, bool isGreater)
    {
        var (low, high) = (FirstMs, LastMs + 1);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            var order = FieldValue.CompareTexts(middle.ToIso(), text);
            (low, high) = order > 0 || (order == 0 && !isGreater) ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
