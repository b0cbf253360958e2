using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Remix.Platform.Http;
using Remix.Platform.Http.Ports;
using Remix.Platform.Limits;
using Remix.Platform.Settings;

namespace Remix.Pages.Guide;

/// <summary>A route as the reference shows it.</summary>
internal sealed record ApiCall(string Area, string Method, string Path, string Summary, TokenKind? Token, RateLimit? Limit);

/// <summary>The reference of the API, from the same routes that OpenAPI describes, so that neither can drift.</summary>
internal static partial class ApiReference
{
    [GeneratedRegex(@"\{\**(?<name>\w+)[^}]*\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parameter { get; }

    public static IReadOnlyList<ApiCall> Calls(EndpointDataSource routes) => [.. routes.OnPlatform()
        .Where(route => route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true })
        .SelectMany(route => (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(method => CallOf(route, method)))
        .OfType<ApiCall>()
        .OrderBy(call => call.Area, StringComparer.Ordinal).ThenBy(call => call.Path, StringComparer.Ordinal)
        .ThenBy(call => call.Method, StringComparer.Ordinal)];

    private static ApiCall? CallOf(RouteEndpoint route, string method) =>
        route.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary is { } summary
            ? new ApiCall(route.Metadata.GetMetadata<ITagsMetadata>()?.Tags is [var tag, ..] ? tag : "ops", method,
                "/" + Parameter.Replace(route.RoutePattern.RawText!.Trim('/'), "{${name}}"), summary,
                route.Metadata.GetMetadata<NeedsToken>()?.Kind, route.Metadata.GetMetadata<RateLimit>())
            : null;

    public static string Of(EndpointDataSource routes)
    {
        var text = new StringBuilder("""
            ---
            title: Every call
            description: Every call of this server: method, path, whose token, what it does. Made from the server's own routes.
            ---

            # Every call

            Bodies and answers are JSON. `{{BASE}}/openapi/v1.json` describes the same routes for programs. A body that is wrong is
            answered with all its problems at once, in `details`. On a creation's own host there are `GET /__remix/ws`,
            `GET /__remix/events`, `GET /__remix/messages` and `POST /__remix/send`: [realtime](/skills/remix/realtime.md).

            """.Replace("\r", "", StringComparison.Ordinal));
        foreach (var area in Calls(routes).GroupBy(call => call.Area, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {char.ToUpperInvariant(area.Key[0])}{area.Key[1..]}\n\n");
            text.Append("| call | token | what it does |\n|---|---|---|\n");
            foreach (var call in area)
            {
                var token = call.Token?.Sentence() ?? "–";
                text.Append(CultureInfo.InvariantCulture, $"| `{call.Method} {call.Path}` | {token} | {call.Summary} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>What is limited, and to how many calls: a row for each limit, with the first calls it counts.</summary>
    public static string Limits(EndpointDataSource routes, RemixSettings settings)
    {
        var rows = Calls(routes).Where(call => call.Limit is not null).GroupBy(call => call.Limit!.Name, StringComparer.Ordinal)
            .OrderBy(limit => limit.Key, StringComparer.Ordinal)
            .Select(calls => $"| {calls.Key} | {Sentence(calls.First().Limit!, settings)} |");
        return "| what | limit |\n|---|---|\n" + string.Join('\n', rows);
    }

    private static string Sentence(RateLimit limit, RemixSettings settings)
    {
        var window = limit.WindowSeconds switch { 60 => "minute", 3600 => "hour", var seconds => $"{seconds} seconds" };
        var per = limit.Per switch { RateLimitPer.Agent => "agent", RateLimitPer.User => "user", _ => "address" };
        return string.Create(CultureInfo.InvariantCulture, $"{limit.Calls(settings)} per {window} and {per}");
    }
}
