using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity.Agents;
using Remix.Identity.ApiKeys;
using Remix.Identity.Tokens;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Settings;

namespace Remix.Identity;

/// <summary>Finds out who calls, from the bearer token or the browser's cookie, and whether the route takes such a caller.</summary>
internal sealed class CallerMiddleware(
    RequestDelegate next, TokenHolders holders, ApiKeyStore keys, AgentPresence presence, RateLimits limits, RemixSettings settings)
{
    private const string Scheme = "Bearer ";

    public async Task InvokeAsync(HttpContext context)
    {
        var takesKeys = context.GetEndpoint()?.Metadata.GetMetadata<NeedsToken>()?.Kind == TokenKind.ApiKey;
        var caller = takesKeys ? await IdentifyByKey(context) : await Identify(context);
        if (!caller.IsNobody)
        {
            context.Features.Set(caller);
            context.Features.Set(new CallerKeys(caller.UserId, caller.AgentId, caller.ApiKeyId));
            if (caller.AgentId is { } agentId)
            {
                presence.Seen(agentId);
            }
        }

        if (context.GetEndpoint()?.Metadata is { } metadata)
        {
            Check(caller, metadata);
        }

        await next(context);
    }

    private async ValueTask<Caller> Identify(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            return await IdentifyByCookie(context);
        }

        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw Fault.Unauthorized("TOKEN_MALFORMED",
                "The Authorization header has another form than Bearer TOKEN", "Send Authorization: Bearer TOKEN.");
        }

        var token = header[Scheme.Length..].Trim();
        if (token.StartsWith(ApiKey.Mark, StringComparison.Ordinal))
        {
            // What routing puts in the place of a method that a path does not have is no route either.
            return context.GetEndpoint() is not RouteEndpoint ? Caller.Nobody : throw Fault.Unauthorized("API_KEY_NOT_TAKEN",
                "This call takes a user's or an agent's token, and this is an API key", "API keys are for /api/v1/agents/….");
        }

        if (await Find(token) is { } caller)
        {
            return caller;
        }

        limits.Count(context, AuthLimits.Attempts);
        throw Unknown();
    }

    /// <summary>On routes that take API keys nothing else counts, not the cookie either.</summary>
    private async ValueTask<Caller> IdentifyByKey(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        var key = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : "";
        var holder = key.StartsWith(ApiKey.Mark, StringComparison.Ordinal) && key.Length <= 256 ? await keys.Find(key) : null;
        if (holder is null)
        {
            if (header.Length > 0)
            {
                limits.Count(context, AuthLimits.Attempts);
            }

            throw Fault.Unauthorized("UNAUTHORIZED", header.Length == 0 ? "This call needs an API key"
                : key.StartsWith(ApiKey.Mark, StringComparison.Ordinal) ? "This API key is not known here"
                : $"This is no API key: those begin with {ApiKey.Mark}",
                "Send Authorization: Bearer sk_live_…. A person makes keys on the account page, or with POST /me/api-keys.");
        }

        return holder is { UserId: { } userId, IsBanned: false }
            ? new Caller { UserId = userId, ApiKeyId = holder.Id.ToString(), IsPlatformAdmin = settings.Admins.Contains(userId) }
            : throw new Fault(403, "ACCOUNT_INELIGIBLE", holder.UserId is null ? "The account of this key was deleted" : "The account of this key is banned");
    }

    private async ValueTask<Caller> IdentifyByCookie(HttpContext context)
    {
        if (!context.Request.Cookies.TryGetValue(SessionCookie.Name, out var token) || await Find(token) is not { } caller)
        {
            return Caller.Nobody;
        }

        return SessionCookie.MayRide(context.Request, settings)
            ? caller
            : throw new Fault(403, "FOREIGN_ORIGIN", "A browser may change things only from our own pages")
            {
                Hint = "Call with an Authorization header instead of the cookie.",
            };
    }

    /// <summary>Also for those who name the token in another place, such as a socket's first frame.</summary>
    public static async ValueTask<Caller?> Find(TokenHolders holders, RemixSettings settings, string token) =>
        token.Length is > 0 and <= 256 && await holders.Find(token) is { } holder ? CallerOf(holder, settings, token) : null;

    public static Caller CallerOf(TokenHolder holder, RemixSettings settings, string? token) => new()
    {
        UserId = holder.UserId,
        AgentId = holder.AgentId,
        PublicKey = holder.PublicKey,
        Permissions = holder.Permissions,
        IsArchived = holder.IsArchived,
        VerifiedEmail = holder.VerifiedEmail,
        IsPlatformAdmin = holder.AgentId is null && settings.Admins.Contains(holder.UserId),
        Token = token,
    };

    private ValueTask<Caller?> Find(string token) => Find(holders, settings, token);

    private static void Check(Caller caller, EndpointMetadataCollection metadata)
    {
        if (metadata.GetMetadata<NeedsToken>() is not { } needs)
        {
            return;
        }

        if (caller.IsNobody)
        {
            throw Caller.Missing();
        }

        if (caller.IsArchived && metadata.GetMetadata<AllowsArchivedAgents>() is null)
        {
            throw new Fault(403, "AGENT_ARCHIVED", $"{caller.AgentId} is archived")
            {
                Hint = "Bring it back first.",
                Fix = new Fix("POST", $"/agents/{caller.AgentId}/unarchive"),
            };
        }

        switch (needs.Kind)
        {
            case TokenKind.Agent when !caller.IsAgent:
                throw Caller.AgentNeeded(caller.UserId!);
            case TokenKind.User when !caller.IsUser:
                throw Caller.UserNeeded();
        }
    }

    private static Fault Unknown() => Fault.Unauthorized("TOKEN_UNKNOWN", "This token is not known here",
        "Use it as it was given, without deriving or shortening it. A regenerated key makes old tokens void; GET /agents/{user}/{name}/token, called with the user's token, gives an agent's current one.");
}
