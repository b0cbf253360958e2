namespace Remix.Platform.Settings;

/// <summary>The names under which an operator gives settings: environment variables, and the flags that outrank them.</summary>
public static class SettingNames
{
    public const string RateLimitMessages = "RATE_LIMIT_MESSAGES";
    public const string RateLimitRegister = "RATE_LIMIT_REGISTER";
    public const string RateLimitAuth = "RATE_LIMIT_AUTH";
    public const string DbPoolMax = "DB_POOL_MAX";
    public const string PlatformSecret = "PLATFORM_SECRET";
    public const string WebhookRetentionHours = "WEBHOOK_RETENTION_HOURS";
    public const string Port = "REMIX_PORT";
    public const string CloudPort = "REMIX_CLOUD_PORT";
    public const string CloudUrl = "REMIX_CLOUD_URL";
    public const string CloudCreators = "REMIX_CLOUD_CREATORS";
    public const string CloudJwksUrl = "REMIX_CLOUD_JWKS_URL";
    public const string CloudIssuer = "REMIX_CLOUD_ISSUER";
    public const string CloudAudience = "REMIX_CLOUD_AUDIENCE";
    public const string CloudTlsCerts = "REMIX_CLOUD_TLS_CERTS";
    public const string CloudTlsKey = "REMIX_CLOUD_TLS_KEY";
    public const string Host = "REMIX_HOST";
    public const string Data = "REMIX_DATA";
    public const string BaseUrl = "REMIX_BASE_URL";
    public const string Database = "REMIX_DATABASE";
    public const string Welcome = "REMIX_WELCOME";
    public const string Admins = "REMIX_ADMINS";
    public const string TrustedProxies = "REMIX_TRUSTED_PROXIES";
    public const string RateLimitFactor = "REMIX_RATE_LIMIT_FACTOR";
    public const string ModerationUrl = "REMIX_MODERATION_URL";
    public const string AllowPrivateHosts = "REMIX_ALLOW_PRIVATE_HOSTS";
    public const string Workerd = "REMIX_WORKERD";
    public const string JsProcessesMax = "REMIX_JS_PROCESSES";
    public const string LogLevel = "REMIX_LOG_LEVEL";
    public const string LogFormat = "REMIX_LOG_FORMAT";
    public const string ShutdownSeconds = "REMIX_SHUTDOWN_SECONDS";

    /// <summary>Flag → environment variable.</summary>
    public static readonly IReadOnlyDictionary<string, string> Flags = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["--port"] = Port,
        ["--cloud-port"] = CloudPort,
        ["--cloud-url"] = CloudUrl,
        ["--jwks-url"] = CloudJwksUrl,
        ["--tls-certs"] = CloudTlsCerts,
        ["--tls-key"] = CloudTlsKey,
        ["--host"] = Host,
        ["--data"] = Data,
        ["--base-url"] = BaseUrl,
        ["--database"] = Database,
    };

    public const string NoWelcomeFlag = "--no-welcome";
    public const string CloudAloneFlag = "--cloud-alone";

    /// <summary>Flags that have no value.</summary>
    public static readonly IReadOnlyList<string> Switches = [NoWelcomeFlag, CloudAloneFlag];

    public static readonly IReadOnlyList<string> All =
    [
        RateLimitMessages, RateLimitRegister, RateLimitAuth, DbPoolMax, PlatformSecret, WebhookRetentionHours, Port,
        CloudPort, Host, Data, BaseUrl, Database, Welcome, Admins, TrustedProxies, RateLimitFactor, ModerationUrl, LogLevel,
        LogFormat, ShutdownSeconds, AllowPrivateHosts, CloudUrl, CloudCreators, CloudJwksUrl, CloudIssuer, CloudAudience,
        CloudTlsCerts, CloudTlsKey, Workerd, JsProcessesMax,
    ];
}
