using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Remix.AgentCloud.Tokens;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;

namespace Remix.AgentCloud.Http;

/// <summary>
/// Finds out who calls, from the bearer token alone: the browser's cookie is sent to every port of a host, and counts for
/// nothing here. A token that is no good is refused even where none is needed.
/// </summary>
internal sealed class CloudCallerMiddleware(RequestDelegate next, CloudCallers callers, RateLimits limits)
{
    private const string Scheme = "Bearer ";

    /// <summary>Nobody guesses a token of either kind; but to try many is not free of charge for us.</summary>
    private static readonly RateLimit BadTokens = RateLimit.PerMinute("cloud tokens", RateLimitPer.Address, 3000);

    public async Task InvokeAsync(HttpContext context)
    {
        Open(context);
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length > 0)
        {
            var caller = await Identify(context, header);
            context.Features.Set(caller);
            context.Features.Set(new CallerKeys(caller.Key, null));
        }
        else if (context.GetEndpoint()?.Metadata.GetMetadata<NeedsToken>() is not null)
        {
            throw CloudCaller.Missing();
        }

        await next(context);
    }

    /// <summary>
    /// Who reads a body here counts it. The server's own limit would close the connection on which a file is refused, before
    /// its sender reads why.
    /// </summary>
    private static void Open(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
    }

    private async ValueTask<CloudCaller> Identify(HttpContext context, string header)
    {
        try
        {
            return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header[Scheme.Length..].Trim() is { Length: > 0 } token
                ? await callers.Find(token)
                : throw Fault.Unauthorized("TOKEN_MALFORMED", "The Authorization header has another form than Bearer TOKEN",
                    "Send Authorization: Bearer TOKEN.");
        }
        catch (Fault fault) when (fault.Status == 401)
        {
            limits.Count(context, BadTokens);
            throw;
        }
    }
}
