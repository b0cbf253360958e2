using Microsoft.Extensions.Hosting;
using Remix.Platform.Realtime;

namespace Remix.Platform.Health;

/// <summary>Knows that the server is stopping, and tells those who stay connected to come back.</summary>
public sealed class Lifecycle
{
    public Lifecycle(IHostApplicationLifetime lifetime, LiveHub hub)
    {
        lifetime.ApplicationStopping.Register(() =>
        {
            IsStopping = true;
            _ = hub.CloseAll();
        });
    }

    public bool IsStopping { get; private set; }
}
