using System.Text.RegularExpressions;

namespace Remix.Cli.Cloud;

/// <summary>What an app can be called: said here, before anything is made that the cloud would refuse.</summary>
internal static partial class AppName
{
    public const string Rule = "letters, digits, - and _, starting with a letter or digit, at most 64 characters, without _rmx_";

    [GeneratedRegex(@"^(?!.*_rmx_)[A-Za-z0-9][A-Za-z0-9_-]{0,63}\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Pattern { get; }

    /// <summary>The name; refused, with what to do instead, when no app can have it.</summary>
    public static string Checked(string name, string hint) => Pattern.IsMatch(name) ? name
        : throw new MisuseException($"'{name}' is no name for an app: {Rule}.", hint);
}
