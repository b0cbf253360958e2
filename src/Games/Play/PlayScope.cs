using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Remix.Games.Library;
using Remix.Identity;
using Remix.Platform.Faults;

namespace Remix.Games.Play;

/// <summary>The game in the address as somebody who plays it: launched, or one's own.</summary>
internal sealed class PlayScope(Game game, Caller caller)
{
    public Game Game { get; } = game;

    public Caller Caller { get; } = caller;

    public Guid Id => Game.Id;

    /// <summary>Who plays: a person, and an agent for its person.</summary>
    public string Player => Caller.RequireUserId();

    public bool IsAuthor => Caller.IsUser && (Caller.UserId == Game.Owner || Caller.IsPlatformAdmin);

    public void RequireAuthor()
    {
        if (!IsAuthor)
        {
            throw Fault.Forbidden("Only the game's author may do this");
        }
    }

    public static async ValueTask<PlayScope?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var caller = Caller.Of(context);
        var games = context.RequestServices.GetRequiredService<GameStore>();
        var game = Guid.TryParse(context.GetRouteValue("gameId") as string, out var id) ? await games.Find(id) : null;
        return game is not null && (game.CreationId is not null || game.Owner == caller.UserId || caller.IsPlatformAdmin)
            ? new PlayScope(game, caller) : throw Fault.NotFound("Game");
    }
}
