using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Remix.AgentCloud.Http;
using Remix.AgentCloud.Tokens;
using Remix.AgentCloud.Workspaces;
using Remix.Platform.Faults;
using Remix.Platform.Limits;

namespace Remix.AgentCloud.Topics;

/// <summary>Listening to a topic: server-sent events, <c>data:JSON</c> for a message and <c>:</c> now and then.</summary>
internal static class TopicEndpoints
{
    private static readonly RateLimit Subscriptions = RateLimit.PerMinute("cloud subscriptions", RateLimitPer.User, 1200);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    public static void MapV0(IEndpointRouteBuilder routes) => routes.MapGet("/subscribe/{**topic}", Subscribe)
        .Produces<string>(200, "text/event-stream").WithTags("topics").Limited(Subscriptions)
        .WithSummary($"Listen to a topic (server-sent events): {TopicAddress.Forms}. Public topics need no token");

    private static async Task Subscribe(string? topic, HttpContext context, CloudCaller caller, WorkspaceDirectory directory, CloudHosts hosts,
        TopicHub hub, TimeProvider clock, IHostApplicationLifetime lifetime)
    {
        var address = TopicAddress.Parse((topic ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase))
            ?? throw Fault.BadRequest("TOPIC_MALFORMED", $"A topic is {TopicAddress.Forms}",
                $"At most {TopicAddress.LengthMax} characters, no empty parts.");
        var facts = hosts.Is(address.Host, context.Request) ? await directory.Find(address.Workspace) : null;
        if (facts is null || !address.IsFor(caller))
        {
            throw caller.IsAnonymous ? CloudCaller.Missing() : Fault.NotFound("Topic", "A user's topics are that user's alone.");
        }

        if (hub.Listeners >= TopicHub.ListenersMax)
        {
            throw new Fault(503, "OVERLOADED", "The server has more listeners than it can serve") { RetryAfter = 5 };
        }

        using var listening = await hub.Join(TopicStore.KeyOf(facts.Id, address.Key));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        await Serve(context, listening, clock, end.Token);
    }

    private static async Task Serve(HttpContext context, TopicHub.Listening listening, TimeProvider clock, CancellationToken end)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            // At once, so that who listens knows that it does.
            await Write(response, ":\n\n", end);
            while (await Next(listening, clock, end) is { } more)
            {
                var text = new StringBuilder();
                while (more && text.Length < CloudTopics.MessageBytesMax && listening.Messages.TryRead(out var message))
                {
                    text.Append("data:").Append(message).Append("\n\n");
                }

                await Write(response, more ? text.ToString() : ":\n\n", end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The listener has gone, or the server goes; either way this is over.
        }
    }

    /// <summary>True when there is something to say, false when it is time for a sign of life, null when it is over.</summary>
    private static async Task<bool?> Next(TopicHub.Listening listening, TimeProvider clock, CancellationToken end)
    {
        using var beat = CancellationTokenSource.CreateLinkedTokenSource(end);
        await using var timer = clock.CreateTimer(_ => beat.Cancel(), null, Beat, Timeout.InfiniteTimeSpan);
        try
        {
            return await listening.Messages.WaitToReadAsync(beat.Token) ? true : null;
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task Write(HttpResponse response, string text, CancellationToken end)
    {
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), end);
        await response.Body.FlushAsync(end);
    }
}
