using System.Text.Json;
using Remix.Platform.Http;
using Remix.Platform.Text;

namespace Remix.Games.Play;

/// <summary>A state that a player makes of the one before.</summary>
/// <param name="GameState">The state after the move.</param>
/// <param name="AlertUserIds">Whose turn it is then.</param>
/// <param name="IsFromKnown">Whether the player said which state the move was made from.</param>
/// <param name="From">That state's id; null for the empty board.</param>
internal sealed record Move(JsonElement GameState, string[] AlertUserIds, bool IsFromKnown, Guid? From) : IReadFields<Move>
{
    private const int AlertsMax = 8;

    public static Move Read(Fields fields)
    {
        fields.Required("game_state");
        return new Move(fields.Json("game_state", JsonValueKind.Object, SavedStates.BytesMax) ?? default,
            fields.Texts("alert_user_ids", AlertsMax, Names.LengthMax) ?? [], fields.Has("from_state_id"), fields.Id("from_state_id"));
    }
}
