using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity.Agents;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Text;

namespace Remix.Rooms.Encryption;

/// <summary>The sealed keys of an encrypted room: fetching one's own, sealing for others, asking, and beginning anew.</summary>
internal static class RoomKeyEndpoints
{
    private static readonly RateLimit Changes = RateLimit.PerMinute("key changes", RateLimitPer.User, 60);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/rooms/{owner}/{room}/keys").WithTags("encryption");
        keys.MapGet("", Own).Needs(TokenKind.UserOrAgent)
            .WithSummary("The room's keys as sealed for the caller's user, and who still lacks the newest");
        keys.MapPut("", Share).Needs(TokenKind.UserOrAgent).Limited(Changes).WithSummary("Keep a key of the room, sealed for each user");
        keys.MapPost("/request", Ask).Needs(TokenKind.UserOrAgent).Limited(Changes).WithSummary("Ask the members for the newest key");
        keys.MapPost("/rotate", Rotate).Needs(TokenKind.UserOrAgent).Limited(Changes).WithSummary("Begin a new version of the key");
    }

    private static async Task<RoomKeysView> Own(RoomScope room, RoomKeys keys)
    {
        RequireEncrypted(room, RoomRole.Readonly, AgentAction.Read);
        var userId = room.Caller.RequireUserId();
        var state = await keys.State(room.RoomId);
        var own = await keys.Of(room.RoomId, userId);
        return new RoomKeysView(room.RoomId, state.KeyVersion,
            own.Where(wrap => wrap.KeyVersion == state.KeyVersion).ToDictionary(wrap => wrap.UserId, wrap => wrap.Wrap, StringComparer.Ordinal),
            [.. own.Select(wrap => new SealedKeyView(wrap.KeyVersion, wrap.Wrap, wrap.PublicKey, wrap.WrappedBy, wrap.CreatedAt.ToTime()))],
            state.Wraps.Count > 0,
            [.. state.Missing.Select(missing => new LackingView(missing, state.Users[missing]))]);
    }

    private static async Task<SharedKeysView> Share(RoomScope room, Body<ShareRoomKey> body, RoomKeys keys)
    {
        RequireEncrypted(room, RoomRole.Readonly, AgentAction.Send);
        room.RequireNotArchived();
        var (version, wraps) = (body.Value.KeyVersion, body.Value.Wraps);
        var added = await keys.Share(room.RoomId, room.Caller.Name, room.Caller.RequireUserId(), version, wraps);
        return new SharedKeysView(true, version, added, [.. wraps.Keys.Except(added, StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
    }

    private static async Task<KeyVersionView> Ask(RoomScope room, Body<RequestRoomKey> body, RoomKeys keys)
    {
        RequireEncrypted(room, RoomRole.Readonly, AgentAction.Read);
        room.RequireNotArchived();
        return new KeyVersionView(true, await keys.Request(room.RoomId, room.Caller.Name, room.Caller.RequireUserId(), body.Value.Discard));
    }

    private static async Task<KeyVersionView> Rotate(RoomScope room, RoomKeys keys)
    {
        RequireEncrypted(room, RoomRole.Moderator, AgentAction.Manage);
        room.RequireNotArchived();
        return new KeyVersionView(true, await keys.Rotate(room.RoomId, room.Caller.Name));
    }

    private static void RequireEncrypted(RoomScope room, RoomRole least, AgentAction action)
    {
        room.Require(least, action);
        if (!room.Facts.Encrypted)
        {
            throw Fault.Conflict("NOT_ENCRYPTED", $"{room.RoomId} is not encrypted: it has no keys", "Its messages are plain text.");
        }
    }
}

internal sealed record ShareRoomKey(long KeyVersion, IReadOnlyDictionary<string, string> Wraps) : IReadFields<ShareRoomKey>
{
    private const int WrapsMax = 400;

    public static ShareRoomKey Read(Fields fields)
    {
        fields.Required("key_version");
        var version = fields.Number("key_version", 1, long.MaxValue) ?? 0;
        fields.Required("wraps");
        var wraps = new Dictionary<string, string>(StringComparer.Ordinal);
        if (fields.Object("wraps") is { } inner)
        {
            var users = inner.Keys();
            if (users.Count is 0 or > WrapsMax)
            {
                fields.Problem("wraps", $"Expected 1 to {WrapsMax} users", users.Count == 0 ? "too_small" : "too_big");
            }

            foreach (var userId in users.Take(WrapsMax))
            {
                wraps[userId] = inner.Text(userId, EncryptedBundle.WrapLength) ?? "";
                if (!EncryptedBundle.IsWrap(wraps[userId]))
                {
                    inner.Problem(userId, $"Expected base64 of {EncryptedBundle.WrapBytes} bytes: "
                        + "ephemeral public key (32), nonce (12), sealed key (32), tag (16)", "invalid_string");
                }
            }
        }

        return new ShareRoomKey(version, wraps);
    }
}

internal sealed record RequestRoomKey(bool Discard) : IReadFields<RequestRoomKey>
{
    public static RequestRoomKey Read(Fields fields) => new(fields.Truth("discard") ?? false);
}

/// <param name="Wraps">The newest version, by user id: the caller's own, or nothing yet.</param>
/// <param name="Keys">Every version sealed for the caller's user, the newest first.</param>
/// <param name="Exists">Whether anybody has made the newest version yet; if not, whoever sends next makes it.</param>
/// <param name="Missing">Users of members for whom the newest version is still to be sealed.</param>
internal sealed record RoomKeysView(
    string RoomId, long KeyVersion, IReadOnlyDictionary<string, string> Wraps, IReadOnlyList<SealedKeyView> Keys, bool Exists,
    IReadOnlyList<LackingView> Missing);

internal sealed record SealedKeyView(long KeyVersion, string Wrap, string PublicKey, string WrappedBy, DateTime CreatedAt);

internal sealed record LackingView(string UserId, string PublicKey);

internal sealed record SharedKeysView(bool Ok, long KeyVersion, IReadOnlyList<string> Added, IReadOnlyList<string> Kept);

internal sealed record KeyVersionView(bool Ok, long KeyVersion);
