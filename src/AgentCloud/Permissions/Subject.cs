using System.Text.RegularExpressions;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Permissions;

/// <summary>
/// Whom a grant is for, in the one way of writing that grants and callers are compared by: e-mail addresses and hosts in
/// lower case. An address is matched whole, and so is a host: <c>evilexample.com</c> is not in <c>domain/example.com</c>.
/// </summary>
internal static partial class Subject
{
    public const string Anonymous = "anonymous";
    public const string AllUsers = "all-users";

    public const string Forms = "user/EMAIL, user/USER_ID, domain/HOST, agent/SERVER:WORKSPACE.APP.AGENT, all-users or anonymous";

    private const int EmailLengthMax = 254;

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Host { get; }

    [GeneratedRegex(@"^[^\s@\p{C}]{1,64}@", RegexOptions.CultureInvariant)]
    private static partial Regex Mailbox { get; }

    /// <summary>The subject as it is kept; null when the text has no such form.</summary>
    public static string? Parse(string text) => text.Split('/', 2) switch
    {
        [Anonymous] or [AllUsers] => text,
        ["user", var name] when Names.IsName(name) => text,
        ["user", var email] when Email(email) is { } lower => $"user/{lower}",
        ["domain", var host] when IsHost(host.ToLowerInvariant()) => $"domain/{host.ToLowerInvariant()}",
        ["agent", var agent] => Agent(agent),
        _ => null,
    };

    /// <summary>An e-mail address in lower case; null for what is none.</summary>
    public static string? Email(string text)
    {
        var lower = text.ToLowerInvariant();
        return lower.Length <= EmailLengthMax && Mailbox.Match(lower) is { Success: true } mailbox && IsHost(lower[mailbox.Length..]) ? lower : null;
    }

    public static string OfUser(string name) => $"user/{name}";

    public static string DomainOf(string email) => $"domain/{email[(email.LastIndexOf('@') + 1)..]}";

    public static string OfAgent(string server, AgentName agent) => $"agent/{server}:{agent.Workspace}.{agent.App}.{agent.Agent}";

    private static string? Agent(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || text[(colon + 1)..].Split('.') is not [var workspace, var app, var agent])
        {
            return null;
        }

        var server = text[..colon].ToLowerInvariant();
        var names = new AgentName(workspace, app, agent);
        return IsServer(server) && names.IsValid ? OfAgent(server, names) : null;
    }

    private static bool IsServer(string server) => server.Split(':') switch
    {
        [var host] => IsHost(host),
        [var host, var port] => IsHost(host) && int.TryParse(port, out var number) && number is > 0 and < 65536,
        _ => false,
    };

    private static bool IsHost(string text) => text.Length <= 253 && Host.IsMatch(text);
}

/// <summary>An agent by its names.</summary>
internal sealed record AgentName(string Workspace, string App, string Agent)
{
    public bool IsValid => CloudNames.IsName(Workspace) && CloudNames.IsName(App) && CloudNames.IsName(Agent);
}
