using System.Data.Common;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Rooms.Encryption;

/// <summary>A room's key of one version, sealed for one user by another.</summary>
internal sealed record RoomKeyWrap(long KeyVersion, string UserId, string Wrap, string PublicKey, string WrappedBy, long CreatedAt);

/// <summary>How a room's newest key stands: who has it, and with which public keys of which users.</summary>
internal sealed record RoomKeyState(long KeyVersion, IReadOnlyDictionary<string, string> Users, IReadOnlyList<RoomKeyWrap> Wraps)
{
    /// <summary>Users for whom nobody sealed the newest key, or did so for a public key they no longer have.</summary>
    public IEnumerable<string> Missing => Users.Keys.Where(user => !Has(user)).Order(StringComparer.Ordinal);

    public bool Has(string userId) => Wraps.Any(wrap => wrap.UserId == userId && wrap.PublicKey == Users.GetValueOrDefault(userId));
}

/// <summary>
/// The sealed keys of encrypted rooms. The server keeps them and sees to it that each is sealed for somebody who belongs
/// to the room, by somebody who has it; it cannot open any.
/// </summary>
internal sealed class RoomKeys(Database database, RoomLog log, TimeProvider clock)
{
    public Task<RoomKeyState> State(string roomId) => database.Read(session => State(session, roomId, null));

    /// <summary>Everything sealed for a user, the newest version first.</summary>
    public Task<List<RoomKeyWrap>> Of(string roomId, string userId) => database.Read(session => session.Query("""
        select key_version, user_id, wrap, public_key, wrapped_by, created_at from room_key_wraps
        where room_id = $1 and user_id = $2 order by key_version desc
        """, Row, roomId, userId));

    /// <summary>Keeps sealed keys of one version. Returns for whom; one that is there and still good stays as it is.</summary>
    public Task<IReadOnlyList<string>> Share(string roomId, string by, string byUser, long version, IReadOnlyDictionary<string, string> wraps) =>
        database.Write<IReadOnlyList<string>>(async session =>
        {
            await EventLog.Hold(session, roomId);
            var state = await State(session, roomId, version);
            RequireRight(roomId, byUser, wraps, state, await Newest(session, roomId), version);
            var added = new List<string>();
            foreach (var (userId, wrap) in wraps.Where(wrap => !state.Has(wrap.Key)).OrderBy(wrap => wrap.Key, StringComparer.Ordinal))
            {
                await session.Execute("""
                    insert into room_key_wraps (room_id, key_version, user_id, wrap, public_key, wrapped_by, created_at)
                    values ($1, $2, $3, $4, $5, $6, $7)
                    on conflict (room_id, key_version, user_id) do update set wrap = excluded.wrap, public_key = excluded.public_key,
                        wrapped_by = excluded.wrapped_by, created_at = excluded.created_at
                    """, roomId, version, userId, wrap, state.Users[userId], by, clock.NowMs());
                added.Add(userId);
            }

            if (added.Count > 0)
            {
                await log.Record(session, roomId, RoomEvents.KeyShared, by,
                    new { room_id = roomId, key_version = version, users = added, shared_by = by });
            }

            return added;
        });

    /// <summary>Asks those who have the newest key to seal it for a user. One that turned out bad is thrown away first.</summary>
    public Task<long> Request(string roomId, string by, string userId, bool discard) => database.Write(async session =>
    {
        await EventLog.Hold(session, roomId);
        var state = await State(session, roomId, null);
        if (discard)
        {
            await session.Execute("delete from room_key_wraps where room_id = $1 and key_version = $2 and user_id = $3",
                roomId, state.KeyVersion, userId);

            // Nobody could seal it for anybody again, and another key must not go by the same number.
            if (state.Wraps.All(wrap => wrap.UserId == userId))
            {
                return await Rotate(session, log, roomId, by, "lost");
            }
        }
        else if (state.Has(userId))
        {
            throw Fault.Conflict("KEY_IS_THERE", $"The key of version {state.KeyVersion} is sealed for {userId} already",
                "Unwrap it; if that fails, ask with {\"discard\": true}.", new Fix("GET", $"/rooms/{roomId}/keys"));
        }

        await log.Record(session, roomId, RoomEvents.KeyRequested, by, new
        {
            room_id = roomId,
            key_version = state.KeyVersion,
            user_id = userId,
            public_key = state.Users.GetValueOrDefault(userId),
            requested_by = by,
        });
        return state.KeyVersion;
    });

