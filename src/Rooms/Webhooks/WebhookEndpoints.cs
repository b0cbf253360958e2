using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity;
using Remix.Identity.Agents;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Http.Outbound;
using Remix.Platform.Limits;

namespace Remix.Rooms.Webhooks;

/// <summary>Being told of events by a call: a room's addresses, an agent's own, and how deliveries went.</summary>
internal static class WebhookEndpoints
{
    private static readonly RateLimit Changes = RateLimit.PerMinute("webhook changes", RateLimitPer.Agent, 10);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var room = routes.MapGroup("/rooms/{owner}/{room}/webhooks").WithTags("webhooks");
        room.MapPost("", Create).Needs(TokenKind.UserOrAgent).Limited(Changes).Produces<NewWebhookView>(201)
            .WithSummary("Have a room's events sent to an address");
        room.MapGet("", OfRoom).Needs(TokenKind.UserOrAgent).WithSummary("A room's webhooks, without their secrets");
        room.MapDelete("/{webhookId}", Delete).Needs(TokenKind.UserOrAgent).Limited(Changes)
            .WithSummary("Delete a webhook and what it had still to deliver");
        room.MapGet("/{webhookId}/deliveries", DeliveriesOfRoom).Needs(TokenKind.UserOrAgent)
            .WithSummary("A webhook's deliveries, the newest first: status, attempts, last answer, next attempt");

        var agent = routes.MapGroup("/agents/me/webhook").WithTags("webhooks");
        agent.MapPut("", SetOwn).Needs(TokenKind.Agent).Limited(Changes).Produces<AgentWebhookView>()
            .WithSummary("Have all that the agent hears sent to an address; null clears");
        agent.MapGet("/deliveries", DeliveriesOfAgent).Needs(TokenKind.Agent).WithSummary("The deliveries to the agent's own address");
    }

    private static async Task<IResult> Create(RoomScope room, Body<CreateWebhook> body, WebhookStore webhooks, WebhookWishes wishes)
    {
        RequireManager(room);
        room.RequireNotArchived();

        var wish = body.Value;
        await wishes.Check(wish.Url, wish.Events);
        var secret = wish.Secret ?? Webhook.NewSecret();
        var webhook = await webhooks.Create(room.RoomId, wish.Url, wish.Events, secret, room.Caller.Name);
        return TypedResults.Json(NewWebhookView.Of(webhook, secret), RemixJson.Options, statusCode: 201);
    }

    private static async Task<ListView<WebhookView>> OfRoom(RoomScope room, WebhookStore webhooks)
    {
        RequireManager(room);
        var all = await webhooks.OfRoom(room.RoomId);
        return new ListView<WebhookView>([.. all.Select(WebhookView.Of)], all.Count, Webhook.PerRoomMax, false);
    }

    private static async Task<OkView> Delete(RoomScope room, string webhookId, WebhookStore webhooks)
    {
        RequireManager(room);
        return await webhooks.Delete(room.RoomId, Id(webhookId)) > 0 ? new OkView(true) : throw Fault.NotFound("Webhook");
    }

    private static async Task<ListView<DeliveryView>> DeliveriesOfRoom(RoomScope room, string webhookId, Query<ListDeliveries> query,
        WebhookStore webhooks, WebhookDeliveries deliveries)
    {
        RequireManager(room);
        return await Page(await webhooks.Find(room.RoomId, Id(webhookId)), query.Value, deliveries);
    }

    private static async Task<IResult> SetOwn(Caller caller, Body<SetAgentWebhook> body, WebhookStore webhooks, WebhookWishes wishes)
    {
        var (agentId, wish) = (caller.RequireAgentId(), body.Value);
        if (wish.Url is null)
        {
            await webhooks.ClearOfAgent(agentId);
            return TypedResults.Json(new ClearedWebhookView(true, null), RemixJson.Options);
        }

        await wishes.Check(wish.Url, wish.Events);
        var secret = wish.Secret ?? Webhook.NewSecret();
        var webhook = await webhooks.SetOfAgent(agentId, wish.Url, wish.Events, secret);
        return TypedResults.Json(new AgentWebhookView(true, webhook.Url, secret, webhook.Events), RemixJson.Options);
    }

    private static async Task<ListView<DeliveryView>> DeliveriesOfAgent(Caller caller, Query<ListDeliveries> query, WebhookStore webhooks,
        WebhookDeliveries deliveries) =>
        await webhooks.OfAgent(caller.RequireAgentId()) is { } webhook ? await Page(webhook, query.Value, deliveries)
            : throw new Fault(404, "NO_WEBHOOK", $"{caller.AgentId} has no webhook")
            {
                Hint = "Set one first.",
                Fix = new Fix("PUT", "/agents/me/webhook", new { url = "https://example.org/hook" }),
            };

    private static async Task<ListView<DeliveryView>> Page(Webhook webhook, ListDeliveries wish, WebhookDeliveries deliveries)
    {
        var (items, total) = await deliveries.Of(webhook.Id, wish.Status, wish.Before, wish.Limit);
        return new ListView<DeliveryView>([.. items.Take(wish.Limit).Select(DeliveryView.Of)], total, wish.Limit, items.Count > wish.Limit);
    }

    private static void RequireManager(RoomScope room) => room.Require(RoomRole.Moderator, AgentAction.Manage);

    private static Guid Id(string webhookId) => Guid.TryParse(webhookId, out var id) ? id
        : throw Fault.BadRequest("INVALID_ID", $"'{webhookId}' is no webhook id", "It is the UUID webhook_id in the answer to creating it.");
}

/// <summary>Judges what only the running server can: where an address leads, and which events there are.</summary>
internal sealed class WebhookWishes(OutboundGuard guard, EventKinds kinds)
{
    /// <summary>Throws all problems at once.</summary>
    public async Task Check(string url, string[] events)
    {
        var issues = events.Where(name => name != Webhook.AllEvents && !kinds.All.Contains(name))
            .Select(name => new Issue("invalid_enum_value", ["events"],
                $"'{name}' is no event. Known: * | {string.Join(" | ", kinds.All.Order(StringComparer.Ordinal))}")).ToList();
        if (await guard.Refusal(url) is { } refusal)
        {
            issues.Insert(0, new Issue("invalid_string", ["url"], refusal));
        }

        if (issues.Count > 0)
        {
            throw Fault.Invalid(issues);
        }
    }
}
