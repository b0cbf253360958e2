using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Remix.JsRuntime.Backend;
using Remix.JsRuntime.Egress;
using Remix.JsRuntime.Slots;
using Remix.JsRuntime.Workers;
using Remix.Platform;
using Remix.Platform.Settings;

namespace Remix.JsRuntime;

/// <summary>Runs other people's JavaScript: one sandboxed workerd process per tenant.</summary>
public sealed class JsRuntimeModule : Module
{
    public override void AddServices(IServiceCollection services, RemixSettings settings)
    {
        services.TryAddSingleton(new SlotPolicy { LiveMax = settings.JsProcessesMax });
        services.AddSingleton<BackServer>();
        services.AddSingleton<EgressProxy>();
        services.AddSingleton<SlotFactory>();
        services.AddSingleton<SlotPool>();
        services.AddSingleton(provider => new AgentRuntime(provider.GetRequiredService<SlotFactory>(),
            provider.GetRequiredService<SlotPool>(), provider.GetRequiredService<SlotPolicy>(), provider.GetRequiredService<EgressProxy>(),
            provider.GetRequiredService<ILogger<AgentRuntime>>()));
        services.AddSingleton(provider => new WorkerRuntime(provider.GetRequiredService<SlotFactory>(),
            provider.GetRequiredService<SlotPool>(), provider.GetRequiredService<SlotPolicy>(),
            provider.GetRequiredService<EgressProxy>(), settings));
        services.AddSingleton<WorkerFront>();
        services.AddHostedService<JsRuntimeHost>();
    }
}
