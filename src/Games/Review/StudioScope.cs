using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Remix.Games.Library;
using Remix.Identity;
using Remix.Platform.Faults;

namespace Remix.Games.Review;

/// <summary>
/// The game in the address, and the version where one is named, as its author or an admin sees it; for everybody else there is
/// no such game.
/// </summary>
internal sealed class StudioScope(Game game, GameVersion? version, Caller caller)
{
    public Game Game { get; } = game;

    public GameVersion Version => version ?? throw Fault.NotFound("Game version");

    public Caller Caller { get; } = caller;

    public void RequireAdmin()
    {
        if (!Caller.IsPlatformAdmin)
        {
            throw Fault.Forbidden("Only a platform admin may do this");
        }
    }

    public static async ValueTask<StudioScope?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        await Find(context.RequestServices.GetRequiredService<GameStore>(), context.GetRouteValue("gameId") as string,
            context.GetRouteValue("versionId") as string, Caller.Of(context)) ?? throw Fault.NotFound("Game");

    public static async Task<StudioScope?> Find(GameStore games, string? gameId, string? versionId, Caller caller)
    {
        if (!Guid.TryParse(gameId, out var id) || await games.Find(id) is not { } game || (game.Owner != caller.UserId && !caller.IsPlatformAdmin))
        {
            return null;
        }

        var version = Guid.TryParse(versionId, out var versionGuid) ? await games.FindVersion(id, versionGuid) : null;
        return versionId is not null && version is null ? null : new StudioScope(game, version, caller);
    }
}
