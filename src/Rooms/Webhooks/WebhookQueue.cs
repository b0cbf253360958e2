using System.Data.Common;
using Remix.Platform.Data;
using Remix.Platform.Text;

namespace Remix.Rooms.Webhooks;

/// <summary>What is to be sent next to one address, with all that the call needs.</summary>
internal sealed record DueDelivery(
    Guid Id, Guid WebhookId, int Attempts, string Url, string Secret, string EventType, string? Channel, long Seq, long AtMs, string? Payload);

/// <summary>
/// One queue for each address: its deliveries in the order of the log, one at a time, by whoever has claimed it. A claim
/// runs out, so that the queue of a node that died goes on at another.
/// </summary>
internal sealed class WebhookQueue(Database database, TimeProvider clock)
{
    /// <summary>Longer than one attempt can take; renewed with each.</summary>
    public const long ClaimMs = 20_000;

    private readonly string node = Guid.NewGuid().ToString("n");

    /// <summary>Claims queues whose oldest delivery is due.</summary>
    public async Task<List<Guid>> Claim(int count)
    {
        var now = clock.NowMs();
        var due = await database.Read(session => session.Scalar<long>("""
            select count(*) from (
                select 1 from webhooks where due_at <= $1 and (claimed_until is null or claimed_until < $1) limit 1) as found
            """, now));
        return due == 0 ? [] : await database.Write(session => session.Query($"""
            update webhooks set claim = $1, claimed_until = $2 where id in (
                select id from webhooks where due_at <= $3 and (claimed_until is null or claimed_until < $3)
                order by due_at limit $4 {database.Kind.SkipLocked})
            returning id
            """, row => row.GetGuid(0), node, now + ClaimMs, now, count));
    }

    /// <summary>The oldest delivery of a queue that is claimed here, if it is due.</summary>
    public Task<DueDelivery?> Next(Guid webhookId) => database.Read(session => session.First("""
        select d.id, d.webhook_id, d.attempts, w.url, w.secret, d.event_type, e.channel, e.seq, e.at, e.payload
        from webhook_deliveries d join webhooks w on w.id = d.webhook_id left join events e on e.id = d.event_id
        where d.webhook_id = $1 and d.status = 'pending' and w.claim = $2 and d.next_at <= $3
            and d.event_id = (select min(event_id) from webhook_deliveries where webhook_id = $1 and status = 'pending')
        """, Row, webhookId, node, clock.NowMs()));

    /// <summary>Writes down how an attempt went, and holds the claim.</summary>
    public Task Record(DueDelivery delivery, DeliveryOutcome outcome) => database.Write(async session =>
    {
        var (now, attempts) = (clock.NowMs(), delivery.Attempts + 1);
        var status = outcome.IsDelivered ? DeliveryStatus.Delivered
            : attempts >= Delivery.AttemptsMax || delivery.Payload is null ? DeliveryStatus.Failed : DeliveryStatus.Pending;
        var isPending = status == DeliveryStatus.Pending;
        await session.Execute("update webhooks set claimed_until = $1 where id = $2 and claim = $3", now + ClaimMs, delivery.WebhookId, node);
        await session.Execute("""
            update webhook_deliveries set status = $1, attempts = $2, next_at = $3, last_status = $4, last_error = $5, finished_at = $6
            where id = $7 and status = 'pending' and attempts = $8
            """, EnumText.Of(status), attempts, isPending ? now + Delivery.PauseMs(attempts) : null, outcome.Status, outcome.Error,
            isPending ? null : now, delivery.Id, delivery.Attempts);
    });

    /// <summary>Lets the queue go, due when its oldest delivery is.</summary>
    public Task Release(Guid webhookId) => database.Write(async session =>
    {
        // First the row, then what it says: who adds a delivery locks it too, so none is overlooked in between.
        if (await session.Execute("update webhooks set claim = null, claimed_until = null where id = $1 and claim = $2", webhookId, node) == 0)
        {
            return;
        }

        await session.Execute("""
            update webhooks set due_at = (
                select next_at from webhook_deliveries where webhook_id = $1 and status = 'pending' order by event_id limit 1)
            where id = $1
            """, webhookId);
    });

    /// <summary>On SQLite, where no other process can be at work: whatever is claimed was claimed by one that is gone.</summary>
    public Task ReleaseOfTheDead() => !database.Kind.IsSqlite ? Task.CompletedTask : database.Write(async session =>
    {
        await session.Execute("update webhooks set claim = null, claimed_until = null where claim is not null");
    });

    private static DueDelivery Row(DbDataReader row) => new(row.GetGuid(0), row.GetGuid(1), (int)row.GetInt64(2), row.GetString(3), row.GetString(4),
        row.GetString(5), row.Text(6), row.Long(7) ?? 0, row.Long(8) ?? 0, row.Text(9));
}
