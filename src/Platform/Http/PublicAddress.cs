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

    private static bool IsBare(string host) => IPAddress.TryParse(host.Trim('[', ']'), out _);
}
