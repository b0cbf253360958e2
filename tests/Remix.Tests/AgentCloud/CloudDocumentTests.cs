using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Remix.Platform.Http;
using Remix.Platform.Http.Ports;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud;

public partial class CloudDocumentTests(CloudWorld cloud) : IClassFixture<CloudWorld>
{
    [Fact]
    public async Task Every_route_is_in_the_document_and_says_what_it_is_for()
    {
        var paths = (await cloud.Nobody.Get("/v1/_doc/openapi.json")).Ok()["paths"];
        foreach (var (method, path, route) in Routes())
        {
            Assert.True(paths.TryGetProperty(path, out var operations) && operations.TryGetProperty(method, out _),
                $"{method} {path} is not in the document");
            var operation = operations.GetProperty(method);
            Assert.True(operation.TryGetProperty("summary", out var summary) && summary.GetString() is { Length: > 3 },
                $"{method} {path} has no summary");
            Assert.Equal(route.Metadata.GetMetadata<NeedsToken>() is not null, operation.TryGetProperty("security", out _));
        }
    }

    [Fact]
    public async Task The_document_describes_bodies_and_refusals()
    {
        var document = (await cloud.Nobody.Get("/v1/_doc/openapi.json")).Ok();
        var grant = document["paths"].GetProperty("/grant-permission/{ws}").GetProperty("post");
        Assert.True(grant.TryGetProperty("requestBody", out _));
        Assert.True(grant.GetProperty("responses").TryGetProperty("401", out _));
        var fault = document["components"].GetProperty("schemas").GetProperty("Fault").GetProperty("properties");
        Assert.True(fault.TryGetProperty("kind", out _));
        foreach (Match reference in Reference().Matches(document.Text))
        {
            Assert.True(document["components"].GetProperty("schemas").TryGetProperty(reference.Groups[1].Value, out _), reference.Value);
        }
    }

    [Fact]
    public async Task The_document_can_be_read_in_a_browser()
    {
        var moved = await cloud.Nobody.Get("/v1/swagger/");
        var page = moved.Status == 200 ? moved : await cloud.Nobody.Get("/v1/swagger/index.html");
        Assert.Contains("swagger-ui", page.Ok().Text, StringComparison.Ordinal);
        Assert.True((await cloud.Nobody.Get("/v1/swagger/swagger-ui-bundle.js")).Ok().Bytes.Length > 100_000);
        Assert.Contains("../_doc/openapi.json", (await cloud.Nobody.Get("/v1/swagger/index.js")).Ok().Text
            + (await cloud.Nobody.Get("/v1/swagger/index.html")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_is_sent_to_whichever_route_nothing_breaks()
    {
        var random = new Random(20300102);
        var world = cloud.World;
        await cloud.NewWorkspace("lab");
        await cloud.Grant("lab", "all-users", "admin", "workspace");
        Actor[] actors = [cloud.Alice, cloud.Carol, cloud.Nobody, world.OnCloud(world.Atlas)];
        foreach (var (method, _, route) in Routes().Where(route => !route.Path.StartsWith("/v1/signals",
            StringComparison.Ordinal) || route.Method != "get"))
        {
            for (var i = 0; i < 10; i++)
            {
                using var content = method is "get" or "delete" ? null : Actor.Bytes(Nonsense.Body(random), Nonsense.Type(random));
                var answer = await actors[random.Next(actors.Length)].Send(new HttpMethod(method.ToUpperInvariant()),
                    Nonsense.Path(route.RoutePattern, random) + Nonsense.Query(random), content);
                Assert.True(answer.Status < 500, answer.ToString());
            }
        }
    }

    private IEnumerable<(string Method, string Path, RouteEndpoint Route)> Routes() =>
        cloud.World.Services.GetRequiredService<EndpointDataSource>().On("cloud")
        .Where(route => route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true })
        .SelectMany(route => (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
            .Select(method => (method.ToLowerInvariant(), Parameter().Replace("/" + route.RoutePattern.RawText!.Trim('/'), "{$1}"), route)));

    [GeneratedRegex(@"\{\**(\w+)[^}]*\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("#/components/schemas/([^\"]+)\"")]
    private static partial Regex Reference();
}