    public Task<long> Rotate(string roomId, string by) => database.Write(async session =>
    {
        await EventLog.Hold(session, roomId);
        return await Rotate(session, log, roomId, by, "asked");
    });

    /// <summary>Called in the transaction in which a member goes: who has no member left in the room gets no later key.</summary>
    public static async ValueTask MemberGone(SqlSession session, RoomLog log, string roomId, string memberId, string? by)
    {
        var userId = memberId.Split('/')[0];
        var room = await session.Scalar<string>("select owner from rooms where room_id = $1 and encrypted", roomId);
        if (room is not null && room != userId
            && await session.Scalar<long>("select count(*) from room_members where room_id = $1 and user_id = $2", roomId, userId) == 0)
        {
            await Rotate(session, log, roomId, by, "member_left");
        }
    }

    private static async ValueTask<long> Rotate(SqlSession session, RoomLog log, string roomId, string? by, string reason)
    {
        var version = await session.Scalar<long>("""
            insert into room_key_versions (room_id, key_version) values ($1, 2)
            on conflict (room_id) do update set key_version = room_key_versions.key_version + 1 returning key_version
            """, roomId);
        await log.Record(session, roomId, RoomEvents.KeyRotated, by, new { room_id = roomId, key_version = version, reason, rotated_by = by });
        return version;
    }

    private static void RequireRight(string roomId, string byUser, IReadOnlyDictionary<string, string> wraps, RoomKeyState state,
        long newest, long version)
    {
        if (version > newest || version < 1)
        {
            throw Fault.Invalid("key_version", $"The newest version of this room's key is {newest}");
        }

        var issues = wraps.Keys.Where(userId => !state.Users.ContainsKey(userId)).Order(StringComparer.Ordinal)
            .Select(userId => new Issue("custom", ["wraps", userId], "Is no user of a member of this room")).ToList();
        if (state.Wraps.Count == 0 && !wraps.ContainsKey(byUser))
        {
            issues.Add(new Issue("custom", ["wraps", byUser], "Who makes a key seals it for its own user, too"));
        }

        if (issues.Count > 0)
        {
            throw Fault.Invalid(issues);
        }

        if (state.Wraps.Count > 0 && state.Wraps.All(wrap => wrap.UserId != byUser))
        {
            throw Fault.Conflict("KEY_EXISTS", $"Somebody else has made the key of version {version}",
                "Ask for it, and unwrap it when it is there.", new Fix("POST", $"/rooms/{roomId}/keys/request"));
        }
    }

    private static ValueTask<long> Newest(SqlSession session, string roomId) =>
        session.Scalar<long>("select coalesce((select key_version from room_key_versions where room_id = $1), 1)", roomId);

    private static async ValueTask<RoomKeyState> State(SqlSession session, string roomId, long? version)
    {
        var keyVersion = version ?? await Newest(session, roomId);
        var userIds = await session.Query("""
            select user_id from room_members where room_id = $1 union select owner from rooms where room_id = $1
            """, row => row.GetString(0), roomId);
        var wraps = await session.Query("""
            select key_version, user_id, wrap, public_key, wrapped_by, created_at from room_key_wraps where room_id = $1 and key_version = $2
            """, Row, roomId, keyVersion);
        return new RoomKeyState(keyVersion, await AgentDirectory.PublicKeys(session, userIds), wraps);
    }

    private static RoomKeyWrap Row(DbDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5));
}
