using System.Net;

namespace Remix.Platform.Settings;

/// <summary>The part of the settings that is the agent cloud's.</summary>
public sealed partial class SettingsReader
{
    private CloudSettings Cloud()
    {
        var (certs, key) = (Existing(SettingNames.CloudTlsCerts), Existing(SettingNames.CloudTlsKey));
        if (certs is null != key is null)
        {
            problems.Add($"{SettingNames.CloudTlsCerts} and {SettingNames.CloudTlsKey} go together: give both, or neither for plain HTTP");
        }

        return new CloudSettings
        {
            Url = CloudUrl(certs is null ? "http" : "https"),
            Alone = cloudAlone,
            Creators = Creators(),
            JwksUrl = Address(SettingNames.CloudJwksUrl),
            Issuer = values.GetValueOrDefault(SettingNames.CloudIssuer),
            Audience = values.GetValueOrDefault(SettingNames.CloudAudience),
            TlsCerts = certs,
            TlsKey = key,
        };
    }

    private string CloudUrl(string scheme)
    {
        var port = values.GetValueOrDefault(SettingNames.CloudPort, "8000");
        var host = values.GetValueOrDefault(SettingNames.Host, "localhost");
        host = host is "*" or "0.0.0.0" or "::" ? "localhost" : IPAddress.TryParse(host, out var address) && address.ToString().Contains(':')
            ? $"[{host}]" : host;
        var text = values.GetValueOrDefault(SettingNames.CloudUrl, $"{scheme}://{host}:{port}");
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.PathAndQuery == "/"
            && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0)
        {
            return uri.GetLeftPart(UriPartial.Authority);
        }

        if (values.ContainsKey(SettingNames.CloudUrl))
        {
            problems.Add($"{SettingNames.CloudUrl} is '{text}': it must be an http or https address without a path, "
                + "for example https://agents.example.org");
        }

        return $"{scheme}://localhost:8000";
    }

    private string[] Creators()
    {
        var subjects = values.ContainsKey(SettingNames.CloudCreators) ? List(SettingNames.CloudCreators) : ["all-users"];
        foreach (var subject in subjects.Where(subject => subject != "all-users"
            && !(subject.Split('/', 2) is ["user" or "domain", { Length: > 0 } rest] && !rest.Any(char.IsWhiteSpace))))
        {
            problems.Add($"{SettingNames.CloudCreators} names '{subject}': write all-users, user/NAME or domain/HOST, separated by commas");
        }

        return subjects;
    }

    private string? Existing(string name)
    {
        if (values.TryGetValue(name, out var path) && !File.Exists(path))
        {
            problems.Add($"{name} is '{path}': there is no such file");
        }

        return values.GetValueOrDefault(name);
    }
}
