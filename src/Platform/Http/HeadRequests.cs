using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Remix.Platform.Faults;

namespace Remix.Platform.Http;

/// <summary>
/// Set on routes whose answer comes as things happen: there is nothing that HEAD could say of it. Server-sent events are
/// known by their content type.
/// </summary>
public sealed record AnswersLateMetadata;

/// <summary>
/// HEAD of every route that GET has (RFC 9110, 9.3.2), from one place: routing sees GET, and all others see HEAD, so that
/// who can say the headers without the body does. What is written anyway, the server throws away.
/// </summary>
public static class HeadRequests
{
    public static TBuilder AnswersLate<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new AnswersLateMetadata());

    internal static bool AnswersLate(Endpoint endpoint) => endpoint.Metadata.GetMetadata<AnswersLateMetadata>() is not null
        || endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Any(answer => answer.ContentTypes.Contains("text/event-stream"));

    internal static void UseRoutingWithHead(this IApplicationBuilder app)
    {
        app.Use((context, next) =>
        {
            if (HttpMethods.IsHead(context.Request.Method))
            {
                context.Request.Method = HttpMethods.Get;
                context.Features.Set(Asked);
            }

            return next(context);
        });
        app.UseRouting();
        app.Use((context, next) =>
        {
            if (context.Features.Get<HeadFeature>() is null)
            {
                return next(context);
            }

            context.Request.Method = HttpMethods.Head;
            if (context.GetEndpoint() is not { } endpoint || !AnswersLate(endpoint))
            {
                return next(context);
            }

            context.Response.Headers.Allow = HttpMethods.Get;
            throw new Fault(405, "METHOD_NOT_ALLOWED", $"HEAD is not possible on {context.Request.Path}")
            {
                Hint = "What this address answers comes as it happens: use GET.",
            };
        });
    }

    private static readonly HeadFeature Asked = new();

    private sealed class HeadFeature;
}
