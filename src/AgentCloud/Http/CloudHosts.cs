using Microsoft.AspNetCore.Http;
using Remix.Platform.Settings;

namespace Remix.AgentCloud.Http;

/// <summary>What this server is called: in its own addresses, in subjects of agents, in topics.</summary>
internal sealed class CloudHosts(RemixSettings settings, CloudPort port)
{
    private const string Localhost = "localhost";
    private const string Loopback = "127.0.0.1";

    /// <summary>The address people and agents reach the cloud at, without a trailing slash.</summary>
    public string BaseUrl => settings.Cloud.Uri is { Port: 0 } uri ? $"{uri.Scheme}://{uri.Host}:{port.Number}" : settings.Cloud.Url;

    /// <summary>
    /// The server's names, as subjects write them: with its port and without. One that is called localhost is 127.0.0.1 too.
    /// </summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            var uri = new Uri(BaseUrl);
            string[] hosts = uri.IsLoopback ? [uri.Host, Localhost, Loopback] : [uri.Host];
            return [.. hosts.SelectMany(host => new[] { uri.IsDefaultPort ? host : $"{host}:{uri.Port}", host })
                .Select(name => name.ToLowerInvariant()).Distinct(StringComparer.Ordinal)];
        }
    }

    /// <summary>Whether the name is ours, or the one by which this request came to us.</summary>
    public bool Is(string name, HttpRequest? request) => Names.Contains(name, StringComparer.OrdinalIgnoreCase)
        || (request is not null && (name.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)
            || name.Equals(request.Host.Host, StringComparison.OrdinalIgnoreCase)));
}
