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

        return Knows(host) && Forwarded(context.Request).All(Knows) ? next(context)
            : FaultRenderer.Write(context, Fault.BadRequest("INVALID_HOST", "The Host header names no host",
                "Send the name and port that the address has, for example Host: localhost:4700."));
    }

    /// <summary>What a proxy says was asked for, which may soon stand for the host.</summary>
    private IEnumerable<string> Forwarded(HttpRequest request) => settings.TrustedProxies.Count == 0 ? [] : request.Headers["X-Forwarded-Host"]
        .SelectMany(header => (header ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Most requests name the same host as the one before them.</summary>
    private bool Knows(string host)
    {
        if (host == Volatile.Read(ref sound))
        {
            return true;
        }

        if (!IsSound(host))
        {
            return false;
        }

        Volatile.Write(ref sound, host);
        return true;
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
