using Remix.Identity;
using Remix.Platform.Faults;
using Remix.Platform.Signing;
using Remix.Platform.Text;
using Remix.Rooms;

namespace Remix.Creations.Drafts;

/// <summary>Tokens that open a room's working tree to a browser for five minutes, for as long as who asked may read it.</summary>
internal sealed class DraftTokens(Signer signer, Callers callers, RoomDirectory directory, TimeProvider clock)
{
    public const int LifeSeconds = 300;

    private const string Purpose = "draft";

    public ValueTask<string> Issue(RoomScope room) =>
        signer.Token(Purpose, new Payload(room.RoomId, room.Caller.Name, clock.NowMs() + LifeSeconds * 1000));

    /// <summary>The room that the token opens; 403 when it opens none, or not under this label.</summary>
    public async Task<RoomScope> Enter(string token, string? label)
    {
        var payload = await signer.Read<Payload>(Purpose, token);
        if (payload is null || (label is not null && DraftAddress.Label(payload.Room) != label))
        {
            throw Refusal("DRAFT_TOKEN_INVALID", "This is no token for this draft", "Use the url whole, as draft-token answered it.", payload?.Room);
        }

        if (payload.Expires <= clock.NowMs())
        {
            throw Refusal("DRAFT_TOKEN_EXPIRED", "This preview has expired", "A preview can be opened for five minutes: ask for a new one.",
                payload.Room);
        }

        try
        {
            if (await callers.Named(payload.By) is { } caller && await directory.Enter(payload.Room, caller) is { MayRead: true } room)
            {
                return room;
            }
        }
        catch (Fault fault) when (fault.Status == 404)
        {
            // Said below.
        }

        throw Refusal("ACCESS_LOST", $"{payload.By} may no longer read {payload.Room}", "The preview was made in its name.", null);
    }

    private static Fault Refusal(string code, string message, string hint, string? roomId) => new(403, code, message)
    {
        Hint = hint,
        Fix = roomId is null ? null : new Fix("GET", $"/rooms/{roomId}/draft-token"),
    };

    /// <param name="Expires">In Unix milliseconds.</param>
    internal sealed record Payload(string Room, string By, long Expires);
}
