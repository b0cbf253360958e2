using Microsoft.AspNetCore.Http;
using Remix.Platform.Settings;

namespace Remix.Creations.Serving;

/// <summary>Which creation a request names: by its host, <c>art-{id}.HOST</c>, or by its path, <c>/art/{id}/…</c>.</summary>
internal static class CreationAddress
{
    public const string OurPaths = "/__remix/";

    private const string HostPrefix = "art-";
    private const string PathPrefix = "/art/";
    private const int IdLength = 36;

    /// <param name="path">Within the creation; empty where its path ends with the id.</param>
    public static bool TryRead(HttpRequest request, out Guid id, out string path)
    {
        path = request.Path.Value ?? "/";
        var host = request.Host.Value;
        if (HasPrefix(host) && host!.Length > HostPrefix.Length + IdLength && host[HostPrefix.Length + IdLength] == '.'
            && Guid.TryParseExact(host.AsSpan(HostPrefix.Length, IdLength), "D", out id))
        {
            return true;
        }

        if (path.StartsWith(PathPrefix, StringComparison.Ordinal) && path.Length >= PathPrefix.Length + IdLength
            && Guid.TryParseExact(path.AsSpan(PathPrefix.Length, IdLength), "D", out id)
            && path[(PathPrefix.Length + IdLength)..] is var rest && (rest.Length == 0 || rest[0] == '/'))
        {
            path = rest;
            return true;
        }

        id = Guid.Empty;
        return false;
    }

    public static string ByPath(Guid id) => $"{PathPrefix}{id}/";

    /// <summary>A creation's name without a creation's id: nobody's, and not ours either.</summary>
    public static bool IsNobodys(HttpRequest request, RemixSettings settings) => HasPrefix(request.Host.Value)
        && request.Host.Value!.EndsWith("." + settings.Authority, StringComparison.OrdinalIgnoreCase);

    private static bool HasPrefix(string? host) => host?.StartsWith(HostPrefix, StringComparison.OrdinalIgnoreCase) is true;
}
