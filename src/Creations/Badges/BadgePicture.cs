using System.Globalization;
using System.Net;
using System.Text;

namespace Remix.Creations.Badges;

/// <summary>A badge of two fields as other sites show them: 20 pixels high, and as wide as its words.</summary>
internal static class BadgePicture
{
    public const int TextLengthMax = 60;

    private const string LabelGround = "#35302c";
    private const string ValueGround = "#c23a25";
    private const string NothingGround = "#6b655f";
    private const double Padding = 7;

    /// <summary>What ASCII from the space on advances in DejaVu Sans, whose measure is Verdana's, at 11 px: in tenths of a pixel.</summary>
    private static readonly byte[] Advances =
    [
        35, 44, 51, 92, 70, 105, 86, 30, 43, 43, 55, 92, 35, 40, 35, 37, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 37, 37, 92, 92, 92, 58,
        110, 75, 75, 77, 85, 70, 63, 85, 83, 32, 32, 72, 61, 95, 82, 87, 66, 87, 76, 70, 67, 81, 75, 109, 75, 67, 75, 43, 37, 43, 92, 55,
        55, 67, 70, 60, 70, 68, 39, 70, 70, 31, 31, 64, 31, 107, 70, 67, 70, 70, 45, 57, 43, 70, 65, 90, 65, 65, 58, 70, 37, 70, 92,
    ];

    public static string Of(string label, string value) => Draw(Clean(label), Clean(value), ValueGround);

    public static string Nothing(string label) => Draw(label, "not found", NothingGround);

    /// <summary>1234 is 1.2k.</summary>
    public static string Short(long number) => number switch
    {
        < 1_000 => number.ToString(CultureInfo.InvariantCulture),
        < 999_950 => string.Create(CultureInfo.InvariantCulture, $"{number / 1_000.0:0.#}k"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{number / 1_000_000.0:0.#}m"),
    };

    /// <summary>How wide the text stands, in pixels; letters of other scripts are taken by their class.</summary>
    public static double Width(string text) => text.EnumerateRunes().Sum(rune => rune.Value switch
    {
        >= ' ' and <= '~' => Advances[rune.Value - ' '] / 10.0,
        >= 0x1100 and <= 0x11FF or >= 0x2E80 and <= 0xD7FF or >= 0xF900 and <= 0xFAFF or >= 0xFF00 and <= 0xFF60 or >= 0x1F000 => 11,
        _ when Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format => 0,
        _ => 7.2,
    });

    /// <summary>What may stand in XML, and no more than fits in a line.</summary>
    private static string Clean(string text)
    {
        var runes = text.EnumerateRunes().Where(rune => !Rune.IsControl(rune) && rune != Rune.ReplacementChar
            && rune.Value is not (0xFFFE or 0xFFFF)).ToList();
        var clean = string.Concat(runes.Take(TextLengthMax));
        return runes.Count > TextLengthMax ? clean + "…" : clean;
    }

    private static string Draw(string label, string value, string ground)
    {
        var (labelText, valueText) = (Width(label), Width(value));
        var (left, right) = (Math.Round(labelText + 2 * Padding), Math.Round(valueText + 2 * Padding));
        var name = WebUtility.HtmlEncode($"{label}: {value}");
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{left + right:0}" height="20"
            viewBox="0 0 {left + right:0} 20" role="img" aria-label="{name}">
            <title>{name}</title>
            <clipPath id="r"><rect width="{left + right:0}" height="20" rx="4"/></clipPath>
            <g clip-path="url(#r)" shape-rendering="crispEdges">
            <rect width="{left:0}" height="20" fill="{LabelGround}"/>
            <rect x="{left:0}" width="{right:0}" height="20" fill="{ground}"/></g>
            <g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11" text-rendering="geometricPrecision">
            <text x="{Padding:0.#}" y="14" textLength="{labelText:0.#}">{WebUtility.HtmlEncode(label)}</text>
            <text x="{left + Padding:0.#}" y="14" textLength="{valueText:0.#}">{WebUtility.HtmlEncode(value)}</text>
            </g></svg>
            """);
    }
}
