using System.Text.RegularExpressions;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Apps;

/// <summary>An app of a workspace: one record store, one file tree, its agents and queries. Its number never passes to another.</summary>
/// <param name="LastRow">The number of the newest version in its record store; 0 when there is none.</param>
/// <param name="Metadata">JSON object.</param>
/// <param name="Constants">JSON object: what <c>remixgen</c> may override.</param>
internal sealed partial record App(long Id, string Name, long CreatedAt, string CreatedBy, long LastRow, string Metadata, string Constants)
{
    public const int CountMax = 1000;
    public const int MetadataBytesMax = 64 * 1024;

    /// <summary>What the system keeps for itself, in names and in records.</summary>
    public const string Reserved = "_rmx_";

    public const string NameRule = "letters, digits, - and _, starting with a letter or digit, at most 64 characters, without _rmx_";

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    public static bool IsName(string? text) => text is not null && NamePattern().IsMatch(text)
        && !text.Contains(Reserved, StringComparison.Ordinal);

    public static Fault BadName(string field, string name) =>
        Fault.Invalid(field, $"'{(name.Length > 80 ? name[..79] + "…" : name)}' must be {NameRule}");
}
