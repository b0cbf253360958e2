using Remix.Identity;
using Remix.Platform.Faults;
using Remix.Platform.Signing;
using Remix.Platform.Text;
using Remix.Rooms;

namespace Remix.Creations.Drafts;

/// <summary>A way to look at a room's working tree: the draft of a creation, or the room's own app.</summary>
internal sealed record Preview(string Name, string TokenRoute, int LifeSeconds)
{
    public static readonly Preview Draft = new("draft", "draft-token", 300);
    public static readonly Preview App = new("room-app", "room-app-token", 900);

    /// <summary>The label of the host on which the room is looked at.</summary>
    public string Label(string roomId) => this == App ? DraftAddress.AppLabel(roomId) : DraftAddress.Label(roomId);
}

/// <summary>Tokens that open a room's working tree to a browser for some minutes, for as long as who asked may read it.</summary>
internal sealed class DraftTokens(Signer signer, Callers callers, RoomDirectory directory, TimeProvider clock)
{
    public ValueTask<string> Issue(Preview preview, RoomScope room) =>
        signer.Token(preview.Name, new Payload(room.RoomId, room.Caller.Name, clock.NowMs() + preview.LifeSeconds * 1000));

    /// <summary>The room that the token opens; 403 when it opens none, or not under this label.</summary>
    public async Task<RoomScope> Enter(Preview preview, string token, string? label)
    {
        var payload = await signer.Read<Payload>(preview.Name, token);
        if (payload is null || (label is not null && preview.Label(payload.Room) != label))
        {
            throw Refusal(preview, "DRAFT_TOKEN_INVALID", "This is no token for this preview",
                $"Use the url whole, as {preview.TokenRoute} answered it.", payload?.Room);
        }

        if (payload.Expires <= clock.NowMs())
        {
            throw Refusal(preview, "DRAFT_TOKEN_EXPIRED", "This preview has expired",
                $"It can be opened for {preview.LifeSeconds / 60} minutes: ask for a new one.", payload.Room);
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

        throw Refusal(preview, "ACCESS_LOST", $"{payload.By} may no longer read {payload.Room}", "The preview was made in its name.", null);
    }

    private static Fault Refusal(Preview preview, string code, string message, string hint, string? roomId) => new(403, code, message)
    {
        Hint = hint,
        Fix = roomId is null ? null : new Fix("GET", $"/rooms/{roomId}/{preview.TokenRoute}"),
    };

    /// <param name="Expires">In Unix milliseconds.</param>
    internal sealed record Payload(string Room, string By, long Expires);
}
