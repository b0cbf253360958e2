using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Remix.Platform.Http;
using Remix.Platform.Http.Ports;
using Remix.Tests.Support;

namespace Remix.Tests.Platform;

/// <summary>Over all routes that there are.</summary>
public partial class HeadTests(World world) : IClassFixture<World>
{
    /// <summary>What differs from call to call, or belongs to the body as it happens to be sent.</summary>
    private static readonly HashSet<string> Passing = new(StringComparer.OrdinalIgnoreCase)
    {
        "Date", "X-Request-Id", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After", "Transfer-Encoding", "Content-Length", "Set-Cookie",
        "Content-Security-Policy",
    };

    [Fact]
    public async Task Every_get_answers_head_alike_without_a_body()
    {
        await world.Atlas.Upload(World.Lab, "notes.md", "# Notes");
        await world.Atlas.Say(World.Lab, "hello");
        var (differing, succeeded) = (new List<string>(), 0);
        foreach (var route in Gets().Where(route => !HeadRequests.AnswersLate(route)))
        {
            var path = Address(route);
            foreach (var actor in new[] { world.Nobody, world.Alice, world.Atlas })
            {
                var get = await actor.Get(path);
                var head = await actor.Send(HttpMethod.Head, path, null);
                succeeded += get.Status == 200 ? 1 : 0;
                if (get.Status != head.Status || head.Bytes.Length > 0 || Headers(get) != Headers(head)
                    || (path != "/metrics" && head.Header("Content-Length") is { } length && length != (get.Header("Content-Length") ?? length)))
                {
                    differing.Add($"{path} of {actor}: {get.Status} {Headers(get)}\n  {head.Status} {Headers(head)}, {head.Bytes.Length} bytes");
                }
            }
        }

        Assert.Empty(differing);
        Assert.True(succeeded > 80, $"Only {succeeded} calls succeeded");
    }

    [Fact]
    public async Task What_answers_as_things_happen_has_no_head()
    {
        var late = Gets().Where(route => HeadRequests.AnswersLate(route)).ToList();
        Assert.True(late.Count >= 5);
        foreach (var route in late)
        {
            var head = await world.Atlas.Send(HttpMethod.Head, Address(route), null);
            Assert.Equal(405, head.Status);
            Assert.Equal("GET", head.Header("Allow"));
            var put = (await world.Atlas.Put(Address(route))).Refused(405, "METHOD_NOT_ALLOWED");
            Assert.Equal("GET", put.Header("Allow"));
        }
    }

    [Fact]
    public async Task Where_get_is_allowed_a_405_names_head_too()
    {
        var refused = (await world.Atlas.Put("/health")).Refused(405, "METHOD_NOT_ALLOWED");
        Assert.Equal("GET, HEAD", refused.Header("Allow"));
        Assert.Contains("HEAD", refused.String("hint"), StringComparison.Ordinal);
        var several = (await world.Atlas.Send(HttpMethod.Patch, $"/rooms/{World.Lab}/tasks", null)).Refused(405, "METHOD_NOT_ALLOWED");
        Assert.Equal(["GET", "HEAD", "POST"], several.Header("Allow")!.Split(", ").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Where_there_is_no_get_there_is_no_head()
    {
        var refused = await world.Atlas.Send(HttpMethod.Head, $"/rooms/{World.Lab}/send", null);
        Assert.Equal(405, refused.Status);
        Assert.Equal("POST", refused.Header("Allow"));
        Assert.Equal(404, (await world.Atlas.Send(HttpMethod.Head, "/nowhere/at/all", null)).Status);
    }

    private static string Headers(Answer answer) => string.Join("; ", answer.Headers.Concat(answer.ContentHeaders)
        .Where(header => !Passing.Contains(header.Key)).Select(header => $"{header.Key}={string.Join(',', header.Value)}")
        .Order(StringComparer.Ordinal));

    private static string Address(RouteEndpoint route) =>
        Parameter().Replace("/" + route.RoutePattern.RawText!.TrimStart('/'), match => ValueOf(match.Groups[1].Value));

    private static string ValueOf(string parameter) => parameter switch
    {
        "owner" or "user" or "userId" => "alice",
        "room" => "lab",
        "name" => "atlas",
        "studio" => "default",
        "path" => "notes.md",
        "documentName" => "v1",
        "skill" => "remix",
        _ => "00000000-0000-7000-8000-000000000000",
    };

    private IEnumerable<RouteEndpoint> Gets() => world.Services.GetRequiredService<EndpointDataSource>().OnPlatform()
        .Where(route => route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET", StringComparer.Ordinal) == true
            && route.Metadata.GetMetadata<IHostMetadata>() is not { Hosts.Count: > 0 });

    [GeneratedRegex(@"\{\**(\w+)[^}]*\}")]
    private static partial Regex Parameter();
}
