using System.Text.Json;
using Remix.Identity;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Rooms;

/// <summary>What every request wants to know of a room.</summary>
internal sealed record RoomFacts(
    string RoomId, string Owner, string Name, RoomVisibility Visibility, bool Encrypted, bool Moderated, bool IsArchived, RoomPolicies Policies);

/// <summary>
/// Rooms and roles, kept in memory for under a second and dropped at once when they change on this node: requests pay
/// one query per caller and second at most.
/// </summary>
public sealed class RoomDirectory
{
    /// <summary>Signal whose key is a room whose facts or members changed.</summary>
    internal const string Changed = "rooms";

    private const int CompanyMax = 50;
    private const int CompanionsMax = 500;

    private readonly BriefCache<(string RoomId, string Member), Entry> known;
    private readonly Database database;

    public RoomDirectory(Database database, Signals signals, TimeProvider clock)
    {
        this.database = database;
        known = new BriefCache<(string RoomId, string Member), Entry>(clock);
        signals.Listen(Changed, Forget);
    }

    /// <summary>The room as this caller sees it; 404 when it may not know of it.</summary>
    public async ValueTask<RoomScope> Enter(string roomId, Caller caller)
    {
        var scope = await Knock(roomId, caller);
        return scope.IsMember || scope.Visibility != RoomVisibility.Private ? scope : throw NotFound();
    }

    /// <summary>Users whom a user meets in rooms: those of rooms that are small enough to know each other in.</summary>
    public Task<List<string>> Companions(string userId) => database.Read(session => session.Query("""
        select distinct other.user_id from room_members own
        join rooms on rooms.room_id = own.room_id and rooms.member_count <= $1
        join room_members other on other.room_id = own.room_id
        where own.user_id = $2 and other.user_id <> $3 order by other.user_id limit $4
        """, row => row.GetString(0), CompanyMax, userId, userId, CompanionsMax));

    /// <summary>
    /// The same for who stands at the door of a private room, whose name it knows. Only asking to be let in may use it.
    /// </summary>
    internal async ValueTask<RoomScope> Knock(string roomId, Caller caller)
    {
        var (facts, kept) = await Find(roomId, caller);

        // A scoped agent does not learn of private rooms outside its scope, member or not.
        if (facts is null || (facts.Visibility == RoomVisibility.Private && !caller.Permissions.AllowsRoom(roomId)))
        {
            throw NotFound();
        }

        return new RoomScope(facts, caller, RoleOf(facts, kept, caller));
    }

    /// <summary>An archived agent keeps its place in its rooms, and has nothing of it until it is brought back.</summary>
    private static RoomRole? RoleOf(RoomFacts facts, RoomRole? role, Caller caller) => caller.IsArchived ? null
        : caller.IsUser && (caller.UserId == facts.Owner || caller.IsPlatformAdmin) ? RoomRole.Admin : role;

    /// <summary>Whether the next call needs no look at the database.</summary>
    internal bool Remembers(string roomId, string member) => known.Holds((roomId, member));

    internal static Fault NotFound() => Fault.NotFound("Room", "Rooms are addressed as /rooms/{owner}/{room}; private ones are seen by members only.");

    private async ValueTask<(RoomFacts? Facts, RoomRole? Role)> Find(string roomId, Caller caller)
    {
        var member = caller.IsNobody ? "" : caller.Name;
        if (known.TryGet((roomId, member), out var kept))
        {
            return (kept.Facts, kept.Role);
        }

        if (!Names.IsPair(roomId))
        {
            return default;
        }

        var version = known.Version;
        var found = await Read(roomId, member);
        if (found is not null && !IsHidden(found.Facts, found.Role, caller))
        {
            known.Keep((roomId, member), found, version);
        }

        return (found?.Facts, found?.Role);
    }

    /// <summary>
    /// What does not exist is looked up anew each time, and so must be what the caller may not know of: else the second
    /// 404 would come sooner.
    /// </summary>
    private static bool IsHidden(RoomFacts facts, RoomRole? role, Caller caller) => facts.Visibility == RoomVisibility.Private
        && (RoleOf(facts, role, caller) is null || !caller.Permissions.AllowsRoom(facts.RoomId));

    private void Forget(string roomId)
    {
        if (roomId == Signals.Everything)
        {
            known.Forget();
        }
        else
        {
            known.Forget(key => key.RoomId == roomId);
        }
    }

    private Task<Entry?> Read(string roomId, string member) => database.Read(session => session.First("""
        select r.room_id, r.owner, r.name, r.visibility, r.encrypted, r.moderated, r.archived_at, r.config, m.role from rooms r
        left join room_members m on m.room_id = r.room_id and m.member_id = $2 where r.room_id = $1
        """, row => new Entry(
            new RoomFacts(row.GetString(0), row.GetString(1), row.GetString(2), EnumText.Parse<RoomVisibility>(row.GetString(3)), row.GetBoolean(4),
                row.GetBoolean(5), row.Long(6) is not null, Policies(row.GetString(7))),
            row.Text(8) is { } role ? EnumText.Parse<RoomRole>(role) : null),
        roomId, member));

    private static RoomPolicies Policies(string config)
    {
        using var document = JsonDocument.Parse(config);
        return RoomPolicies.Of(document.RootElement);
    }

    private sealed record Entry(RoomFacts Facts, RoomRole? Role);
}
