using Remix.Identity.Users;
using Remix.Platform.Data;
using Remix.Platform.Events;

namespace Remix.Creations;

/// <summary>When a user goes: their creations, published or not.</summary>
internal sealed class CreationErasure(Signals signals) : UserErasure
{
    public override async ValueTask Erase(SqlSession session, string userId)
    {
        foreach (var id in await session.Query("select id from creations where created_by = $1", row => row.GetGuid(0), userId))
        {
            await session.Execute("delete from creation_files where creation_id = $1", id);
            await session.Execute("delete from creations where id = $1", id);
            session.AfterCommit(() => signals.Send(CreationEvents.Removed, id.ToString()));
        }
    }
}
