using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Tokens;
using Remix.Platform.Data;
using Remix.Platform.Http;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Workspaces;

/// <summary>What there is: workspaces, apps, agents, each as far as the caller holds a permission on it.</summary>
internal static class IntrospectionEndpoints
{
    public static void MapV1(IEndpointRouteBuilder routes)
    {
        var workspaces = routes.MapGroup("/ws").WithTags("workspaces").Needs(TokenKind.Cloud);
        workspaces.MapGet("", List).WithSummary("The workspaces you own or have a permission in");
        workspaces.MapGet("/{ws}", Workspace).WithSummary("A workspace, and those of its apps that you have a permission on");
        workspaces.MapGet("/{ws}/app/{app}", App).WithSummary("An app, and those of its agents that you may run");
        workspaces.MapGet("/{ws}/app/{app}/agent/{agent}", Agent).WithSummary("An agent: what goes in, what comes out");
    }

    private static async Task<WorkspaceListView> List(CloudCaller caller, WorkspaceStore workspaces) => new([.. (await workspaces.ListFor(caller))
        .Select(facts => new WorkspaceView(facts.Name, facts.OwnerName, facts.CreatedAt.ToTime(), Words(facts.AccessOf(caller).Rights())))]);

    private static async Task<WorkspaceAppsView> Workspace(WorkspaceScope workspace, CloudApps apps)
    {
        var visible = (await apps.List(workspace.Id)).Where(app => workspace.Access.SeesApp(app.Name));
        var facts = workspace.Facts;
        return new WorkspaceAppsView(facts.Name, facts.OwnerName, facts.CreatedAt.ToTime(), Words(workspace.Access.Rights()),
            [.. visible.Select(app => new AppView(app.Name, app.CreatedAt.ToTime()))]);
    }

    private static async Task<AppAgentsView> App(WorkspaceScope workspace, string app, CloudApps apps, IEnumerable<AgentSource> sources)
    {
        workspace.RequireApp(app);

        var found = await apps.Get(workspace.Id, app);
        var agents = new List<AgentView>();
        foreach (var source in sources)
        {
            agents.AddRange(await source.List(workspace.Id, app));
        }

        return new AppAgentsView(found.Name, found.CreatedAt.ToTime(), found.CreatedBy, Words(workspace.Access.Rights(app)),
            [.. agents.DistinctBy(agent => agent.Name, StringComparer.Ordinal).Where(agent => workspace.Access.SeesAgent(app, agent.Name))
                .OrderBy(agent => agent.Name, StringComparer.Ordinal)]);
    }

    private static async Task<AgentView> Agent(WorkspaceScope workspace, string app, string agent, CloudApps apps, IEnumerable<AgentSource> sources)
    {
        workspace.RequireApp(app);
        workspace.Require(Right.Run, app, agent);

        await apps.Get(workspace.Id, app);
        foreach (var source in sources)
        {
            if (CloudNames.IsName(agent) && await source.Find(workspace.Id, app, agent) is { } found)
            {
                return found;
            }
        }

        throw WorkspaceScope.AgentNotFound();
    }

    private static string[] Words(IReadOnlyList<Right> rights) => [.. rights.Select(right => EnumText.Of(right))];
}

internal sealed record WorkspaceListView(IReadOnlyList<WorkspaceView> Workspaces);

internal sealed record WorkspaceView(string Name, string Owner, DateTime CreatedAt, IReadOnlyList<string> Rights);

internal sealed record WorkspaceAppsView(string Name, string Owner, DateTime CreatedAt, IReadOnlyList<string> Rights, IReadOnlyList<AppView> Apps);

internal sealed record AppView(string Name, DateTime CreatedAt);

internal sealed record AppAgentsView(string Name, DateTime CreatedAt, string CreatedBy, IReadOnlyList<string> Rights,
    IReadOnlyList<AgentView> Agents);
