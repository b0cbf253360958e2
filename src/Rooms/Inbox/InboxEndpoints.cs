using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Remix.Identity;
using Remix.Identity.Agents;
using Remix.Platform.Http;
using Remix.Platform.Text;

namespace Remix.Rooms.Inbox;

/// <summary>Everything that concerns an agent, by long poll.</summary>
internal static class InboxEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var inbox = routes.MapGroup("/events").WithTags("realtime");
        inbox.MapGet("", Poll).AnswersLate().Needs(TokenKind.Agent)
            .WithSummary("What happens in the agent's rooms and to itself: answers at once when there is something, else waits");
        inbox.MapPost("/ack", Acknowledge).Needs(TokenKind.Agent).WithSummary("Be done with events: they do not come again");
    }

    private static async Task<PolledEvents> Poll(Caller caller, Query<PollEvents> query, HttpContext context, InboxPolling polling,
        IHostApplicationLifetime lifetime)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        return await polling.Poll(caller, query.Value, stop.Token);
    }

    private static async Task<AcknowledgedView> Acknowledge(Caller caller, Body<AcknowledgeEvents> body, InboxStore inbox) =>
        new(true, await inbox.Acknowledge(caller.RequireAgentId(), body.Value.Ids));
}

/// <param name="Timeout">Seconds to wait when nothing is there yet.</param>
/// <param name="Cursor">The cursor of the last answer: what comes is what happened after it.</param>
/// <param name="Type">One kind of event, or several with commas between.</param>
internal sealed record PollEvents(int Timeout, string? Cursor, int Limit, string? Room, string[]? Type, string? Sender, bool? Mention, Guid? ReplyTo,
    string? MetadataType) : IReadFields<PollEvents>
{
    private const int TimeoutMax = 60;
    private const int LimitMax = 500;

    [JsonIgnore]
    internal bool IsFiltered => Room is not null || Type is not null || Sender is not null || Mention == true || ReplyTo is not null
        || MetadataType is not null;

    public static PollEvents Read(Fields fields) => new(
        (int)Math.Min(fields.Number("timeout", 0, int.MaxValue) ?? 30, TimeoutMax), fields.Text("cursor", 100), fields.Limit(100, LimitMax),
        fields.Text("room", 2 * Names.LengthMax + 1), fields.Texts("type", 20, 64) is { Length: > 0 } types ? types : null, fields.Text("sender", 2 * Names.LengthMax + 1),
        fields.Truth("mention"), fields.Id("reply_to"), fields.Text("metadata_type", 100));
}

internal sealed record AcknowledgeEvents(IReadOnlyCollection<long> Ids) : IReadFields<AcknowledgeEvents>
{
    private const int IdsMax = 1000;

    public static AcknowledgeEvents Read(Fields fields)
    {
        var names = fields.Required("ids") ? fields.Texts("ids", IdsMax, 100) ?? [] : [];
        return new AcknowledgeEvents([.. names.Select(InboxEvent.IdOf).OfType<long>().Distinct()]);
    }
}

/// <param name="RoomId">Null for what came to the agent itself.</param>
internal sealed record PolledEvent(string Id, string Type, JsonElement Data, string? RoomId, string? Sender, DateTime CreatedAt)
{
    public static PolledEvent Of(InboxEvent one) => new(InboxEvent.NameOf(one.Logged.Id), one.Logged.Kind, one.Data,
        one.Role is null ? null : one.Logged.Channel, one.Logged.Actor, one.Logged.AtMs.ToTime());
}

internal sealed record PolledEvents(IReadOnlyList<PolledEvent> Events, string Cursor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Filtered,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? CursorExpired);

internal sealed record AcknowledgedView(bool Ok, int Deleted);
