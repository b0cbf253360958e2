using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Remix.Platform.Http;
using Remix.Platform.Http.Ports;
using Remix.Tests.Support;

namespace Remix.Tests.Platform;

public partial class OpenApiTests(World world) : IClassFixture<World>
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    [Fact]
    public async Task Every_route_is_in_the_document()
    {
        var paths = (await world.Nobody.Get("/openapi/v1.json")).Ok()["paths"];
        foreach (var (method, path, _) in Routes())
        {
            Assert.True(paths.TryGetProperty(path, out var operations) && operations.TryGetProperty(method, out _),
                $"{method} {path} is not in the document");
        }
    }

    [Fact]
    public async Task Every_route_says_what_it_is_for_and_whose_token_it_takes()
    {
        var paths = (await world.Nobody.Get("/openapi/v1.json")).Ok()["paths"];
        foreach (var (method, path, route) in Routes())
        {
            var operation = paths.GetProperty(path).GetProperty(method);
            Assert.True(operation.TryGetProperty("summary", out var summary) && summary.GetString() is { Length: > 3 },
                $"{method} {path} has no summary");
            Assert.Equal(route.Metadata.GetMetadata<NeedsToken>() is not null, operation.TryGetProperty("security", out _));
        }
    }

    [Fact]
    public async Task Every_operation_has_a_name_of_its_own_its_parameters_and_the_shape_of_its_answer()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in (await world.Nobody.Get("/openapi/v1.json")).Ok()["paths"].EnumerateObject())
        {
            foreach (var (method, operation) in path.Value.EnumerateObject().Select(operation => (operation.Name, operation.Value)))
            {
                var what = $"{method} {path.Name}";
                Assert.True(ids.Add(operation.Text("operationId")), $"{what}: {operation.Text("operationId")} is another's name too");
                var named = operation.TryGetProperty("parameters", out var parameters)
                    ? parameters.EnumerateArray().Where(parameter => parameter.Text("in") == "path").Select(parameter => parameter.Text("name")) : [];
                Assert.Equal(Parameter().Matches(path.Name).Select(match => match.Groups[1].Value).Order(), named.Order());
                var answers = operation.GetProperty("responses").EnumerateObject().Where(answer => answer.Name[0] == '2').ToList();
                Assert.True(answers.TrueForAll(answer => answer.Name == "204" || answer.Value.TryGetProperty("content", out _)),
                    $"{what} does not say what it answers");
            }
        }
    }

    [Fact]
    public async Task Every_reference_leads_somewhere()
    {
        var document = (await world.Nobody.Get("/openapi/v1.json")).Ok();
        var schemas = document["components"].GetProperty("schemas");
        foreach (Match reference in Reference().Matches(document.Text))
        {
            Assert.True(schemas.TryGetProperty(reference.Groups[1].Value, out _), reference.Value);
        }
    }

    /// <summary>REMIX_UPDATE_OPENAPI=1 writes the file instead.</summary>
    [Fact]
    public async Task The_document_in_the_repository_is_what_the_server_says()
    {
        var file = Path.Combine(Repository.Root, "docs/api/openapi.json");
        var said = JsonSerializer.Serialize((await world.Nobody.Get("/openapi/v1.json")).Ok().Json, Indented) + "\n";
        if (Environment.GetEnvironmentVariable("REMIX_UPDATE_OPENAPI") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, said, new UTF8Encoding(false));
        }

        Assert.True(await File.ReadAllTextAsync(file) == said,
            "docs/api/openapi.json has drifted; REMIX_UPDATE_OPENAPI=1 bin/test OpenApi --fast rewrites it");
    }

    private IEnumerable<(string Method, string Path, RouteEndpoint Route)> Routes() =>
        world.Services.GetRequiredService<EndpointDataSource>().OnPlatform()
        .Where(route => route.RoutePattern.RawText is { } text && !text.Contains("openapi", StringComparison.Ordinal)
            && route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true })
        .SelectMany(route => (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
            .Select(method => (method.ToLowerInvariant(), Parameter().Replace("/" + route.RoutePattern.RawText!.Trim('/'), "{$1}"), route)));

    [GeneratedRegex(@"\{\**(\w+)[^}]*\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("#/components/schemas/([^\"]+)\"")]
    private static partial Regex Reference();
}
