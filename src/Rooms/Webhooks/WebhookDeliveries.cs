using System.Data.Common;
using Remix.Platform.Data;
using Remix.Platform.Settings;
using Remix.Platform.Text;

namespace Remix.Rooms.Webhooks;

/// <summary>What was, is and will be delivered, as far as people look at it.</summary>
internal sealed class WebhookDeliveries(Database database, RemixSettings settings, TimeProvider clock)
{
    private const int SweptAtOnce = 5_000;

    /// <summary>The newest first; those before an event when one is named.</summary>
    public Task<(List<Delivery> Items, long Total)> Of(Guid webhookId, DeliveryStatus? status, long? beforeEvent, int limit) =>
        database.Read(async session =>
        {
            var known = status is null ? "" : $" and d.status = '{EnumText.Of(status)}'";
            var items = await session.Query($"""
                select d.id, d.event_id, d.event_type, d.status, d.attempts, d.next_at, d.last_status, d.last_error, d.created_at,
                    d.finished_at, e.channel
                from webhook_deliveries d left join events e on e.id = d.event_id
                where d.webhook_id = $1 and d.event_id < $2{known} order by d.event_id desc limit $3
                """, Row, webhookId, beforeEvent ?? long.MaxValue, limit + 1);
            return (items, await session.Scalar<long>($"select count(*) from webhook_deliveries d where d.webhook_id = $1{known}", webhookId));
        });

    /// <summary>Removes what is done and old. What is pending stays, however old.</summary>
    public async Task<int> Sweep(CancellationToken stop)
    {
        var before = clock.NowMs() - settings.WebhookRetentionHours * 3_600_000L;
        for (var swept = 0; ;)
        {
            stop.ThrowIfCancellationRequested();
            var rows = await database.Write(session => session.Execute("""
                delete from webhook_deliveries where id in (
                    select id from webhook_deliveries where finished_at < $1 and status <> 'pending' order by finished_at limit $2)
                """, before, SweptAtOnce));
            swept += rows;
            if (rows < SweptAtOnce)
            {
                return swept;
            }
        }
    }

    private static Delivery Row(DbDataReader row) => new(row.GetGuid(0), row.GetInt64(1), row.GetString(2),
        EnumText.Parse<DeliveryStatus>(row.GetString(3)), (int)row.GetInt64(4), row.Long(5), (int?)row.Long(6), row.Text(7), row.GetInt64(8),
        row.Long(9), row.Text(10));
}
