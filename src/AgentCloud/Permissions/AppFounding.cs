using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Workspaces;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Permissions;

/// <summary>
/// The role <c>db/creator</c>: who may create apps, and nothing more, makes one by the first thing that goes into it, and is its
/// admin from then on. What is there already is none of his business.
/// </summary>
internal sealed class AppFounding(CloudApps apps, GrantStore grants, WorkspaceDirectory directory)
{
    /// <summary>The workspace as the caller may know it, after he made the app, if it was his to make.</summary>
    public async Task<WorkspaceScope> Enter(WorkspaceScope workspace, string app)
    {
        var caller = workspace.Caller;
        if (workspace.May(Right.Write, app) || !workspace.May(Right.CreateDb) || caller.IsAnonymous || !CloudNames.IsName(app))
        {
            return workspace;
        }

        if (!caller.Subjects.Contains(caller.Subjectively, StringComparer.Ordinal))
        {
            throw new Fault(403, "PERMISSION_DENIED", $"{caller.Name} has no verified e-mail address, by which the new app could be granted to them")
            {
                Hint = "Use a token that names one (remix cloud mktoken --email), or let an admin of the workspace make the app.",
            };
        }

        try
        {
            await apps.Create(workspace.Id, app, caller.Name);
        }
        catch (Fault fault) when (fault.Code == CloudApps.Exists)
        {
            return workspace;
        }

        await grants.Add(workspace.Facts, caller.Subjectively, Role.Admin, new Resource(app, ""), caller);
        return await directory.Enter(workspace.Name, caller);
    }
}
