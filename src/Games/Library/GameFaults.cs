using Remix.Platform.Faults;

namespace Remix.Games.Library;

/// <summary>The refusals of this module, by the codes of the reference.</summary>
internal static class GameFaults
{
    public static Fault GameNotFound() => new(404, "GAME_NOT_FOUND", "Game not found")
    {
        Hint = "GET /api/v1/agents/games lists the games of this key.",
    };

    public static Fault VersionNotFound() => new(404, "VERSION_NOT_FOUND", "Game version not found")
    {
        Hint = "The version must belong to the game in the address: GET /api/v1/agents/games/{gameId}/versions lists them.",
    };

    public static Fault NotYours() => new(403, "FORBIDDEN", "This game belongs to somebody else");

    public static Fault TooMany() => new(409, "MAX_IN_DEV_GAMES_EXCEEDED", $"At most {Game.InDevelopmentMax} games may be in development at once")
    {
        Hint = "Launch one, or delete one on its studio page.",
    };

    public static Fault LiveLocked(Game game) => new(409, "LIVE_VERSION_LOCKED", "This version is live: people are playing it")
    {
        Hint = game.SourceDir is null ? "Make a new version on the game's studio page and change that one." : HintOfRoom(game),
    };

    public static Fault OfRoom(Game game) => new(409, "PUBLISHED_FROM_ROOM", "This game is published from its room, and so are its versions")
    {
        Hint = HintOfRoom(game),
        Fix = new Fix("POST", $"/rooms/{game.RoomId}/creations", new { topic = game.Name, source_dir = game.SourceDir }),
    };

    public static Fault NotEditable(GameStatus status) => new(409, "VERSION_NOT_EDITABLE",
        $"This version is {(status == GameStatus.Review ? "in review" : status == GameStatus.Approved ? "approved" : "launched")} "
            + "and cannot be changed")
    {
        Hint = "Wait for the review's answer, or make a new version on the game's studio page.",
    };

    private static string HintOfRoom(Game game) => $"Change the files in {game.SourceDir} of the room {game.RoomId} and submit them again.";

    public static Fault ThreadFailed(string why) => new(502, "THREAD_CREATE_FAILED", "The room in which the game is built could not be made")
    {
        Hint = $"{why} Nothing was changed; repeat the call.",
    };
}
