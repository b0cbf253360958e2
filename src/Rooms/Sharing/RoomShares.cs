using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Rooms.Sharing;

/// <summary>The links under which rooms are shared. Nothing of them is kept in memory: a revoked one is void at once.</summary>
internal sealed class RoomShares(Database database, RoomLog log, TimeProvider clock)
{
    private const int TokenBytes = 24;
    private const string Columns = "token, room_id, title, created_by, created_at, expires_at";

    public async Task<RoomShare> Create(RoomScope room, CreateShare wish)
    {
        var now = clock.NowMs();
        var share = new RoomShare(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes)), room.RoomId, wish.Title ?? room.Name,
            room.Caller.Name, now, wish.ExpiresIn is { } seconds ? now + seconds * 1000L : null);
        await database.Write(async session =>
        {
            await EventLog.Hold(session, room.RoomId);
            await session.Execute("delete from room_shares where room_id = $1 and expires_at <= $2", room.RoomId, now);
            if (await session.Scalar<long>("select count(*) from room_shares where room_id = $1", room.RoomId) >= RoomShare.PerRoomMax)
            {
                throw Fault.Conflict("TOO_MANY_SHARES", $"A room has at most {RoomShare.PerRoomMax} share links", "Revoke those that nobody needs.",
                    new Fix("GET", $"/rooms/{room.RoomId}/share"));
            }

            await session.Execute($"insert into room_shares ({Columns}) values ($1, $2, $3, $4, $5, $6)",
                share.Token, share.RoomId, share.Title, share.CreatedBy, share.CreatedAt, share.ExpiresAt);

            // Everybody in the room may know that it is read outside; the token is not theirs.
            await log.Record(session, room.RoomId, RoomEvents.ShareCreated, share.CreatedBy,
                new { room_id = room.RoomId, title = share.Title, shared_by = share.CreatedBy, expires_at = share.ExpiresAt.ToTime() });
        });
        return share;
    }

    public Task<List<RoomShare>> Of(string roomId) => database.Read(session => session.Query(
        $"select {Columns} from room_shares where room_id = $1 order by created_at desc, token", Row, roomId));

    public Task Revoke(RoomScope room, string token) => database.Write(async session =>
    {
        await EventLog.Hold(session, room.RoomId);
        if (await session.Execute("delete from room_shares where room_id = $1 and token = $2", room.RoomId, token) == 0)
        {
            throw Fault.NotFound("Share", $"GET /rooms/{room.RoomId}/share lists the links there are.");
        }

        await log.Record(session, room.RoomId, RoomEvents.ShareRevoked, room.Caller.Name,
            new { room_id = room.RoomId, revoked_by = room.Caller.Name });
    });

    /// <summary>The link that the token is; 404 for none, 410 for one that has ended.</summary>
    public async Task<RoomShare> Open(string roomId, string? token)
    {
        var share = token is { Length: > 0 and <= RoomShare.TokenLengthMax } ? await database.Read(session =>
            session.First($"select {Columns} from room_shares where token = $1 and room_id = $2", Row, token, roomId)) : null;
        if (share is null)
        {
            throw Fault.NotFound("Shared conversation",
                "The link may have been revoked, or it lost a letter on the way. Ask whoever sent it for a new one.");
        }

        return share.ExpiresAt <= clock.NowMs()
            ? throw new Fault(410, "SHARE_EXPIRED", "This link has expired") { Hint = "Ask whoever sent it for a new one." }
            : share;
    }

    private static RoomShare Row(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.Long(5));
}
