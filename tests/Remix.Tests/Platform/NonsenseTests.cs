using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Remix.Platform.Faults;
using Remix.Platform.Http.Ports;
using Remix.Tests.Support;

namespace Remix.Tests.Platform;

/// <summary>In a world of its own: among what is sent there may be what makes a token void.</summary>
public class NonsenseTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task Whatever_is_sent_to_whichever_route_nothing_breaks()
    {
        var random = new Random(20300101);
        var routes = world.Services.GetRequiredService<EndpointDataSource>().OnPlatform()
            .Where(route => route.RoutePattern.PathSegments.Count > 0)
            .SelectMany(route => (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                .Select(method => (method, route.RoutePattern))).ToList();
        Assert.True(routes.Count > 20);
        Actor[] actors = [world.Alice, world.Atlas, world.Fox, world.Dave, world.Nobody];
        foreach (var (method, pattern) in routes)
        {
            for (var i = 0; i < 12; i++)
            {
                var path = Nonsense.Path(pattern, random) + Nonsense.Query(random);
                using var content = method == "GET" ? null : Actor.Bytes(Nonsense.Body(random), Nonsense.Type(random));
                Answer answer;
                try
                {
                    using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
                    answer = path.Contains("/stream", StringComparison.Ordinal) ? await world.Nobody.Get(path)
                        : await actors[random.Next(actors.Length)].Send(new HttpMethod(method), path, content);
                }
                catch (Exception e) when (e is HttpRequestException or UriFormatException)
                {
                    continue;
                }

                Assert.True(answer.Status is >= 200 and < 500, answer.ToString());
                Assert.NotNull(answer.Header("X-Request-Id"));
            }
        }

        (await world.Nobody.Get("/ready")).Ok();
    }
}
