namespace Remix.Platform.Settings;

/// <summary>What an operator can set of the agent cloud, beside its port.</summary>
public sealed record CloudSettings
{
    /// <summary>The address people and agents reach the cloud at, without a trailing slash.</summary>
    public string Url { get; init; } = "http://localhost:8000";

    /// <summary>The process serves the cloud and nothing else.</summary>
    public bool Alone { get; init; }

    /// <summary>Subjects that may create workspaces: <c>all-users</c>, <c>user/…</c>, <c>domain/…</c>.</summary>
    public IReadOnlyList<string> Creators { get; init; } = ["all-users"];

    /// <summary>Where an outside issuer of tokens shows its keys; null for none.</summary>
    public string? JwksUrl { get; init; }

    /// <summary>What the outside issuer's tokens must say in <c>iss</c>; null for anything.</summary>
    public string? Issuer { get; init; }

    /// <summary>What the outside issuer's tokens must say in <c>aud</c>; null for anything.</summary>
    public string? Audience { get; init; }

    /// <summary>PEM files of the cloud's certificate, with its chain, and of its key; null for plain HTTP.</summary>
    public string? TlsCerts { get; init; }

    public string? TlsKey { get; init; }

    public Uri Uri => new(Url);
}
