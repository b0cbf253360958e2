using Remix.Identity.Tokens;
using Remix.Platform.Settings;

namespace Remix.Identity;

/// <summary>Token → caller, for tokens that do not come in a header: a socket's first frame, a login form.</summary>
public sealed class Callers
{
    private readonly TokenHolders holders;
    private readonly RemixSettings settings;

    internal Callers(TokenHolders holders, RemixSettings settings)
    {
        (this.holders, this.settings) = (holders, settings);
    }

    /// <summary>Null when no such token is known.</summary>
    public ValueTask<Caller?> Find(string token) => CallerMiddleware.Find(holders, settings, token);

    /// <summary>Who goes by this name now, with the permissions of now: for what was signed in their name.</summary>
    public async ValueTask<Caller?> Named(string name) =>
        await holders.Named(name) is { IsArchived: false } holder ? CallerMiddleware.CallerOf(holder, settings, null) : null;
}
