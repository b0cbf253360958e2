using System.Text.RegularExpressions;

namespace Remix.Platform.Text;

/// <summary>The one rule for user ids and for each half of <c>user/agent</c>, <c>owner/room</c>, <c>owner/studio</c>.</summary>
public static partial class Names
{
    public const int LengthMax = 64;

    public const string Rule = "lower-case letters, digits, - and _, starting with a letter or digit, at most 64 characters";

    [GeneratedRegex(@"^[a-z0-9][a-z0-9_-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    public static bool IsName(string? text) => text is not null && NamePattern().IsMatch(text);

    /// <summary>Whether the text is <c>name/name</c>.</summary>
    public static bool IsPair(string? text)
    {
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        return slash > 0 && IsName(text![..slash]) && IsName(text[(slash + 1)..]);
    }

    /// <summary>The first half of <c>name/name</c>: whose it is.</summary>
    public static string OwnerOf(string pair) => pair[..pair.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>The second half of <c>name/name</c>.</summary>
    public static string LeafOf(string pair) => pair[(pair.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
