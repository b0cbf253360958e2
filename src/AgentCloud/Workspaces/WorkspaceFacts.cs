using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Tokens;

namespace Remix.AgentCloud.Workspaces;

/// <summary>A workspace as every request wants to know it, with who may do what in it.</summary>
/// <param name="Id">Never changes and is never shown; names the workspace's database.</param>
/// <param name="Name">What people call it; nobody else's on this server.</param>
/// <param name="Owner">The key of who made it, which never changes.</param>
internal sealed record WorkspaceFacts(string Id, string Name, string Owner, string OwnerName, long CreatedAt)
{
    private readonly ILookup<string, Grant> grants = Enumerable.Empty<Grant>().ToLookup(grant => grant.Subject, StringComparer.Ordinal);

    public IEnumerable<Grant> Grants
    {
        get => grants.SelectMany(subject => subject);
        init => grants = value.ToLookup(grant => grant.Subject, StringComparer.Ordinal);
    }

    public Access AccessOf(CloudCaller caller) => AccessOf(caller.Subjects, caller.Key);

    /// <summary>What those subjects together may do here; who has the owner's key, everything.</summary>
    public Access AccessOf(IEnumerable<string> subjects, string? key) =>
        new(key is not null && key == Owner, [.. subjects.SelectMany(subject => grants[subject])]);
}
