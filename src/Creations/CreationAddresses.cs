using Microsoft.AspNetCore.Http;
using Remix.Platform.Http;
using Remix.Platform.Settings;

namespace Remix.Creations;

/// <summary>
/// How the addresses in an answer are written. Each creation has a host of its own below ours; who reached the server by
/// a bare address (a phone on the local network, where there is no wildcard name) gets a path instead.
/// </summary>
public readonly record struct CreationAddresses(string Base, bool HasOwnHosts)
{
    public static CreationAddresses Of(RemixSettings settings, HttpRequest? request) =>
        new(PublicAddress.Base(settings, request), PublicAddress.HasSubdomains(settings, request));

    /// <summary>Where the creation's page is.</summary>
    public string Content(Guid id)
    {
        if (!HasOwnHosts)
        {
            return $"{Base}/art/{id}/";
        }

        var scheme = Base.IndexOf("://", StringComparison.Ordinal) + 3;
        return $"{Base[..scheme]}art-{id}.{Base[scheme..]}/";
    }

    public string Cover(Guid id) => $"{Base}/creations/{id}/thumbnail.svg";
}
