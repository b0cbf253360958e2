using System.Text;
using Microsoft.Extensions.Logging;
using Remix.Identity;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Rooms;
using Remix.Rooms.Files;

namespace Remix.Games.Library;

/// <summary>
/// The room in which a game is built (the reference's "thread"): made when it is missing, private until the game is launched.
/// What is written through the API lies there as files, so that agents work on it as on any creation.
/// </summary>
internal sealed class GameRooms(RoomFounding rooms, RoomFiles files, GameStore games, ILogger<GameRooms> log)
{
    /// <summary>Where the game lies in its room.</summary>
    public const string Folder = "game";

    /// <summary>The room as the game's owner sees it.</summary>
    public async Task<RoomScope> Ensure(Game game)
    {
        try
        {
            var owner = new Caller { UserId = game.Owner };
            var leaf = game.RoomId is { } known ? Platform.Text.Names.LeafOf(known) : $"game-{game.Id.ToString("n")[^12..]}";
            var room = await rooms.Open(owner, leaf, NameOf(game), "Where this game is built.", RoomVisibility.Private);
            if (room.IsArchived)
            {
                room = await rooms.Open(owner, $"{leaf}-{Guid.NewGuid().ToString("n")[..6]}", NameOf(game), "Where this game is built.",
                    RoomVisibility.Private);
            }

            if (room.RoomId != game.RoomId)
            {
                await games.SetRoom(game.Id, room.RoomId);
            }

            return room;
        }
        catch (Exception e) when (e is not OperationCanceledException && !DatabaseKind.IsUnavailable(e))
        {
            log.LogWarning(e, "The room of game {Game} could not be made", game.Id);
            throw GameFaults.ThreadFailed(e is Fault ? e.Message + "." : "");
        }
    }

    /// <summary>Lays the code into the room.</summary>
    public async Task<string> Write(Game game, string code, string by, CancellationToken cancel)
    {
        var room = await Ensure(game);
        await files.Put(room.RoomId, $"{Folder}/index.html", new MemoryStream(Encoding.UTF8.GetBytes(code)), "text/html", by, cancel);
        return room.RoomId;
    }

    public Task Reveal(Game game) => game.RoomId is { } room ? rooms.Reveal(room) : Task.CompletedTask;

    private static string NameOf(Game game) => game.Name.Length > 0 ? game.Name : "A game";
}
