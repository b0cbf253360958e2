using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Remix.AgentCloud.Tokens;

/// <summary>The public half of the key that signs our tokens, for who wants to check them.</summary>
internal static class TokenEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/jwks.json", Keys).WithTags("tokens")
        .WithSummary("The public key of the tokens that remix cloud mktoken makes");

    private static async Task<KeySetView> Keys(TokenKey key, HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=300";
        return new KeySetView([await key.Public()]);
    }
}

internal sealed record KeySetView(IReadOnlyList<PublicKeyView> Keys);
