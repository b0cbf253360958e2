using Microsoft.Extensions.DependencyInjection;
using Remix.Platform;
using Remix.Platform.Settings;

namespace Remix.JsRuntime;

/// <summary>Runs other people's JavaScript: one sandboxed workerd process per tenant.</summary>
public sealed class JsRuntimeModule : Module
{
    public override void AddServices(IServiceCollection services, RemixSettings settings)
    {
        services.AddSingleton<AgentRuntime>();
    }
}
