using System.Text.Json.Serialization;
using Remix.Platform.Http;
using Remix.Platform.Http.Outbound;
using Remix.Platform.Text;

namespace Remix.Rooms.Webhooks;

internal sealed record CreateWebhook(string Url, string[] Events, string? Secret) : IReadFields<CreateWebhook>
{
    public static CreateWebhook Read(Fields fields) =>
        new(fields.RequiredText("url", OutboundGuard.UrlLengthMax), ReadEvents(fields), ReadSecret(fields));

    /// <summary>Missing means all.</summary>
    internal static string[] ReadEvents(Fields fields)
    {
        var events = fields.Texts("events", Webhook.EventsMax, 64);
        if (events is [])
        {
            fields.Problem("events", "Array must contain at least 1 element; leave it out for all events", "too_small");
        }

        return events is null || events.Contains(Webhook.AllEvents, StringComparer.Ordinal) ? [Webhook.AllEvents]
            : [.. events.Distinct(StringComparer.Ordinal)];
    }

    internal static string? ReadSecret(Fields fields)
    {
        var secret = fields.Text("secret", Webhook.SecretLengthMax, 1);
        if (secret is not null && !Webhook.IsSecret(secret))
        {
            fields.Problem("secret", $"What follows {Webhook.SecretPrefix} must be base64", "invalid_string");
        }

        return secret;
    }
}

/// <summary>An address that is null clears; it must be there, so that nothing is cleared by mistake.</summary>
internal sealed record SetAgentWebhook(string? Url, string[] Events, string? Secret) : IReadFields<SetAgentWebhook>
{
    public static SetAgentWebhook Read(Fields fields) => fields.IsNull("url") ? new SetAgentWebhook(null, [], null)
        : new(fields.RequiredText("url", OutboundGuard.UrlLengthMax), CreateWebhook.ReadEvents(fields), CreateWebhook.ReadSecret(fields));
}

/// <summary><see cref="Before"/> is the <c>event_id</c> of the last delivery of the page before.</summary>
internal sealed record ListDeliveries(DeliveryStatus? Status, long? Before, int Limit) : IReadFields<ListDeliveries>
{
    public static ListDeliveries Read(Fields fields) =>
        new(fields.Choice<DeliveryStatus>("status"), fields.Number("before", 1, long.MaxValue), fields.Limit(50, 200));
}

internal sealed record WebhookView(Guid WebhookId, string RoomId, string Url, string[] Events, string CreatedBy, DateTime CreatedAt)
{
    public static WebhookView Of(Webhook webhook) =>
        new(webhook.Id, webhook.RoomId!, webhook.Url, webhook.Events, webhook.CreatedBy, webhook.CreatedAt.ToTime());
}

/// <summary>The only answer that holds a room's secret.</summary>
internal sealed record NewWebhookView(
    Guid WebhookId, string RoomId, string Url, string[] Events, string Secret, string CreatedBy, DateTime CreatedAt, string Hint)
{
    public static NewWebhookView Of(Webhook webhook, string secret) => new(webhook.Id, webhook.RoomId!, webhook.Url, webhook.Events, secret,
        webhook.CreatedBy, webhook.CreatedAt.ToTime(), "Keep the secret: it is not shown again. It is the key of both signatures.");
}

/// <summary>The only answer that holds an agent's secret.</summary>
internal sealed record AgentWebhookView(bool Ok, string WebhookUrl, string WebhookSecret, string[] Events);

internal sealed record ClearedWebhookView(bool Ok, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? WebhookUrl);

internal sealed record DeliveryView(
    Guid DeliveryId, long EventId, string Event, string? RoomId, DeliveryStatus Status, int Attempts, int? LastStatusCode, string? LastError,
    DateTime? NextAttemptAt, DateTime CreatedAt, DateTime? FinishedAt)
{
    public static DeliveryView Of(Delivery delivery) => new(delivery.Id, delivery.EventId, delivery.EventType,
        delivery.Channel?.StartsWith('@') == true ? null : delivery.Channel, delivery.Status,
        delivery.Attempts, delivery.LastStatus, delivery.LastError, delivery.NextAt.ToTime(), delivery.CreatedAt.ToTime(),
        delivery.FinishedAt.ToTime());
}
