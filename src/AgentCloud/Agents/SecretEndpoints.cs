using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.AgentCloud.Http;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Workspaces;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;

namespace Remix.AgentCloud.Agents;

/// <summary>Setting and deleting secrets. There is no way to read or list them but an agent's.</summary>
internal static class SecretEndpoints
{
    private static readonly RateLimit Changes = RateLimit.PerMinute("cloud secrets", RateLimitPer.User, 600);

    public static void MapV1(IEndpointRouteBuilder routes)
    {
        var secrets = routes.MapGroup("/ws/{ws}/secrets").WithTags("secrets").Needs(TokenKind.Cloud);
        secrets.MapPut("/{name}", Set).Limited(Changes).WithSummary("Set a secret of the workspace, which its agents read by its name");
        secrets.MapDelete("/{name}", Delete).Limited(Changes).WithSummary("Delete a secret of the workspace");
    }

    private static async Task<OkView> Set(WorkspaceScope workspace, string name, CloudInput<SetSecret> input, SecretStore secrets)
    {
        workspace.Require(Right.GrantPermissions);
        RequireName(name);

        await secrets.Set(workspace.Id, name, input.Value.Value, workspace.Caller.Name);
        return new OkView(true);
    }

    private static async Task<OkView> Delete(WorkspaceScope workspace, string name, SecretStore secrets)
    {
        workspace.Require(Right.GrantPermissions);
        RequireName(name);

        await secrets.Delete(workspace.Id, name);
        return new OkView(true);
    }

    private static void RequireName(string name)
    {
        if (!CloudNames.IsName(name))
        {
            throw Fault.Invalid("name", $"A secret's name is {CloudNames.Rule}");
        }
    }
}

internal sealed record SetSecret(string Value) : IReadFields<SetSecret>
{
    public static SetSecret Read(Fields fields) => new(fields.RequiredText("value", SecretStore.LengthMax));
}
