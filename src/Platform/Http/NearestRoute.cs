using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Remix.Platform.Faults;
using Remix.Platform.Http.Ports;

namespace Remix.Platform.Http;

/// <summary>A frequent mistake and what to say to it; a module adds its own with <c>AddSingleton</c>.</summary>
/// <param name="Pattern">Segments, <c>*</c> for any one: <c>rooms/*/*/messages</c>.</param>
public sealed record RouteMistake(string Method, string Pattern, string Hint);

/// <summary>Answers requests that no route takes: with the nearest route that exists, or the methods that are allowed.</summary>
internal sealed class NearestRoute(EndpointDataSource endpoints, IEnumerable<RouteMistake> mistakes)
{
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
        var mistake = port is not null ? null : mistakes.FirstOrDefault(known => known.Method == method && Fits(known.Pattern, Segments(path)))?.Hint;
        return context.Response.StatusCode switch
        {
            405 => new Fault(405, "METHOD_NOT_ALLOWED", $"{method} is not possible on {path}")
            {
                Hint = mistake ?? $"This address answers to {context.Response.Headers.Allow}.",
            },
            415 => new Fault(415, "UNSUPPORTED_MEDIA_TYPE", "This route takes JSON") { Hint = "Send the header Content-Type: application/json." },
            _ => new Fault(404, "NO_SUCH_ROUTE", $"There is no {method} {path}") { Hint = mistake ?? Nearest(method, path, port) },
        };
    }

    /// <summary>Routing knows of no HEAD, which <see cref="HeadRequests"/> adds to every GET that can answer it.</summary>
    private bool HasHead(string allowed, string path) => allowed.Split(", ").Contains("GET", StringComparer.Ordinal)
        && !late.Value.Any(pattern => Fits(pattern, Segments(path)));

    private string Nearest(string method, string path, OwnPort? port)
    {
        var every = port is null ? "/openapi/v1.json" : port.DocumentPath;
        var asked = Segments(path);
        var best = RoutesOn(port).MinBy(route => Distance(asked, route.Segments) + (route.Method == method ? 0 : 1));
        return best.Text is null ? $"See {every} for every route."
            : $"The nearest route is {best.Method} {Readable(best.Text)}. Every route is in {every}"
                + (port is null ? "; GET /help?q= takes a question in words." : ".");
    }

    private static string Readable(string pattern) => pattern.Replace("{**", "{",
        StringComparison.Ordinal).Replace(":guid", "", StringComparison.Ordinal);

    private static string[] Segments(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static bool Fits(string pattern, string[] segments)
    {
        var wanted = Segments(pattern);
        return wanted.Length == segments.Length && wanted.Zip(segments).All(pair => pair.First == "*" || pair.First == pair.Second);
    }

    /// <summary>Edit distance over segments, a parameter fitting anything and near words costing little.</summary>
    private static double Distance(string[] asked, string[] route)
    {
        asked = asked.Length > 12 ? asked[..12] : asked;
        var previous = Enumerable.Range(0, route.Length + 1).Select(i => i * 1.5).ToArray();
        for (var i = 1; i <= asked.Length; i++)
        {
            var current = new double[route.Length + 1];
            current[0] = i * 1.5;
            for (var j = 1; j <= route.Length; j++)
            {
                var replace = previous[j - 1] + SegmentDistance(asked[i - 1], route[j - 1]);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1.5);
            }

            previous = current;
        }

        return previous[^1];
    }

    private static double SegmentDistance(string asked, string route)
    {
        if (route.StartsWith('{'))
        {
            return 0.3;
        }

        if (string.Equals(asked, route, StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        return asked.Length <= 40 ? 2.0 * Letters(asked, route) / Math.Max(asked.Length, route.Length) : 2;
    }

    private static int Letters(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (char.ToLowerInvariant(a[i - 1]) == b[j - 1] ? 0 : 1));
                diagonal = row[j];
                row[j] = cost;
            }
        }

        return row[^1];
    }
}
