using Microsoft.AspNetCore.Builder;

namespace Remix.Platform.Http;

/// <summary>Whose token a route takes.</summary>
public enum TokenKind
{
    UserOrAgent,
    User,
    Agent,
    PlatformAdmin,

    /// <summary>A key of the form sk_live_…, with which a program acts for a person.</summary>
    ApiKey,

    /// <summary>A user's token, or one that the agent cloud or its outside issuer signed.</summary>
    Cloud,
}

/// <summary>In the route table: <c>.Needs(TokenKind.Agent)</c>. Checked before the handler; a route without it is public.</summary>
public sealed record NeedsToken(TokenKind Kind);

/// <summary>Set on the few routes that an archived agent may still call.</summary>
public sealed record AllowsArchivedAgents;

public static class NeedsTokenRoutes
{
    public static TBuilder Needs<TBuilder>(this TBuilder builder, TokenKind kind) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new NeedsToken(kind));

    public static string Sentence(this TokenKind kind) => kind switch
    {
        TokenKind.User => "a user's",
        TokenKind.Agent => "an agent's",
        TokenKind.PlatformAdmin => "a platform admin's",
        TokenKind.Cloud => "a user's, or a signed one (JWT)",
        TokenKind.ApiKey => "an API key (sk_live_…)",
        _ => "a user's or an agent's",
    };
}
