using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Remix.AgentCloud;

/// <summary>The one rule for the names of workspaces, apps and agents.</summary>
internal static partial class CloudNames
{
    public const int LengthMax = 64;

    /// <summary>What begins the system's own fields; no name holds it.</summary>
    public const string Reserved = "_rmx_";

    public const string Rule = "letters, digits, - and _, starting with a letter or digit, at most 64 characters, without _rmx_";

    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern { get; }

    public static bool IsName(string? text) =>
        text is not null && Pattern.IsMatch(text) && !text.Contains(Reserved, StringComparison.OrdinalIgnoreCase);

    /// <summary>For who does not name a workspace.</summary>
    public static string Random() => RandomNumberGenerator.GetString(Alphabet, 10);

    /// <summary>An id that nobody guesses: 32 hex digits.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
