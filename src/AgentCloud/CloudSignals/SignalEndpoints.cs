using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.AgentCloud.Http;
using Remix.AgentCloud.Tokens;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;

namespace Remix.AgentCloud.CloudSignals;

/// <summary>
/// Making, awaiting, sending and canceling signals. The address is the permission: whoever was given it, and shows a token.
/// </summary>
internal static class SignalEndpoints
{
    private static readonly RateLimit Creations = RateLimit.PerMinute("cloud signals", RateLimitPer.User, 6000);

    public static void MapV1(IEndpointRouteBuilder routes)
    {
        var signals = routes.MapGroup("/signals").WithTags("signals").Needs(TokenKind.Cloud);
        signals.MapPost("", Create).Limited(Creations).WithSummary("Make a signal; the answer is its address");
        signals.MapGet("/{id}", Await).WithSummary("Wait for the signal's value: ok(value), error(canceled) or error(timeout)");
        signals.MapPost("/{id}", Send).WithBodyLimit(CloudSignal.ValueBytesMax).WithMetadata(new BinaryBodyMetadata())
            .WithSummary("Send the signal's value, any JSON; once");
        signals.MapDelete("/{id}", Cancel).WithSummary("Cancel the signal");
    }

    private static async Task<SignalCreatedView> Create(CloudCaller caller, SignalStore signals) => new((await signals.Create(caller)).Url);

    private static async Task<CaseView> Await(string id, Query<AwaitSignal> query, SignalWaits waits, HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        var signal = await waits.Await(id, TimeSpan.FromMilliseconds(query.Value.Timeout ?? CloudSignal.WaitMsMax), context.RequestAborted);
        return CaseView.Of(signal);
    }

    private static async Task<OkView> Send(string id, SignalStore signals, HttpContext context)
    {
        var value = ValueIn(await CloudBody.ReadAll(context, CloudSignal.ValueBytesMax));

        await signals.Send(id, value);
        return new OkView(true);
    }

    private static async Task<OkView> Cancel(string id, SignalStore signals)
    {
        await signals.Cancel(id);
        return new OkView(true);
    }

    /// <summary>Any JSON, whatever its label; what no text can hold is refused as in any other body.</summary>
    private static string ValueIn(byte[] bytes)
    {
        byte[] wrapped = [.. "{\"value\":"u8, .. bytes, (byte)'}'];
        try
        {
            using var alone = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 63 });
        }
        catch (JsonException e)
        {
            throw new Fault(400, "MALFORMED_JSON", "The value is not valid JSON")
            {
                Details = [new Issue("invalid_json", [], e.Message.Split(". LineNumber")[0])],
                Hint = "Send the value as JSON: {\"answer\": 42}, \"text\", 42 or null.",
            };
        }

        return RequestBody.ObjectIn(wrapped).GetProperty("value").GetRawText();
    }
}

internal sealed record AwaitSignal(long? Timeout) : IReadFields<AwaitSignal>
{
    public static AwaitSignal Read(Fields fields) => new(fields.Number("timeout", 0, CloudSignal.WaitMsMax));
}

internal sealed record SignalCreatedView(string Url);
