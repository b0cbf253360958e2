using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.AgentCloud.Http;
using Remix.AgentCloud.Workspaces;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Permissions;

/// <summary>Granting, seeing and taking back permissions.</summary>
internal static class GrantEndpoints
{
    private static readonly RateLimit Changes = RateLimit.PerMinute("cloud permissions", RateLimitPer.User, 1200);

    public static void MapV0(IEndpointRouteBuilder routes) => routes.MapPost("/grant-permission/{ws}", Add).WithTags("permissions")
        .Needs(TokenKind.Cloud).Limited(Changes).WithSummary("Grant a role on a resource of the workspace to a subject");

    public static void MapV1(IEndpointRouteBuilder routes)
    {
        foreach (var (path, whose) in new[]
        {
            ("/ws/{ws}/permissions", "workspace"),
            ("/ws/{ws}/app/{app}/permissions", "app"),
            ("/ws/{ws}/app/{app}/agent/{agent}/permissions", "agent"),
        })
        {
            var permissions = routes.MapGroup(path).WithTags("permissions").Needs(TokenKind.Cloud);
            permissions.MapGet("", List).WithSummary($"Permissions of the {whose}");
            permissions.MapGet("/{id}", Get).WithSummary($"One permission of the {whose}");
            permissions.MapDelete("/{id}", Delete).Limited(Changes).WithSummary($"Take back a permission of the {whose}");
        }
    }

    private static async Task<GrantedView> Add(WorkspaceScope workspace, CloudInput<GrantPermission> input, GrantStore grants)
    {
        var (subject, role, resource) = input.Value;
        workspace.Require(Right.GrantPermissions, App(resource.App));

        var grant = await grants.Add(workspace.Facts, subject, role, resource, workspace.Caller);
        return new GrantedView(true, grant.Id, grant.Subject, grant.Role.Text(), grant.Resource.Text);
    }

    private static async Task<GrantListView> List(WorkspaceScope workspace, GrantStore grants, HttpContext context)
    {
        var (app, agent) = Place(workspace, context);

        return new GrantListView([.. (await grants.List(workspace.Id, app, agent)).Select(GrantView.Of)]);
    }

    private static async Task<GrantView> Get(WorkspaceScope workspace, string id, GrantStore grants, HttpContext context)
    {
        var (app, agent) = Place(workspace, context);

        return GrantView.Of(await grants.Find(workspace.Id, app, agent, id));
    }

    private static async Task<OkView> Delete(WorkspaceScope workspace, string id, GrantStore grants, HttpContext context)
    {
        var (app, agent) = Place(workspace, context);

        await grants.Delete(workspace.Facts, await grants.Find(workspace.Id, app, agent, id));
        return new OkView(true);
    }

    /// <summary>The part of the workspace that the address names, in which the caller must be an admin.</summary>
    private static (string App, string Agent) Place(WorkspaceScope workspace, HttpContext context)
    {
        var (app, agent) = (context.GetRouteValue("app") as string, context.GetRouteValue("agent") as string);
        if (app is not null && !CloudNames.IsName(app))
        {
            throw WorkspaceScope.AppNotFound();
        }

        if (agent is not null && !CloudNames.IsName(agent))
        {
            throw WorkspaceScope.AgentNotFound();
        }

        workspace.Require(Right.GrantPermissions, app);
        return (app ?? "", agent ?? "");
    }

    private static string? App(string app) => app.Length == 0 ? null : app;
}

internal sealed record GrantPermission(string Subject, Role Role, Resource Resource) : IReadFields<GrantPermission>
{
    private const int LengthMax = 600;

    public static GrantPermission Read(Fields fields)
    {
        var (subject, role, resource) = (fields.RequiredText("subject", LengthMax), fields.RequiredText("role", LengthMax),
            fields.RequiredText("resource", LengthMax));
        var wish = new GrantPermission(Permissions.Subject.Parse(subject) ?? "", Roles.Parse(role) ?? Role.Runner,
            Resource.Parse(resource) ?? Resource.Workspace);
        if (subject.Length > 0 && wish.Subject.Length == 0)
        {
            fields.Problem("subject", $"Expected {Permissions.Subject.Forms}", "invalid_string");
        }

        if (role.Length > 0 && Roles.Parse(role) is null)
        {
            fields.Problem("role", $"Expected {string.Join(" | ", Roles.Texts)}", "invalid_enum_value");
        }

        if (resource.Length > 0 && Resource.Parse(resource) is null)
        {
            fields.Problem("resource", $"Expected {Resource.Forms}; a name is {CloudNames.Rule}", "invalid_string");
        }
        else if (fields.IsValid && !wish.Role.AppliesTo(wish.Resource))
        {
            fields.Problem("role", $"The role {role} cannot be granted on {resource}: "
                + (wish.Role == Role.DbCreator ? "it is for the whole workspace" : "it is for an app or the whole workspace"));
        }

        return wish;
    }
}

internal sealed record GrantedView(bool Ok, string Id, string Subject, string Role, string Resource);

internal sealed record GrantListView(IReadOnlyList<GrantView> Permissions);

internal sealed record GrantView(string Id, string Subject, string Role, string Resource, string GrantedBy, DateTime GrantedAt)
{
    public static GrantView Of(Grant grant) =>
        new(grant.Id, grant.Subject, grant.Role.Text(), grant.Resource.Text, grant.CreatedBy, grant.CreatedAt.ToTime());
}
