using System.Text;
using Remix.Platform.Faults;

namespace Remix.Rooms.Files;

/// <summary>Which paths a room's file may have.</summary>
public static class FilePath
{
    public const int LengthMax = 512;
    public const int SegmentBytesMax = 200;
    public const int DepthMax = 20;

    private const string Forbidden = "\\:*?\"<>|";

    /// <summary>What nobody sees in a list of names, or what lets a name look like another: it turns the direction, or is no letter.</summary>
    private const string Unseen = "\u200B\u2028\u2029\u202A\u202B\u202C\u202D\u202E\u2060\u2066\u2067\u2068\u2069\uFEFF\uFFFE\uFFFF";

    /// <summary>The path as it is stored; 400 when it is none.</summary>
    public static string Checked(string? path)
    {
        var trimmed = path ?? "";
        return Problem(trimmed) is { } problem
            ? throw Fault.BadRequest("INVALID_PATH", $"'{Shortened(trimmed)}' is no path of a file: {problem}",
                "Use a relative path such as creations/my-report/index.html.")
            : trimmed;
    }

    /// <summary>What is wrong with the path; null when nothing is.</summary>
    public static string? Problem(string path)
    {
        if (path.Length is 0 or > LengthMax)
        {
            return $"it must have 1 to {LengthMax} characters";
        }

        if (path.Any(character => char.IsControl(character) || Forbidden.Contains(character, StringComparison.Ordinal)) || !IsUnicode(path))
        {
            return $"it must not contain control characters or any of {Forbidden}";
        }

        if (path.AsSpan().ContainsAny(Unseen))
        {
            return "it must not contain characters that nobody sees";
        }

        if (path.Contains("%2f", StringComparison.OrdinalIgnoreCase) || path.Contains("%00", StringComparison.Ordinal))
        {
            return "it must not contain an escaped slash or NUL";
        }

        var segments = path.Split('/');
        if (segments.Length > DepthMax)
        {
            return $"it must be at most {DepthMax} folders deep";
        }

        return segments.Any(segment => segment is "" or "." or ".." || char.IsWhiteSpace(segment[0])
            || char.IsWhiteSpace(segment[^1]) || Encoding.UTF8.GetByteCount(segment) > SegmentBytesMax)
            ? $"each part must be a name of at most {SegmentBytesMax} bytes without blanks at its ends, and not . or .." : null;
    }

    /// <summary>Bytes that are not UTF-8 arrive as replacement characters.</summary>
    private static bool IsUnicode(string path) => path.EnumerateRunes().All(rune => rune != Rune.ReplacementChar);

    private static string Shortened(string path) => path.Length <= 80 ? path : path[..79] + "…";
}
