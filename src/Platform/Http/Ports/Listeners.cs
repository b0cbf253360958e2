using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Remix.Platform.Http.Ports;

/// <summary>Listening on the interface that the operator named.</summary>
internal static class Listeners
{
    public static void Listen(KestrelServerOptions kestrel, string host, int port, Action<ListenOptions> configure)
    {
        if (host == "localhost" && port != 0)
        {
            kestrel.ListenLocalhost(port, configure);
        }
        else if (host is "*" or "0.0.0.0" or "::")
        {
            kestrel.ListenAnyIP(port, configure);
        }
        else
        {
            kestrel.Listen(host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(host), port, configure);
        }
    }
}
