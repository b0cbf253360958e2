using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Remix.Games.Library;
using Remix.Identity;

namespace Remix.Games.Agents;

/// <summary>The game named in the address, which belongs to the caller or is shown to an admin.</summary>
internal sealed class GameScope(Game game, Caller caller)
{
    public Game Game { get; } = game;

    public Caller Caller { get; } = caller;

    public static async ValueTask<GameScope?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var caller = Caller.Of(context);
        var games = context.RequestServices.GetRequiredService<GameStore>();
        var game = (Guid.TryParse(context.GetRouteValue("gameId") as string, out var id) ? await games.Find(id) : null)
            ?? throw GameFaults.GameNotFound();
        return new GameScope(Allowed(game, caller), caller);
    }

    internal static Game Allowed(Game game, Caller caller) => game.Owner == caller.UserId || caller.IsPlatformAdmin ? game
        : throw GameFaults.NotYours();
}

/// <summary>The version named in the address, with its game.</summary>
internal sealed class VersionScope(Game game, GameVersion version, Caller caller)
{
    public Game Game { get; } = game;

    public GameVersion Version { get; } = version;

    public Caller Caller { get; } = caller;

    public static async ValueTask<VersionScope?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var caller = Caller.Of(context);
        var games = context.RequestServices.GetRequiredService<GameStore>();
        if (!Guid.TryParse(context.GetRouteValue("gameId") as string, out var gameId)
            || !Guid.TryParse(context.GetRouteValue("versionId") as string, out var versionId)
            || await games.FindVersion(gameId, versionId) is not { } version || await games.Find(gameId) is not { } game)
        {
            throw GameFaults.VersionNotFound();
        }

        return new VersionScope(GameScope.Allowed(game, caller), version, caller);
    }
}
