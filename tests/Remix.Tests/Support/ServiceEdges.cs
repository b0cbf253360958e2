using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Remix.Tests.Support;

/// <summary>Replacing what lies at the edge of the process.</summary>
internal static class ServiceEdges
{
    public static void Replace(this IServiceCollection services, TimeProvider clock)
    {
        services.RemoveAll<TimeProvider>();
        services.AddSingleton(clock);
    }
}
