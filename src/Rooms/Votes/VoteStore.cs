using Remix.Identity.Agents;
using Remix.Identity.Users;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Rooms.Votes;

/// <summary>What can be voted on and starred.</summary>
internal enum VoteTarget
{
    Room,
    Agent,
}

/// <summary>Who holds what for good or bad, one vote per user and thing; the score is kept with the thing.</summary>
internal sealed class VoteStore(Database database, TimeProvider clock)
{
    /// <summary>Votes, or changes the vote. The same again changes nothing. Returns the score.</summary>
    public Task<long> Vote(VoteTarget target, string id, string userId, int value) => database.Write(async session =>
    {
        // Takes the thing's row first: two votes of one user at once would both find none before.
        await Move(session, target, id, 0);
        var before = await session.Scalar<long>("select value from votes where target_type = $1 and target_id = $2 and user_id = $3",
            EnumText.Of(target), id, userId);
        await session.Execute("""
            insert into votes (target_type, target_id, owner, user_id, value, created_at) values ($1, $2, $3, $4, $5, $6)
            on conflict (target_type, target_id, user_id) do update set value = excluded.value
            """, EnumText.Of(target), id, Names.OwnerOf(id), userId, value, clock.NowMs());
        return await Move(session, target, id, value - before);
    });

    /// <summary>The score, moved; 404 when there is no such thing.</summary>
    internal static async ValueTask<long> Move(SqlSession session, VoteTarget target, string id, long by) =>
        await TryMove(session, target, id, by) ?? throw Fault.NotFound(target.ToString());

    internal static async ValueTask<long?> TryMove(SqlSession session, VoteTarget target, string id, long by)
    {
        if (target == VoteTarget.Agent)
        {
            return await AgentDirectory.MoveScore(session, id, by);
        }

        var score = await session.Query("update rooms set score = score + $1 where room_id = $2 returning score", row => row.GetInt64(0), by, id);
        return score.Count > 0 ? score[0] : null;
    }
}

/// <summary>When a user goes: their votes with what they weighed, their stars, and both of what was theirs.</summary>
internal sealed class VoteErasure : UserErasure
{
    public override async ValueTask Erase(SqlSession session, string userId)
    {
        foreach (var table in new[] { "votes", "stars" })
        {
            await session.Execute($"delete from {table} where owner = $1", userId);
        }

        var votes = await session.Query("select target_type, target_id, value from votes where user_id = $1 order by target_type, target_id",
            row => (Target: EnumText.Parse<VoteTarget>(row.GetString(0)), Id: row.GetString(1), Value: row.GetInt64(2)), userId);
        foreach (var (target, id, value) in votes)
        {
            await VoteStore.TryMove(session, target, id, -value);
        }

        await session.Execute("delete from votes where user_id = $1", userId);
        await session.Execute("delete from stars where user_id = $1", userId);
    }
}

/// <summary>When a room goes, what was said for and against it goes with it.</summary>
internal sealed class VoteRemains : RoomRemains
{
    public override async ValueTask Remove(SqlSession session, string roomId)
    {
        await session.Execute("delete from votes where target_type = 'room' and target_id = $1", roomId);
        await session.Execute("delete from stars where target_type = 'room' and target_id = $1", roomId);
    }
}
