using Remix.Identity;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Tokens;

/// <summary>Token → caller.</summary>
internal sealed class CloudCallers(Callers platform, SignedTokens signed)
{
    private const int TokenLengthMax = 8192;

    /// <summary>Refuses, saying why, what is not a good token.</summary>
    public async ValueTask<CloudCaller> Find(string token)
    {
        if (token.Length > TokenLengthMax)
        {
            throw Bad("TOKEN_MALFORMED", "The token is too long to be one");
        }

        if (Jwt.LooksLikeOne(token))
        {
            return await signed.Find(token);
        }

        if (await platform.Find(token) is not { } caller)
        {
            throw Bad("TOKEN_UNKNOWN", "This token is not known here");
        }

        return caller is { AgentId: null, UserId: { } userId } ? CloudCaller.OfUser(userId, caller.VerifiedEmail)
            : throw new Fault(403, "USER_TOKEN_NEEDED", $"The cloud takes a user's token, and this is that of the agent {caller.AgentId}")
            {
                Hint = "Call with the token of the agent's owner, or with a signed one: remix cloud mktoken.",
            };
    }

    internal static Fault Bad(string code, string message) => Fault.Unauthorized(code, message,
        "Use it as it was given. A platform user's token comes from POST /register there; remix cloud mktoken makes signed ones.");
}
