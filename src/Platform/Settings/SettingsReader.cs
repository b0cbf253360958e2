using System.Globalization;
using System.Net;
using Remix.Platform.Text;

namespace Remix.Platform.Settings;

/// <summary>Settings that cannot be used, all of them at once, in words for the operator.</summary>
public sealed class SettingsException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}

/// <summary>Reads <see cref="RemixSettings"/> from flags and environment, and refuses nonsense.</summary>
public sealed partial class SettingsReader
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    private readonly List<string> problems = [];
    private bool cloudAlone;

    private SettingsReader(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        foreach (var name in SettingNames.All)
        {
            if (environment(name) is { Length: > 0 } value)
            {
                values[name] = value;
            }
        }

        ReadFlags(args);
    }

    public static RemixSettings Read(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var reader = new SettingsReader(args, environment);
        var settings = reader.Build();
        return reader.problems.Count == 0 ? settings : throw new SettingsException(reader.problems);
    }

    private void ReadFlags(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var (flag, inline) = args[i].Split('=', 2) is [var name, var rest] ? (name, rest) : (args[i], null);
            if (flag == SettingNames.NoWelcomeFlag)
            {
                values[SettingNames.Welcome] = "false";
            }
            else if (flag == SettingNames.CloudAloneFlag)
            {
                cloudAlone = true;
            }
            else if (!SettingNames.Flags.TryGetValue(flag, out var setting))
            {
                problems.Add($"{flag} is not a flag. Known: {string.Join(' ', SettingNames.Flags.Keys.Concat(SettingNames.Switches))}");
                i += flag.StartsWith("--", StringComparison.Ordinal) && inline is null && i + 1 < args.Count
                    && !args[i + 1].StartsWith("--", StringComparison.Ordinal) ? 1 : 0;
            }
            else if ((inline ?? (i + 1 < args.Count ? args[++i] : null)) is { Length: > 0 } value)
            {
                values[setting] = value;
            }
            else
            {
                problems.Add($"{flag} needs a value, for example {flag} {(flag.EndsWith("port", StringComparison.Ordinal) ? "4700" : "VALUE")}");
            }
        }
    }

    private RemixSettings Build()
    {
        var port = Number(SettingNames.Port, 4700, 0, 65535);
        var cloudPort = Number(SettingNames.CloudPort, 8000, 0, 65535);
        if (port == cloudPort && port != 0 && !cloudAlone)
        {
            problems.Add($"{SettingNames.CloudPort} is '{port}', and so is {SettingNames.Port}: each needs a port of its own");
        }

        return new RemixSettings
        {
            Port = port,
            CloudPort = cloudPort,
            Cloud = Cloud(),
            Host = Host(),
            DataDirectory = Path.GetFullPath(values.GetValueOrDefault(SettingNames.Data, "data")),
            BaseUrl = BaseUrl(port),
            Database = Database(),
            DatabasePoolMax = Number(SettingNames.DbPoolMax, 20, 2, 1000),
            Welcome = Truth(SettingNames.Welcome, true),
            Admins = UserIds(SettingNames.Admins),
            TrustedProxies = Networks(SettingNames.TrustedProxies),
            PlatformSecret = values.GetValueOrDefault(SettingNames.PlatformSecret),
            AllowPrivateHosts = PrivateHosts(SettingNames.AllowPrivateHosts),
            WebhookRetentionHours = Number(SettingNames.WebhookRetentionHours, 72, 1, 24 * 365),
            MessagesPerMinute = Number(SettingNames.RateLimitMessages, 60, 1, 1_000_000_000),
            RegistrationsPerMinute = Number(SettingNames.RateLimitRegister, 10, 1, 1_000_000_000),
            AuthAttemptsPerMinute = Number(SettingNames.RateLimitAuth, 120, 1, 1_000_000_000),
            RateLimitFactor = Number(SettingNames.RateLimitFactor, 1, 1, 1_000_000),
            ModerationUrl = Address(SettingNames.ModerationUrl),
            Workerd = ExistingFile(SettingNames.Workerd),
            JsProcessesMax = Number(SettingNames.JsProcessesMax, 40, 1, 10_000),
            LogLevel = OneOf(SettingNames.LogLevel, "information", "trace", "debug", "information", "warning", "error"),
            LogFormat = OneOf(SettingNames.LogFormat, "text", "text", "json"),
            ShutdownSeconds = Number(SettingNames.ShutdownSeconds, 20, 1, 600),
        };
    }

    private string Host()
    {
        var text = values.GetValueOrDefault(SettingNames.Host, "localhost");
        if (text is not ("localhost" or "*") && !IPAddress.TryParse(text, out _))
        {
            problems.Add($"{SettingNames.Host} is '{text}': it must be localhost, * for every interface, or an address of this machine");
        }

        return text;
    }

    private string BaseUrl(int port)
    {
        var text = values.GetValueOrDefault(SettingNames.BaseUrl, $"http://localhost:{port}").TrimEnd('/');
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")
            || uri.PathAndQuery != "/" || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            problems.Add($"{SettingNames.BaseUrl} is '{text}': it must be an http or https address without a path, "
                + "for example https://remix.example.org");
            return text;
        }

        // As browsers write an origin: in lower case, and without the scheme's own port.
        return uri.GetLeftPart(UriPartial.Authority);
    }

    private string? Address(string name)
    {
        if (values.TryGetValue(name, out var text) && !(Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)))
        {
            problems.Add($"{name} is '{text}': it must be an http or https address");
        }

        return values.GetValueOrDefault(name);
    }

    private string? ExistingFile(string name)
    {
        if (!values.TryGetValue(name, out var text))
        {
            return null;
        }

        if (!File.Exists(text))
        {
            problems.Add($"{name} is '{text}': there is no such file");
        }

        return Path.GetFullPath(text);
    }

    private string? Database()
    {
        if (!values.TryGetValue(SettingNames.Database, out var text))
        {
            return null;
        }

        if (PostgresAddress.Read(text) is { } connection)
        {
            return connection;
        }

        problems.Add($"{SettingNames.Database} is not a PostgreSQL connection. Write "
            + "'Host=localhost;Database=remix;Username=remix;Password=…' or postgres://user:password@host/database");
        return null;
    }

    private int Number(string name, int otherwise, int least, int most)
    {
        if (!values.TryGetValue(name, out var text))
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        problems.Add($"{name} is '{text}': it must be a whole number from {least} to {most}");
        return otherwise;
    }

    private bool Truth(string name, bool otherwise) => OneOf(name, otherwise ? "true" : "false", "true", "false", "1", "0") is "true" or "1";

    private string OneOf(string name, string otherwise, params string[] choices)
    {
        if (!values.TryGetValue(name, out var text))
        {
            return otherwise;
        }

        if (choices.Contains(text.ToLowerInvariant(), StringComparer.Ordinal))
        {
            return text.ToLowerInvariant();
        }

        problems.Add($"{name} is '{text}': it must be one of {string.Join(", ", choices)}");
        return otherwise;
    }

    private string[] UserIds(string name)
    {
        var ids = List(name);
        foreach (var id in ids.Where(id => !Names.IsName(id)))
        {
            problems.Add($"{name} names '{id}', which is no user id (lower-case letters, digits, - and _, at most {Names.LengthMax})");
        }

        return ids;
    }

    private List<IPNetwork> Networks(string name)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in List(name))
        {
            if (IPNetwork.TryParse(text, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(text, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                problems.Add($"{name} names '{text}': write addresses or ranges such as 10.0.0.0/8, separated by commas");
            }
        }

        return networks;
    }

    private PrivateHosts PrivateHosts(string name)
    {
        var (hosts, networks) = (new List<string>(), new List<IPNetwork>());
        foreach (var text in List(name))
        {
            if (IPNetwork.TryParse(text, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(text, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else if (Uri.CheckHostName(text) == UriHostNameType.Dns && !text.EndsWith('.'))
            {
                hosts.Add(text);
            }
            else
            {
                problems.Add($"{name} names '{text}': write hosts, addresses or ranges such as hooks.lan, 10.1.2.3 or 10.0.0.0/8, "
                    + "separated by commas");
            }
        }

        return new PrivateHosts(hosts, networks);
    }

    private string[] List(string name) =>
        values.GetValueOrDefault(name, "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
