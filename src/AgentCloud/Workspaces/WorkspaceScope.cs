using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Tokens;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Workspaces;

/// <summary>
/// The workspace named in the address (<c>{ws}</c>), as far as this caller may know of it. Binds in handlers: what the
/// caller may not see is 404 before the handler begins.
/// </summary>
internal sealed class WorkspaceScope(WorkspaceFacts facts, CloudCaller caller, Access access)
{
    public WorkspaceFacts Facts { get; } = facts;

    public CloudCaller Caller { get; } = caller;

    public Access Access { get; } = access;

    /// <summary>The internal id, by which stores find the workspace's content.</summary>
    public string Id => Facts.Id;

    public string Name => Facts.Name;

    public bool May(Right right, string? app = null, string? agent = null) => Access.May(right, app, agent);

    /// <summary>
    /// The caller must hold the right on the workspace, on an app of it, or on an agent of that. Of an app on which it holds
    /// nothing it does not learn whether it is there.
    /// </summary>
    public void Require(Right right, string? app = null, string? agent = null)
    {
        if (May(right, app, agent))
        {
            return;
        }

        if (Caller.IsAnonymous)
        {
            throw CloudCaller.Missing();
        }

        if (app is not null && !Access.SeesApp(app))
        {
            throw AppNotFound();
        }

        if (app is not null && agent is not null && !Access.SeesAgent(app, agent))
        {
            throw AgentNotFound();
        }

        throw Denied(right, app, agent);
    }

    /// <summary>The caller must hold anything at all on the app or in it.</summary>
    public void RequireApp(string app)
    {
        if (!CloudNames.IsName(app) || !Access.SeesApp(app))
        {
            throw Caller.IsAnonymous ? CloudCaller.Missing() : AppNotFound();
        }
    }

    public static Fault AppNotFound() => Fault.NotFound("App", "GET /v1/ws/{ws} lists the apps you have a permission on.");

    public static Fault AgentNotFound() => Fault.NotFound("Agent", "GET /v1/ws/{ws}/app/{app} lists the agents you may run.");

    private Fault Denied(Right right, string? app, string? agent)
    {
        var word = Platform.Data.EnumText.Of(right);
        var resource = new Resource(app ?? "", agent ?? "");
        var role = Enum.GetValues<Role>().First(role => role.Rights().Contains(right));
        return new Fault(403, "PERMISSION_DENIED", $"{Caller.Name} has no permission to {word} on {resource.Text} of {Name}")
        {
            Hint = $"An admin of the workspace can give the role {role.Text()}: POST /grant-permission/{Name}.",
        };
    }

    public static async ValueTask<WorkspaceScope?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var directory = context.RequestServices.GetRequiredService<WorkspaceDirectory>();
        return await directory.Enter(context.GetRouteValue("ws") as string, CloudCaller.Of(context));
    }
}
