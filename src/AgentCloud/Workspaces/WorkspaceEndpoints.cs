using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Http;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Tokens;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Settings;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Workspaces;

/// <summary>Making, listing and deleting workspaces.</summary>
internal static class WorkspaceEndpoints
{
    internal static readonly RateLimit Creations = RateLimit.PerMinute("cloud workspaces", RateLimitPer.User, 600);

    public static void MapV0(IEndpointRouteBuilder routes)
    {
        var workspaces = routes.MapGroup("/ws").WithTags("workspaces").Needs(TokenKind.Cloud);
        workspaces.MapGet("/", List).WithSummary("The workspaces you are admin of, with their permissions");
        workspaces.MapPost("/", Create).Limited(Creations).WithSummary("Make a workspace; without a name it gets one");
        workspaces.MapGet("/{ws}", Apps).WithSummary("The apps of a workspace, for its admins");
        workspaces.MapDelete("/{ws}/{app}", DeleteApp).WithSummary("Delete an app and everything in it");
        workspaces.MapDelete("/{ws}", Delete).WithSummary("Delete a workspace and everything in it");
    }

    private static async Task<AdministeredListView> List(CloudCaller caller, WorkspaceStore workspaces)
    {
        var mine = (await workspaces.ListFor(caller)).Where(facts => facts.AccessOf(caller).May(Right.GrantPermissions));
        return new AdministeredListView(true, [.. mine.Select(facts => new AdministeredView(facts.Name, facts.OwnerName, facts.CreatedAt.ToTime(),
            [.. facts.Grants.Select(GrantView.Of)]))]);
    }

    private static async Task<IResult> Create(CloudCaller caller, CloudInput<CreateWorkspace> input, WorkspaceStore workspaces,
        RemixSettings settings)
    {
        RequireCreator(caller, settings);

        var facts = await workspaces.Create(input.Value.Name, caller);
        return TypedResults.Json(new CreatedView(true, facts.Name, facts.OwnerName, facts.CreatedAt.ToTime()), RemixJson.Options, statusCode: 201);
    }

    private static async Task<AppNamesView> Apps(WorkspaceScope workspace, CloudApps apps)
    {
        workspace.Require(Right.GrantPermissions);

        return new AppNamesView(true, workspace.Name, workspace.Facts.OwnerName, [.. (await apps.List(workspace.Id)).Select(app => app.Name)]);
    }

    private static async Task<OkView> DeleteApp(WorkspaceScope workspace, string app, CloudApps apps, GrantStore grants)
    {
        workspace.Require(Right.Delete, app);

        await apps.Get(workspace.Id, app);

        // First: whatever happens in between, the next app of this name does not begin with them.
        await grants.DeleteFor(workspace.Facts, app);
        await apps.Delete(workspace.Id, app);
        return new OkView(true);
    }

    private static async Task<OkView> Delete(WorkspaceScope workspace, WorkspaceStore workspaces, WorkspaceContents contents)
    {
        workspace.Require(Right.Delete);

        await workspaces.Delete(workspace.Facts);
        await contents.Remove(workspace.Id);
        return new OkView(true);
    }

    /// <summary>The caller must be one of those whom the operator lets make workspaces.</summary>
    internal static void RequireCreator(CloudCaller caller, RemixSettings settings)
    {
        caller.RequireKey();
        if (!settings.Cloud.Creators.Any(creator => caller.Subjects.Contains(Subject.Parse(creator) ?? creator, StringComparer.Ordinal)))
        {
            throw Fault.Forbidden($"{caller.Name} may not make workspaces on this server",
                $"Its operator says who may, in {SettingNames.CloudCreators}. Ask for a permission in somebody's workspace instead.");
        }
    }
}

internal sealed record CreateWorkspace(string? Name) : IReadFields<CreateWorkspace>
{
    public static CreateWorkspace Read(Fields fields) => new(NameIn(fields, "name"));

    /// <summary>The name for a workspace that a field gives; null when it gives none, or an empty one.</summary>
    public static string? NameIn(Fields fields, string field)
    {
        var name = fields.Text(field, 4 * CloudNames.LengthMax) is { Length: > 0 } text ? text : null;
        if (name is not null && !CloudNames.IsName(name))
        {
            fields.Problem(field, $"A name is {CloudNames.Rule}", "invalid_string");
        }

        return name;
    }
}

internal sealed record CreatedView(bool Ok, string Name, string Owner, DateTime CreatedAt);

internal sealed record AppNamesView(bool Ok, string Name, string Owner, IReadOnlyList<string> Apps);

internal sealed record AdministeredListView(bool Ok, IReadOnlyList<AdministeredView> Workspaces);

internal sealed record AdministeredView(string Name, string Owner, DateTime CreatedAt, IReadOnlyList<GrantView> Permissions);
