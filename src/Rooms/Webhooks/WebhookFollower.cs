using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Text;

namespace Remix.Rooms.Webhooks;

/// <summary>
/// Follows the log from where it stopped, and writes down for each event who is to be told: once for each address,
/// whatever crashes and however many nodes do it, because the pair of both is unique.
/// </summary>
internal sealed class WebhookFollower(
    EventLog events, Signals signals, Database database, WebhookDispatcher dispatcher, IServiceScopeFactory scopes, TimeProvider clock,
    ILogger<WebhookFollower> log) : LogFollower(events, signals, log)
{
    private const string Name = "webhooks";

    /// <summary>Where nobody is to be told anything, the place is only written down now and then: to read again is harmless.</summary>
    private const long PlaceEveryMs = 5_000;

    private long placedAt;

    protected override Task<long> Start(CancellationToken stop) => database.Read(session =>
        session.Scalar<long>("select position from log_followers where name = $1", Name));

    protected override async Task Take(IReadOnlyList<LogEvent> batch, CancellationToken stop)
    {
        var wanted = await Wanted(batch);
        if (wanted.Count > 0 || clock.NowMs() - placedAt >= PlaceEveryMs)
        {
            await database.Write(session => Enqueue(session, wanted, batch[^1].Id));
            placedAt = clock.NowMs();
        }
    }

    private async Task<List<Wish>> Wanted(IReadOnlyList<LogEvent> batch)
    {
        var wishes = new List<Wish>();
        if (await database.Read(session => session.Scalar<long>("select count(*) from (select 1 from webhooks limit 1) as found")) == 0)
        {
            return wishes;
        }

        foreach (var channel in batch.Where(logged => logged.Kind != EventLog.Erased).GroupBy(logged => logged.Channel, StringComparer.Ordinal))
        {
            var ears = await Ears(channel.Key);
            foreach (var logged in channel)
            {
                wishes.AddRange(ears.Where(ear => ear.Wants(logged)).Select(ear => new Wish(ear.WebhookId, logged)));
            }
        }

        return wishes;
    }

    /// <summary>The addresses that belong to a room and those of the agents in it that may read it; or one agent's own.</summary>
    private async Task<List<WebhookEar>> Ears(string channel)
    {
        if (channel.StartsWith('@'))
        {
            return await EarOfAgent(channel[1..]) is { } own ? [own] : [];
        }

        var ears = await database.Read(session => session.Query("""
            select w.id, w.agent_id, w.events, w.after_event, cast(0 as bigint), null from webhooks w where w.room_id = $1
            union all
            select w.id, w.agent_id, w.events, w.after_event, m.joined_at, m.role from room_members m
            join webhooks w on w.agent_id = m.member_id where m.room_id = $1
            """, WebhookEar.Of, channel));
        var agents = ears.Select(ear => ear.AgentId).OfType<string>().ToList();
        if (agents.Count == 0)
        {
            return ears;
        }

        await using var scope = scopes.CreateAsyncScope();
        var readers = await scope.ServiceProvider.GetRequiredService<AgentDirectory>().Readers(agents, channel);
        return [.. ears.Where(ear => ear.AgentId is null || readers.Contains(ear.AgentId))];
    }

    private Task<WebhookEar?> EarOfAgent(string agentId) => database.Read(session => session.First(
        "select w.id, w.agent_id, w.events, w.after_event, cast(0 as bigint), null from webhooks w where w.agent_id = $1", WebhookEar.Of, agentId));

    private async ValueTask Enqueue(SqlSession session, List<Wish> wishes, long last)
    {
        var place = await session.Scalar<long>("update log_followers set position = position where name = $1 returning position", Name);
        var now = clock.NowMs();
        foreach (var (webhookId, group) in wishes.Where(wish => wish.Logged.Id > place).GroupBy(wish => wish.WebhookId)
            .OrderBy(group => group.Key).Select(group => (group.Key, group)))
        {
            // Locks the queue's row, so that whoever lets it go sees what comes now. One that was deleted meanwhile has none.
            if (await session.Execute("update webhooks set due_at = coalesce(due_at, $1) where id = $2", now, webhookId) == 0)
            {
                continue;
            }

            var waiting = await session.Scalar<long>(
                "select count(*) from webhook_deliveries where webhook_id = $1 and status = 'pending'", webhookId);
            foreach (var wish in group.OrderBy(wish => wish.Logged.Id))
            {
                await Insert(session, wish, now, isFull: waiting++ >= Delivery.PendingMax);
            }
        }

        if (last > place)
        {
            await session.Execute("update log_followers set position = $1 where name = $2", last, Name);
        }

        if (wishes.Count > 0)
        {
            session.AfterCommit(dispatcher.Wake);
        }
    }

    private static ValueTask<int> Insert(SqlSession session, Wish wish, long now, bool isFull) => session.Execute("""
        insert into webhook_deliveries (id, webhook_id, event_id, event_type, status, attempts, next_at, last_error, created_at, finished_at)
        values ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9) on conflict (webhook_id, event_id) do nothing
        """, Guid.CreateVersion7(), wish.WebhookId, wish.Logged.Id, wish.Logged.Kind,
        EnumText.Of(isFull ? DeliveryStatus.Failed : DeliveryStatus.Pending), isFull ? null : now,
        isFull ? $"More than {Delivery.PendingMax} deliveries were waiting for this address" : null, now, isFull ? now : null);

    private sealed record Wish(Guid WebhookId, LogEvent Logged);
}
