using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Remix.Platform.Http.Outbound;
using Remix.Platform.Text;

namespace Remix.Rooms.Webhooks;

/// <summary>Makes one attempt to deliver, and says how it went.</summary>
internal sealed class WebhookSender(OutboundHttp http, TimeProvider clock)
{
    /// <summary>For the whole attempt, from finding the host to the answer's headers.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int ErrorLengthMax = 300;

    public async Task<DeliveryOutcome> Attempt(DueDelivery delivery, CancellationToken stop)
    {
        if (delivery.Payload is null || delivery.Channel is null)
        {
            return new DeliveryOutcome(null, "The event is no longer there");
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            using var request = Request(delivery);
            using var answer = await http.Send(request, patience.Token);
            var status = (int)answer.StatusCode;
            return new DeliveryOutcome(status, status is >= 200 and < 300 ? null
                : status is >= 300 and < 400 ? $"Answered {status}: redirects are not followed" : $"Answered {status}");
        }
        catch (HttpRequestException e)
        {
            return new DeliveryOutcome(null, Shortened(e.GetBaseException().Message));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new DeliveryOutcome(null, $"No answer within {Patience.TotalSeconds:0} seconds");
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or IOException)
        {
            return new DeliveryOutcome(null, Shortened(e.Message));
        }
    }

    private HttpRequestMessage Request(DueDelivery delivery)
    {
        var body = Body(delivery);
        var id = delivery.Id.ToString();
        var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.ParseAdd("Remix-Webhooks/1");
        request.Headers.Add("X-Remix-Event", delivery.EventType);
        request.Headers.Add("X-Remix-Delivery", id);
        foreach (var (name, value) in WebhookSignature.Headers(delivery.Secret, id, clock.NowMs() / 1000, body))
        {
            request.Headers.Add(name, value);
        }

        return request;
    }

    /// <summary>The same bytes at every attempt.</summary>
    internal static byte[] Body(DueDelivery delivery)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = Platform.Http.RemixJson.Options.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("id", delivery.Id);
            json.WriteString("type", delivery.EventType);
            json.WriteString("created_at", delivery.AtMs.ToIso());
            json.WriteString("room_id", RoomOf(delivery));
            json.WriteNumber("seq", delivery.Seq);
            json.WritePropertyName("data");
            json.WriteRawValue(delivery.Payload!);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>What came to one agent alone may name a room, or none.</summary>
    private static string? RoomOf(DueDelivery delivery) =>
        delivery.Channel!.StartsWith('@') ? RoomEventText.Of(delivery.Payload!, "room_id") : delivery.Channel;

    private static string Shortened(string text) => text.Length <= ErrorLengthMax ? text : text[..(ErrorLengthMax - 1)] + "…";
}
