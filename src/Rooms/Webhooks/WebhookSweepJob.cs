using System.Text.Json;
using Remix.Platform.Jobs;

namespace Remix.Rooms.Webhooks;

/// <summary>Removes deliveries that are done and older than WEBHOOK_RETENTION_HOURS.</summary>
internal sealed class WebhookSweepJob(WebhookDeliveries deliveries) : Job
{
    public override string Kind => "webhook_sweep";

    public override TimeSpan? Every => TimeSpan.FromMinutes(5);

    public override Task Run(JsonElement payload, CancellationToken stop) => deliveries.Sweep(stop);
}
