using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Remix.AgentCloud.Activity;
using Remix.AgentCloud.Http;
using Remix.AgentCloud.Mcp;
using Remix.AgentCloud.Pages;
using Remix.AgentCloud.Workspaces;

namespace Remix.AgentCloud.Agents;

/// <summary>What running agents needs, and the routes around it.</summary>
internal static class AgentServices
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<AgentLibrary>();
        services.AddSingleton<AgentSource, LibrarySource>();
        services.AddSingleton<QueryAgents>();
        services.AddSingleton<AgentSource>(provider => provider.GetRequiredService<QueryAgents>());
        services.AddSingleton<AgentRunner>();
        services.AddSingleton<RunLogs>();
        services.AddSingleton<SecretKey>();
        services.AddSingleton<SecretStore>();
        services.AddSingleton<HostRecords>();
        services.AddSingleton<HostFiles>();
        services.AddSingleton<HostMessages>();
        services.AddSingleton<HostCalls>();
        services.AddSingleton<FrontPage>(PageFiles.Front);
        services.AddSingleton<McpSessions>();
        services.AddSingleton<McpTools>();
    }

    public static void MapV1(IEndpointRouteBuilder routes)
    {
        SecretEndpoints.MapV1(routes);
        RunLogEndpoints.MapV1(routes);
        McpEndpoints.MapV1(routes);
        LatestActivityEndpoints.MapV1(routes);
    }
}
