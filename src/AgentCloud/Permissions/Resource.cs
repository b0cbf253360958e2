namespace Remix.AgentCloud.Permissions;

/// <summary>What a grant is for: a workspace, an app in it (its "db"), or one agent of an app. Empty names mean all.</summary>
internal sealed record Resource(string App, string Agent)
{
    public static readonly Resource Workspace = new("", "");

    public const string Forms = "workspace, db/APP or agent/APP/AGENT";

    public string Text => App.Length == 0 ? "workspace" : Agent.Length == 0 ? $"db/{App}" : $"agent/{App}/{Agent}";

    /// <summary>Whether what is granted here holds there, too: a workspace's for its apps, an app's for its agents.</summary>
    public bool Covers(string? app, string? agent) => App.Length == 0 || (App == app && (Agent.Length == 0 || Agent == agent));

    public static Resource? Parse(string text) => text.Split('/') switch
    {
        ["workspace"] => Workspace,
        ["db", var app] when CloudNames.IsName(app) => new Resource(app, ""),
        ["agent", var app, var agent] when CloudNames.IsName(app) && CloudNames.IsName(agent) => new Resource(app, agent),
        _ => null,
    };
}
