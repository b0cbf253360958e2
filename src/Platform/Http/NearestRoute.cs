using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Remix.Platform.Faults;
using Remix.Platform.Http.Ports;

namespace Remix.Platform.Http;

/// <summary>A frequent mistake and what to say to it; a module adds its own with <c>AddSingleton</c>.</summary>
/// <param name="Method"><c>*</c> for any.</param>
/// <param name="Pattern">Segments, <c>*</c> for any one: <c>rooms/*/*/messages</c>; several patterns with spaces between.</param>
public sealed record RouteMistake(string Method, string Pattern, string Hint);

/// <summary>Answers requests that no route takes: with the nearest route that exists, or the methods that are allowed.</summary>
internal sealed class NearestRoute(EndpointDataSource endpoints, IEnumerable<RouteMistake> mistakes)
{
    private static readonly RouteMistake[] Ours =
    [
        new("*", "healthz status ping up alive livez readyz health/ready health/check heartbeat",
            "GET /health/live says whether the server lives, GET /ready whether it takes calls, GET /health more."),
        new("*", "docs doc api-docs swagger swagger.json openapi openapi.json reference api",
            "Read GET /SKILL.md; GET /openapi/v1.json describes every route for programs, and GET /help?q= takes a question in words."),
    ];

    private readonly ConcurrentDictionary<string, List<(string Method, string[] Segments, string Text)>> known = new(StringComparer.Ordinal);

    private List<(string Method, string[] Segments, string Text)> RoutesOn(OwnPort? port) => known.GetOrAdd(port?.Name ?? "", _ => endpoints
        .On(port?.Name)
        .Where(route => route.RoutePattern.PathSegments.Count > 0 && route.Metadata.GetMetadata<IHostMetadata>() is not { Hosts.Count: > 0 })
        .SelectMany(route => (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            .Select(method => (method, Segments(route.RoutePattern.RawText ?? ""), "/" + (route.RoutePattern.RawText ?? "").TrimStart('/'))))
        .ToList());

    private readonly Lazy<List<string>> late = new(() => endpoints.Endpoints.OfType<RouteEndpoint>()
        .Where(HeadRequests.AnswersLate)
        .Select(route => string.Join('/', route.RoutePattern.PathSegments.Select(segment =>
            segment is { IsSimple: true, Parts: [RoutePatternLiteralPart literal] } ? literal.Content : "*")))
        .ToList());

    public Fault FaultFor(HttpContext context)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value ?? "/");
        if (context.Response is { StatusCode: 405, Headers.Allow: [{ } allowed] } && HasHead(allowed, path))
        {
            context.Response.Headers.Allow = $"{allowed}, HEAD";
        }

        var port = OwnPort.Of(context);
        var asked = Segments(path);
        var mistake = port is not null ? null : (Mistake(method, asked) ?? Mistake(method, RouteDistance.Plain(asked)))?.Hint;
        return context.Response.StatusCode switch
        {
            405 => new Fault(405, "METHOD_NOT_ALLOWED", $"{method} is not possible on {path}")
            {
                Hint = mistake ?? (RouteDistance.Plain(asked).Length < asked.Length ? Nearest(method, path, port)
                    : $"This address answers to {context.Response.Headers.Allow}."),
            },
            415 => new Fault(415, "UNSUPPORTED_MEDIA_TYPE", "This route takes JSON") { Hint = "Send the header Content-Type: application/json." },
            _ => new Fault(404, "NO_SUCH_ROUTE", $"There is no {method} {path}") { Hint = mistake ?? Nearest(method, path, port) },
        };
    }

    private RouteMistake? Mistake(string method, string[] asked) => mistakes.Concat(Ours).FirstOrDefault(known =>
        (known.Method == "*" || known.Method == method) && known.Pattern.Split(' ').Any(pattern => Fits(pattern, asked)));

    /// <summary>Routing knows of no HEAD, which <see cref="HeadRequests"/> adds to every GET that can answer it.</summary>
    private bool HasHead(string allowed, string path) => allowed.Split(", ").Contains("GET", StringComparer.Ordinal)
        && !late.Value.Any(pattern => Fits(pattern, Segments(path)));

    private string Nearest(string method, string path, OwnPort? port)
    {
        var every = port is null ? "/openapi/v1.json" : port.DocumentPath;
        var asked = Segments(path);
        var routes = RoutesOn(port);
        var words = routes.SelectMany(route => route.Segments).Where(segment => !segment.StartsWith('{')).Select(RouteDistance.Folded)
            .ToHashSet(StringComparer.Ordinal);
        var best = routes.MinBy(route => RouteDistance.Of(method, asked, route.Segments, route.Method, words));
        return best.Text is null ? $"See {every} for every route."
            : $"The nearest route is {best.Method} {Readable(best.Text)}. Every route is in {every}"
                + (port is null ? "; GET /help?q= takes a question in words." : ".");
    }

    private static string Readable(string pattern) => pattern.Replace("{**", "{",
        StringComparison.Ordinal).Replace(":guid", "", StringComparison.Ordinal).TrimEnd('/');

    private static string[] Segments(string path) => RouteDistance.Segments(path);

    private static bool Fits(string pattern, string[] segments)
    {
        var wanted = Segments(pattern);
        return wanted.Length == segments.Length && wanted.Zip(segments).All(pair => pair.First == "*" || pair.First == pair.Second);
    }
}
