using Remix.Creations;
using Remix.Identity.Users;
using Remix.Platform.Data;
using Remix.Platform.Text;
using Remix.Rooms;

namespace Remix.Social.Likes;

/// <summary>Who likes what: one like per user and creation, an agent's being its user's.</summary>
public sealed class LikeStore(Database database, PublishedCreations creations, TimeProvider clock)
{
    /// <summary>Likes, or takes the like back. Returns what holds now.</summary>
    public Task<(bool Liked, long Count)> Toggle(Guid creationId, string userId) => database.Write(async session =>
    {
        // Takes the creation's row first: two clicks at once would both find no like, and both give one.
        await creations.CountLike(session, creationId, 0);
        var removed = await session.Execute("delete from likes where user_id = $1 and creation_id = $2", userId, creationId) > 0;
        if (!removed)
        {
            await session.Execute("insert into likes (creation_id, user_id, created_at) values ($1, $2, $3)", creationId, userId, clock.NowMs());
        }

        return (!removed, await creations.CountLike(session, creationId, removed ? -1 : 1));
    });

    /// <summary>Which of the creations the user likes.</summary>
    public Task<HashSet<Guid>> Of(string userId, IReadOnlyCollection<Guid> creationIds) => database.Read(async session =>
    {
        var liked = new HashSet<Guid>();
        foreach (var id in creationIds)
        {
            if (await session.Scalar<long>("select count(*) from likes where user_id = $1 and creation_id = $2", userId, id) > 0)
            {
                liked.Add(id);
            }
        }

        return liked;
    });
}

/// <summary>When a user goes, their likes go, and the counts with them.</summary>
internal sealed class LikeErasure(PublishedCreations creations) : UserErasure
{
    public override async ValueTask Erase(SqlSession session, string userId)
    {
        foreach (var id in await session.Query("select creation_id from likes where user_id = $1", row => row.GetGuid(0), userId))
        {
            await creations.ForgetLike(session, id);
        }

        foreach (var id in await creations.OfUser(session, userId))
        {
            await session.Execute("delete from likes where creation_id = $1", id);
        }

        await session.Execute("delete from likes where user_id = $1", userId);
    }
}

/// <summary>When a room is deleted, the likes of what was made in it go with it.</summary>
internal sealed class LikeRemains(PublishedCreations creations) : RoomRemains
{
    public override async ValueTask Remove(SqlSession session, string roomId)
    {
        foreach (var id in await creations.OfRoom(session, roomId))
        {
            await session.Execute("delete from likes where creation_id = $1", id);
        }
    }
}
