using System.Reflection;
using Microsoft.AspNetCore.Http;
using Remix.AgentCloud.Permissions;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Tokens;

/// <summary>Who makes the request to the cloud: somebody with a token, or anonymous. Binds in every handler.</summary>
internal sealed class CloudCaller
{
    public static readonly CloudCaller Anonymous = new(null, Subject.Anonymous, null, null);

    private CloudCaller(string? key, string name, string? email, string? userId)
    {
        (Key, Name, Email, UserId) = (key, name, email, userId);
        Subjects = key is null ? [Subject.Anonymous]
            : [Subject.Anonymous, Subject.AllUsers, .. email is null ? [] : new[] { Subject.OfUser(email), Subject.DomainOf(email) },
                .. userId is null ? [] : new[] { Subject.OfUser(userId) }];
    }

    /// <summary>What they own things by: stays the same whatever token they show; null for anonymous.</summary>
    public string? Key { get; }

    /// <summary>
    /// How they are shown: the e-mail address, or the user's id. A stranger's who has neither names the issuer too, so that he
    /// is taken for nobody else.
    /// </summary>
    public string Name { get; }

    /// <summary>Their verified e-mail address, in lower case.</summary>
    public string? Email { get; }

    /// <summary>The platform's user, where the token is one's.</summary>
    public string? UserId { get; }

    public bool IsAnonymous => Key is null;

    /// <summary>Everything a grant may call them.</summary>
    public IReadOnlyList<string> Subjects { get; }

    /// <summary>How they appear among the activities.</summary>
    public string Subjectively => IsAnonymous ? Subject.Anonymous : Subject.OfUser(Name);

    public static CloudCaller OfUser(string userId, string? verifiedEmail)
    {
        var email = verifiedEmail is null ? null : Subject.Email(verifiedEmail);
        return new CloudCaller(KeyOfUser(userId), email ?? userId, email, userId);
    }

    /// <summary>Who holds a token that an issuer signed; only a verified address counts as theirs.</summary>
    /// <param name="isOwn">Whether this server's operator made the token, and so chose the name.</param>
    public static CloudCaller OfToken(string issuer, string subject, string? verifiedEmail, bool isOwn)
    {
        var email = verifiedEmail is null ? null : Subject.Email(verifiedEmail);
        return new CloudCaller($"{issuer}#{subject}", email ?? (isOwn ? subject : $"{HostOf(issuer)}#{subject}"), email, null);
    }

    /// <summary>No issuer's name has this form.</summary>
    public static string KeyOfUser(string userId) => $"#{userId}";

    public static ValueTask<CloudCaller> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult(Of(context));

    public static CloudCaller Of(HttpContext context) => context.Features.Get<CloudCaller>() ?? Anonymous;

    private static string HostOf(string issuer) => Uri.TryCreate(issuer, UriKind.Absolute, out var uri)
        && uri.Host.Length > 0 ? uri.Host : issuer;

    public string RequireKey() => Key ?? throw Missing();

    public static Fault Missing() => Fault.Unauthorized("TOKEN_MISSING", "This call needs a token",
        "Send the header Authorization: Bearer TOKEN, with a user's token of the platform or one of remix cloud mktoken.");
}
