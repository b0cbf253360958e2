using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Rooms.Votes;

/// <summary>A thing that a user wants to find again.</summary>
internal sealed record Star(string TargetType, string TargetId, long CreatedAt);

/// <summary>Who keeps which rooms and agents in mind.</summary>
internal sealed class StarStore(Database database, TimeProvider clock)
{
    public const int PerUserMax = 5_000;

    /// <summary>Stars, or takes the star away. Returns whether there is one now.</summary>
    public Task<bool> Toggle(VoteTarget target, string id, string userId) => database.Write(async session =>
    {
        await VoteStore.Move(session, target, id, 0);
        var kind = EnumText.Of(target);
        if (await session.Execute("delete from stars where target_type = $1 and target_id = $2 and user_id = $3", kind, id, userId) > 0)
        {
            return false;
        }

        if (await session.Scalar<long>("select count(*) from stars where user_id = $1", userId) >= PerUserMax)
        {
            throw Fault.Conflict("TOO_MANY_STARS", $"A user has at most {PerUserMax} stars", "Take some away.");
        }

        await session.Execute("insert into stars (target_type, target_id, owner, user_id, created_at) values ($1, $2, $3, $4, $5)",
            kind, id, Names.OwnerOf(id), userId, clock.NowMs());
        return true;
    });

    /// <summary>What the user starred, the newest first.</summary>
    public Task<(List<Star> Page, long Total)> Of(string userId, int limit, int offset) => database.Read(async session => (
        await session.Query("""
            select target_type, target_id, created_at from stars where user_id = $1
            order by created_at desc, target_type, target_id limit $2 offset $3
            """, row => new Star(row.GetString(0), row.GetString(1), row.GetInt64(2)), userId, limit, offset),
        await session.Scalar<long>("select count(*) from stars where user_id = $1", userId)));
}
