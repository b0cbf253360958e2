using Remix.Platform.Faults;

namespace Remix.AgentCloud.Apps;

/// <summary>An app of a workspace: one record store, one file tree, its agents and queries. Its number never passes to another.</summary>
/// <param name="LastRow">The number of the newest version in its record store; 0 when there is none.</param>
/// <param name="Metadata">JSON object.</param>
/// <param name="Constants">JSON object: what <c>remixgen</c> may override.</param>
internal sealed record App(long Id, string Name, long CreatedAt, string CreatedBy, long LastRow, string Metadata, string Constants)
{
    public const int CountMax = 1000;
    public const int MetadataBytesMax = 64 * 1024;

    /// <summary>What the system keeps for itself, in names and in records.</summary>
    public const string Reserved = CloudNames.Reserved;

    public const string NameRule = CloudNames.Rule;

    public static bool IsName(string? text) => CloudNames.IsName(text);

    public static Fault BadName(string field, string name) =>
        Fault.Invalid(field, $"'{(name.Length > 80 ? name[..79] + "…" : name)}' must be {NameRule}");
}
