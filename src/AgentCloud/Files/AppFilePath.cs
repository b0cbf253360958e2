using System.Text;

namespace Remix.AgentCloud.Files;

/// <summary>Which paths an app's file may have: absolute as on UNIX, and written in one way only.</summary>
internal static class AppFilePath
{
    public const int LengthMax = 512;
    public const int SegmentBytesMax = 255;
    public const int DepthMax = 32;

    /// <summary>The folder whose files anybody may read.</summary>
    public const string Public = "/public/";

    public const string Root = "/";

    /// <summary>Slashes and NUL as some readers would write them out.</summary>
    private static readonly string[] Escapes = ["%2f", "%5c", "%00"];

    /// <summary>What is wrong with the path of a file; null when nothing is.</summary>
    public static string? Problem(string path)
    {
        if (!path.StartsWith('/') || path.Length < 2)
        {
            return "A path begins with / and names a file, for example /public/logo.svg";
        }

        if (path.Length > LengthMax)
        {
            return $"A path has at most {LengthMax} characters";
        }

        if (path.Any(letter => char.IsControl(letter) || letter is '\\' or '\uFFFD') || !Records.RecordContent.TextIsGood(path)
            || Escapes.Any(escape => path.Contains(escape, StringComparison.OrdinalIgnoreCase)))
        {
            return "A path has no control characters, no backslash and no escaped slash, and is valid Unicode";
        }

        var segments = path[1..].Split('/');
        return segments.Length > DepthMax ? $"A path is at most {DepthMax} folders deep"
            : segments.Select(SegmentProblem).FirstOrDefault(problem => problem is not null);
    }

    public static bool IsPublic(string path) => path.StartsWith(Public, StringComparison.Ordinal);

    /// <summary>The folder as it is kept: no name is the root, and a slash at the end says nothing.</summary>
    public static string Folder(string? name) => string.IsNullOrEmpty(name) ? Root
        : name.Length > 1 && name.EndsWith('/') ? name[..^1] : name;

    /// <summary>The folder that holds the file; the root is <c>/</c>.</summary>
    public static string Parent(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : Root;

    /// <summary>All folders around the file but the root, the outermost first.</summary>
    public static IEnumerable<string> Folders(string path)
    {
        for (var slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }
    }

    /// <summary>What all paths below the folder begin with.</summary>
    public static string Inside(string folder) => folder == Root ? Root : folder + "/";

    /// <summary>The least text after all paths that begin so.</summary>
    public static string After(string inside) => inside[..^1] + (char)('/' + 1);

    /// <summary>Without escapes, and with plain dots: what a reader on another system may take the part for.</summary>
    private static string Plain(string segment) => segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase)
        .Replace('\uFF0E', '.').Replace('\uFE52', '.').Replace('\u2024', '.').Replace("\u2025", "..", StringComparison.Ordinal);

    private static string? SegmentProblem(string segment) => segment switch
    {
        "" => "A path has no empty part: no // and no / at its end",
        _ when Plain(segment) is "." or ".." => "A path has no part . or .., however it is written",
        _ when Encoding.UTF8.GetByteCount(segment) > SegmentBytesMax => $"Each part of a path has at most {SegmentBytesMax} bytes",
        _ when segment.StartsWith(' ') || segment.EndsWith(' ') => "No part of a path begins or ends with a space",
        _ when segment.Contains(CloudNames.Reserved, StringComparison.OrdinalIgnoreCase) =>
            $"No part of a path holds {CloudNames.Reserved}, which is the system's",
        _ => null,
    };
}
