using Remix.Identity.Users;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Rooms.Studios;

/// <summary>Who follows which studio, and whether they want to be told of what it publishes.</summary>
internal sealed class Subscriptions(Database database, TimeProvider clock)
{
    private const string Columns =
        "s.studio_id, owner, name, description, avatar_url, banner_url, tags, visibility, subscriber_count, archived_at, s.created_at";

    /// <summary>Subscribes, or takes it back.</summary>
    public Task<SubscriptionView> Toggle(string studioId, string userId) => database.Write(async session =>
    {
        await StudioStore.Ensure(session, studioId, clock.NowMs());

        // The count is moved first: its row is the lock, so that two presses at once cannot both find nothing there.
        await session.Execute("update studios set subscriber_count = subscriber_count + 0 where studio_id = $1", studioId);
        var removed = await session.Execute("delete from studio_subscriptions where studio_id = $1 and user_id = $2", studioId, userId) > 0;
        if (!removed)
        {
            await session.Execute("insert into studio_subscriptions (studio_id, user_id, notify, created_at) values ($1, $2, $3, $4)",
                studioId, userId, true, clock.NowMs());
        }

        var count = await session.Query("update studios set subscriber_count = subscriber_count + $1 where studio_id = $2 returning subscriber_count",
            row => row.GetInt64(0), removed ? -1 : 1, studioId);
        return new SubscriptionView(!removed, !removed, count[0]);
    });

    public Task<SubscriptionView> Notify(string studioId, string userId, bool notify) => database.Write(async session =>
        await session.Execute("update studio_subscriptions set notify = $1 where studio_id = $2 and user_id = $3", notify, studioId, userId) == 0
            ? throw Fault.Conflict("NOT_SUBSCRIBED", $"You do not subscribe to {studioId}", "Subscribe first.",
                new Fix("POST", $"/studios/{studioId}/subscribe"))
            : new SubscriptionView(true, notify, await session.Scalar<long>("select subscriber_count from studios where studio_id = $1", studioId)));

    public Task<bool> Has(string studioId, string userId) => database.Read(async session =>
        await session.Scalar<long>("select count(*) from studio_subscriptions where studio_id = $1 and user_id = $2", studioId, userId) > 0);

    /// <summary>What a user follows and may still see, the newest first.</summary>
    public Task<(List<(Studio Studio, bool Notify, long Since)> Page, long Total)> Of(string userId, PageOf wish) => database.Read(async session =>
    {
        const string where = "from studio_subscriptions f join studios s on s.studio_id = f.studio_id where f.user_id = $1 "
            + "and s.archived_at is null and (s.visibility <> 'private' or s.owner = $1)";
        return (await session.Query($"""
            select {Columns}, f.notify, f.created_at {where} order by f.created_at desc, s.studio_id limit {wish.Limit} offset {wish.Offset}
            """,
            row => (StudioStore.Row(row), row.GetBoolean(11), row.GetInt64(12)), userId),
                await session.Scalar<long>($"select count(*) {where}", userId));
    });

    public Task<List<SubscriberView>> To(string studioId, PageOf wish) => database.Read(session => session.Query($"""
        select user_id, created_at from studio_subscriptions where studio_id = $1 order by created_at desc, user_id
        limit {wish.Limit} offset {wish.Offset}
        """, row => new SubscriberView(row.GetString(0), row.GetInt64(1).ToTime()), studioId));
}

/// <summary>When a user goes: their studios with all who follow them, and their own following.</summary>
internal sealed class StudioErasure : UserErasure
{
    public override async ValueTask Erase(SqlSession session, string userId)
    {
        await session.Execute("""
            update studios set subscriber_count = subscriber_count - 1
            where studio_id in (select studio_id from studio_subscriptions where user_id = $1)
            """, userId);
        await session.Execute("delete from studio_subscriptions where user_id = $1", userId);
        await session.Execute("delete from studio_subscriptions where studio_id in (select studio_id from studios where owner = $1)", userId);
        await session.Execute("delete from studios where owner = $1", userId);
    }
}
