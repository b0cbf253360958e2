using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Remix.AgentCloud.Activity;
using Remix.AgentCloud.Agents;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.CloudSignals;
using Remix.AgentCloud.Data;
using Remix.AgentCloud.Files;
using Remix.AgentCloud.Http;
using Remix.AgentCloud.Packages;
using Remix.AgentCloud.Pages;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Queries;
using Remix.AgentCloud.Records;
using Remix.AgentCloud.Tapes;
using Remix.AgentCloud.Tokens;
using Remix.AgentCloud.Topics;
using Remix.AgentCloud.Workspaces;
using Remix.AgentCloud.Zip;
using Remix.Identity.Users;
using Remix.Platform;
using Remix.Platform.Http.Ports;
using Remix.Platform.Jobs;
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

    public override IReadOnlyList<string> BlobReferences => [NamedBlobs.Reference];

    public override IReadOnlyList<ServerCommand> Commands => [MakeTokenCommand.Command];

    public override void AddServices(IServiceCollection services, RemixSettings settings)
    {
        services.AddSingleton<TokenKey>();
        services.AddSingleton<OutsideKeys>();
        services.AddSingleton<SignedTokens>();
        services.AddSingleton<CloudCallers>();
        services.AddSingleton<CloudActivities>();
        services.AddSingleton<WorkspaceDirectory>();
        services.AddSingleton<WorkspaceStore>();
        services.AddSingleton<UserErasure, WorkspaceErasure>();
        services.AddSingleton<GrantStore>();
        services.AddSingleton<WorkspaceContents>();
        services.AddSingleton<Job, CloudSweepJob>();
        services.AddSingleton((CloudPort)Port);
        services.AddSingleton<CloudHosts>();
        services.AddSingleton<SignalStore>();
        services.AddSingleton<SignalWaits>();
        services.AddSingleton<TopicStore>();
        services.AddSingleton<TopicHub>();
        services.AddSingleton<CloudTopics>();
        services.AddSingleton<WorkspaceData>();
        services.AddSingleton<CloudApps>();
        services.AddSingleton<RecordStore>();
        services.AddSingleton<NamedBlobs>();
        services.AddSingleton<AppFiles>();
        services.AddSingleton<FileAddresses>();
        services.AddSingleton<FileChange>();
        services.AddSingleton<AppFounding>();
        services.AddSingleton<IncomingFile>();
        services.AddSingleton<UrlFetch>();
        services.AddSingleton<PackageInstaller>();
        services.AddSingleton<Remixgen>();
        services.AddSingleton<TapeWriter>();
        services.AddSingleton<TapeImporter>();
        services.AddSingleton<Job, NamedBlobSweepJob>();
        AgentServices.Add(services);
        services.AddSingleton<QueryRunner>();
        services.AddSingleton<CloudQueries>();
    }

    /// <summary>The routes of the cloud's port.</summary>
    private static void Map(IEndpointRouteBuilder routes)
    {
        HealthEndpoints.Map(routes);
        PageFiles.Map(routes);
        TokenEndpoints.Map(routes);
        CloudRoutes.MapV0(routes, v0 =>
        {
            WorkspaceEndpoints.MapV0(v0);
            GrantEndpoints.MapV0(v0);
            ActivityEndpoints.MapV0(v0);
            TopicEndpoints.MapV0(v0);
            RunEndpoints.MapV0(v0);
            CloudQueryEndpoints.MapV0(v0);
            PackageEndpoints.MapV0(v0);
            RemixgenEndpoints.MapV0(v0);
            TapeEndpoints.MapV0(v0);
        });
        CloudRoutes.MapV1(routes, v1 =>
        {
            IntrospectionEndpoints.MapV1(v1);
            AgentServices.MapV1(v1);
            GrantEndpoints.MapV1(v1);
            SignalEndpoints.MapV1(v1);
            FileEndpoints.MapV1(v1);
            FileManagerEndpoints.MapV1(v1);
            TapeEndpoints.MapV1(v1);
        });
    }
}
