using Remix.AgentCloud.Tokens;

namespace Remix.AgentCloud.Topics;

/// <summary>Who may hear a topic.</summary>
internal enum TopicAudience
{
    /// <summary>One user.</summary>
    User,

    /// <summary>Anybody with a token.</summary>
    Shared,

    /// <summary>Anybody.</summary>
    Public,
}

/// <summary>
/// The name of a topic, <c>/cloud/HOST/ws/WS/app/APP/…</c> and then one of <c>user/USER/…</c>, <c>shared/application/…</c> and
/// <c>public/application/…</c>, which says who may hear it.
/// </summary>
internal sealed record TopicAddress(string Host, string Workspace, string App, TopicAudience Audience, string? User, string Rest)
{
    public const int LengthMax = 512;

    public const string Forms = "/cloud/HOST/ws/WS/app/APP/ and then user/USER/…, shared/application/… or public/application/…";

    /// <summary>The topic's name within its workspace, whatever host it was called by.</summary>
    public string Key => Audience == TopicAudience.User ? $"{App}/user/{User}/{Rest}"
        : $"{App}/{(Audience == TopicAudience.Shared ? "shared" : "public")}/application/{Rest}";

    /// <summary>The address that the text is; null when it has no such form.</summary>
    public static TopicAddress? Parse(string text)
    {
        var parts = text.Length <= LengthMax && !text.Any(letter => char.IsControl(letter) || char.IsSurrogate(letter))
            ? text.TrimStart('/').Split('/') : [];
        return parts is ["cloud", var host, "ws", var workspace, "app", var app, var family, var whose, .. var rest]
            && rest.Length > 0 && parts.All(part => part.Length > 0) && CloudNames.IsName(workspace) && CloudNames.IsName(app)
            ? (family, whose) switch
            {
                ("user", _) => new TopicAddress(host, workspace, app, TopicAudience.User, whose.ToLowerInvariant(), string.Join('/', rest)),
                ("shared", "application") => new TopicAddress(host, workspace, app, TopicAudience.Shared, null, string.Join('/', rest)),
                ("public", "application") => new TopicAddress(host, workspace, app, TopicAudience.Public, null, string.Join('/', rest)),
                _ => null,
            }
            : null;
    }

    /// <summary>Whether the caller may hear it. A user is named by the e-mail address or by the platform's user id.</summary>
    public bool IsFor(CloudCaller caller) => Audience switch
    {
        TopicAudience.Public => true,
        TopicAudience.Shared => !caller.IsAnonymous,
        _ => User is not null && (User == caller.Email || User == caller.UserId),
    };
}
