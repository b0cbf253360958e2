using Microsoft.AspNetCore.Http;
using Remix.Platform.Faults;
using Remix.Platform.Http.Ports;
using Remix.Platform.Settings;

namespace Remix.Platform.Http;

/// <summary>
/// Refuses a Host that no address can be made of: everything behind may make one of it, and even reading it may fail. Who
/// names none, as HTTP/1.0 allows, means us.
/// </summary>
internal sealed class NamedHost(RequestDelegate next, RemixSettings settings)
{
    private string? sound;

    public Task InvokeAsync(HttpContext context)
    {
        var host = context.Request.Headers.Host.ToString();
        if (host.Length == 0)
        {
            context.Request.Host = new HostString(OwnPort.Of(context) is null ? settings.Authority : settings.Cloud.Uri.Authority);
            return next(context);
        }

        // Most requests name the same one as the request before them.
        if (host == Volatile.Read(ref sound))
        {
            return next(context);
        }

        if (IsSound(host))
        {
            Volatile.Write(ref sound, host);
            return next(context);
        }

        return FaultRenderer.Write(context, Fault.BadRequest("INVALID_HOST", "The Host header names no host",
            "Send the name and port that the address has, for example Host: localhost:4700."));
    }

    private static bool IsSound(string host)
    {
        if (!Uri.TryCreate($"http://{host}/", UriKind.Absolute, out var address) || address.PathAndQuery != "/" || address.UserInfo.Length > 0)
        {
            return false;
        }

        try
        {
            // Decodes xn--, which may be the beginning of nothing.
            return HostString.FromUriComponent(host).HasValue;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
