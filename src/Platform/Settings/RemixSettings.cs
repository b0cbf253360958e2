using System.Net;

namespace Remix.Platform.Settings;

/// <summary>
/// Everything an operator can set, read once at start. Documented in docs/operating/settings.md, which a test compares
/// with <see cref="SettingNames"/>. A value that makes no sense stops the start with a sentence that says what to do.
/// </summary>
public sealed record RemixSettings
{
    private Uri? baseUri;
    private string? authority;

    public int Port { get; init; } = 4700;
    public int CloudPort { get; init; } = 8000;
    public CloudSettings Cloud { get; init; } = new();
    public string Host { get; init; } = "localhost";
    public string DataDirectory { get; init; } = "data";

    /// <summary>The address people and agents reach the server at, without a trailing slash.</summary>
    public string BaseUrl
    {
        get;
        init => (field, baseUri, authority) = (value, null, null);
    } = "http://localhost:4700";

    /// <summary>A PostgreSQL connection string; null means SQLite in the data directory.</summary>
    public string? Database { get; init; }

    public int DatabasePoolMax { get; init; } = 20;
    public bool Welcome { get; init; } = true;
    public IReadOnlyList<string> Admins { get; init; } = [];
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];
    public string? PlatformSecret { get; init; }

    /// <summary>What users may let us call although it is not public.</summary>
    public PrivateHosts AllowPrivateHosts { get; init; } = new([], []);

    public int WebhookRetentionHours { get; init; } = 72;
    public int MessagesPerMinute { get; init; } = 60;
    public int RegistrationsPerMinute { get; init; } = 10;
    public int AuthAttemptsPerMinute { get; init; } = 120;

    /// <summary>Multiplies every other documented rate limit; 1 is the reference.</summary>
    public int RateLimitFactor { get; init; } = 1;

    /// <summary>An external moderation service: answers {"flagged", "reasons"} to a POST; null for none.</summary>
    public string? ModerationUrl { get; init; }

    /// <summary>The binary of the JavaScript engine; null for the one that was installed beside the sources.</summary>
    public string? Workerd { get; init; }

    /// <summary>How many tenants' JavaScript may have a process at once.</summary>
    public int JsProcessesMax { get; init; } = 40;

    public string LogLevel { get; init; } = "information";
    public string LogFormat { get; init; } = "text";
    public int ShutdownSeconds { get; init; } = 20;

    public Uri BaseUri => baseUri ??= new Uri(BaseUrl);

    /// <summary>The host (and port, where it is not the scheme's own) under which creations get a name each.</summary>
    public string Authority => authority ??= BaseUri.Authority;

    public bool SecureCookies => BaseUri.Scheme == Uri.UriSchemeHttps;

    /// <summary>The address of a host below ours: <c>https://art-{id}.example.org</c>.</summary>
    public string SubdomainUrl(string label) => $"{BaseUri.Scheme}://{label}.{Authority}";
}

/// <summary>Hosts by name, and ranges of addresses.</summary>
public sealed record PrivateHosts(IReadOnlyList<string> Hosts, IReadOnlyList<IPNetwork> Networks);
