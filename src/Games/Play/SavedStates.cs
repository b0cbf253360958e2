using System.Text.Json;
using Remix.Platform.Data;
using Remix.Platform.Text;

namespace Remix.Games.Play;

/// <summary>A state of a game as it is kept, with the id under which the game hears of it.</summary>
internal sealed record GameStateView(Guid Id, JsonElement GameState);

/// <summary>What a game keeps for each of its players. The only writer of its table.</summary>
internal sealed class SavedStates(Database database, TimeProvider clock)
{
    public const int BytesMax = 256 * 1024;

    public Task<GameStateView?> Of(Guid gameId, string player) => database.Read(session => session.First(
        "select state_id, state from game_states where game_id = $1 and player = $2", row =>
            new GameStateView(row.GetGuid(0), Parse(row.GetString(1))),
        gameId, player));

    public Task<GameStateView> Save(Guid gameId, string player, JsonElement state) => database.Write(async session =>
    {
        var id = Guid.CreateVersion7();
        await session.Execute("""
            insert into game_states (game_id, player, state_id, state, updated_at) values ($1, $2, $3, $4, $5)
            on conflict (game_id, player) do update set state_id = excluded.state_id, state = excluded.state, updated_at = excluded.updated_at
            """, gameId, player, id, state.GetRawText(), clock.NowMs());
        return new GameStateView(id, state);
    });

    public static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);
}
