using Microsoft.Extensions.DependencyInjection;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Data;
using Remix.AgentCloud.Records;
using Remix.Platform;
using Remix.Platform.Settings;

namespace Remix.AgentCloud;

/// <summary>Workspaces of agents, with their records, files, queries, signals and topics, on a port of their own.</summary>
public sealed class AgentCloudModule : Module
{
    public override void AddServices(IServiceCollection services, RemixSettings settings)
    {
        services.AddSingleton<WorkspaceData>();
        services.AddSingleton<CloudApps>();
        services.AddSingleton<RecordStore>();
        services.AddSingleton<Queries.QueryRunner>();
    }
}
