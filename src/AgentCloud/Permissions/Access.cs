namespace Remix.AgentCloud.Permissions;

/// <summary>
/// What somebody may do in a workspace: everything, who owns it; others what is granted to any of the subjects they are.
/// Decides without looking anything up.
/// </summary>
internal sealed class Access(bool isOwner, IReadOnlyList<Grant> held)
{
    public bool IsOwner => isOwner;

    /// <summary>Whether the workspace exists for them at all.</summary>
    public bool SeesAnything => isOwner || held.Count > 0;

    /// <summary>Whether the right is held on the workspace, on an app, or on an agent of it.</summary>
    public bool May(Right right, string? app = null, string? agent = null) =>
        isOwner || held.Any(grant => grant.Resource.Covers(app, agent) && grant.Role.Rights().Contains(right));

    /// <summary>Whether any right is held on the app or on anything in it.</summary>
    public bool SeesApp(string app) => isOwner || held.Any(grant => grant.Role != Role.DbCreator && (grant.Resource.App.Length == 0
        || grant.Resource.App == app));

    public bool SeesAgent(string app, string agent) => May(Right.Run, app, agent);

    /// <summary>Whether the right is held on the whole or on any part of the workspace.</summary>
    public bool MaySomewhere(Right right) => isOwner || held.Any(grant => grant.Role.Rights().Contains(right));

    /// <summary>Every right held on the resource.</summary>
    public IReadOnlyList<Right> Rights(string? app = null, string? agent = null) =>
        [.. Enum.GetValues<Right>().Where(right => May(right, app, agent))];
}
