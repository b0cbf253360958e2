using System.Net;
using Microsoft.AspNetCore.Http;
using Remix.Platform.Settings;

namespace Remix.Platform.Http;

/// <summary>
/// The server's address as its reader can use it: the one from the settings, or, for who came by a bare address (a phone
/// on the local network), that one.
/// </summary>
public static class PublicAddress
{
    public static string Base(RemixSettings settings, HttpRequest? request) =>
        request is not null && IsBare(request.Host.Host) ? $"{request.Scheme}://{request.Host}" : settings.BaseUrl;

    /// <summary>Whether hosts below ours have names that this reader can resolve.</summary>
    public static bool HasSubdomains(RemixSettings settings, HttpRequest? request) =>
        !IsBare(request is not null && IsBare(request.Host.Host) ? request.Host.Host : settings.BaseUri.Host);

    /// <summary>Whether the request came to our own name, or to a bare address, and not to a name below ours.</summary>
    public static bool IsOurs(RemixSettings settings, HttpRequest request) =>
        string.Equals(request.Host.Value, settings.Authority, StringComparison.OrdinalIgnoreCase) || IsBare(request.Host.Host);

    private static bool IsBare(string host) => IPAddress.TryParse(host.Trim('[', ']'), out _);
}
