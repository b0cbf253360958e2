using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Remix.AgentCloud.Activity;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Data;
using Remix.AgentCloud.Http;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Records;
using Remix.AgentCloud.Tokens;
using Remix.AgentCloud.Workspaces;
using Remix.Identity.Users;
using Remix.Platform;
using Remix.Platform.Http.Ports;
using Remix.Platform.Settings;

namespace Remix.AgentCloud;

/// <summary>Workspaces of agents, with their records, files, queries, signals and topics, on a port of their own.</summary>
public sealed class AgentCloudModule : Module
{
    public AgentCloudModule()
    {
        Port = new CloudPort(Map);
    }

    public override OwnPort Port { get; }

    public override void AddServices(IServiceCollection services, RemixSettings settings)
    {
        services.AddSingleton<CloudCallers>();
        services.AddSingleton<CloudActivities>();
        services.AddSingleton<WorkspaceDirectory>();
        services.AddSingleton<WorkspaceStore>();
        services.AddSingleton<UserErasure, WorkspaceErasure>();
        services.AddSingleton<GrantStore>();
        services.AddSingleton<WorkspaceData>();
        services.AddSingleton<CloudApps>();
        services.AddSingleton<RecordStore>();
    }

    /// <summary>The routes of the cloud's port.</summary>
    private static void Map(IEndpointRouteBuilder routes)
    {
        HealthEndpoints.Map(routes);
        CloudRoutes.MapV0(routes, v0 =>
        {
            WorkspaceEndpoints.MapV0(v0);
            GrantEndpoints.MapV0(v0);
            ActivityEndpoints.MapV0(v0);
        });
        CloudRoutes.MapV1(routes, v1 =>
        {
            GrantEndpoints.MapV1(v1);
        });
    }
}
