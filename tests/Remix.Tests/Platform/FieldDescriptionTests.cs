using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Http.Describing;
using Remix.Tests.Support;

namespace Remix.Tests.Platform;

/// <summary>What the OpenAPI document says of bodies and queries is what the server reads.</summary>
public partial class FieldDescriptionTests(World world) : IClassFixture<World>
{
    [Fact]
    public void Every_record_can_be_surveyed()
    {
        var broken = Bodies().Select(body => (body.Type, body.Survey.Broken)).Concat(Queries().Select(query => (query.Type, query.Survey.Broken)))
            .Where(record => record.Broken is not null).Select(record => $"{record.Type.Name}: {record.Broken}").Distinct();
        Assert.Empty(broken);
    }

    [Fact]
    public void A_value_of_a_wrong_type_is_a_problem_at_the_path_of_its_documented_field()
    {
        var accepted = new List<string>();
        foreach (var body in Bodies())
        {
            foreach (var path in Paths(body.Survey.Fields, []))
            {
                var refused = Enumerable.Range(0, 10).Select(turn => IsRefused(body, path, turn)).OfType<bool>().ToList();
                if (refused.Count == 0 || refused.Contains(false))
                {
                    accepted.Add($"{body.Type.Name}: {string.Join('.', path.Select(field => field.Name))}");
                }
            }
        }

        Assert.Empty(accepted);
    }

    [Fact]
    public void A_number_truth_or_id_in_a_query_that_is_none_is_a_problem_of_its_parameter()
    {
        foreach (var query in Queries())
        {
            foreach (var field in query.Survey.Fields.All.Where(field => field.Types is [{ Kind: not (FieldKind.String or FieldKind.Texts) }, ..]
                || field.Types is [{ Choices: not null }, ..]))
            {
                var sent = new Dictionary<string, StringValues>(StringComparer.Ordinal) { [field.Name] = "neither!" };
                var fields = Fields.OfQuery(new QueryCollection(sent));
                Try(() => query.Read(fields));
                Assert.True(fields.Issues.Any(issue => issue.Path is [string name] && name == field.Name), $"{query.Type.Name}: {field.Name}");
            }
        }
    }

    [Fact]
    public void Every_field_that_the_sources_read_is_documented()
    {
        var documented = Bodies().SelectMany(body => Paths(body.Survey.Fields, [])).Select(path => path[^1].Name)
            .Concat(Queries().SelectMany(query => query.Survey.Fields.All.Select(field => field.Name))).ToHashSet(StringComparer.Ordinal);
        var read = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !Repository.Relative(path).Contains("/obj/", StringComparison.Ordinal))
            .Select(File.ReadAllText).Where(text => text.Contains("IReadFields<", StringComparison.Ordinal))
            .SelectMany(text => Reading().Matches(text).Select(match => match.Groups[1].Value)).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(read.Count > 100, $"Only {read.Count} readings were found");
        Assert.Empty(read.Except(documented, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Bodies_are_described_by_their_names_on_the_wire_with_limits_and_words()
    {
        var paths = (await world.Nobody.Get("/openapi/v1.json")).Ok()["paths"];
        var moderation = Schema(paths, "/rooms/{owner}/{room}/moderate/{messageId}", "post");
        Assert.Equal(["action"], moderation.GetProperty("properties").EnumerateObject().Select(property => property.Name));
        Assert.Equal(["approve", "reject"], Texts(moderation.GetProperty("properties").GetProperty("action").GetProperty("enum")));
        Assert.Equal(["action"], Texts(moderation.GetProperty("required")));

        var message = Schema(paths, "/rooms/{owner}/{room}/send", "post");
        Assert.Equal(["body"], Texts(message.GetProperty("required")));
        var forms = message.GetProperty("properties").GetProperty("body").GetProperty("anyOf").EnumerateArray().ToList();
        Assert.Equal(["object", "string"], forms.Select(form => form.GetProperty("type").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(["c", "t"], Texts(forms.First(form => form.GetProperty("type").GetString() == "object").GetProperty("required")));

        var batch = Schema(paths, "/rooms/{owner}/{room}/send-batch", "post").GetProperty("properties").GetProperty("messages");
        Assert.True(batch.GetProperty("items").GetProperty("properties").TryGetProperty("mentions", out _));

        var wraps = Schema(paths, "/rooms/{owner}/{room}/keys", "put").GetProperty("properties").GetProperty("wraps");
        Assert.Equal("string", wraps.GetProperty("additionalProperties").GetProperty("type").GetString());

        var order = paths.GetProperty("/rooms/{owner}/{room}/messages").GetProperty("get").GetProperty("parameters").EnumerateArray()
            .Single(parameter => parameter.GetProperty("name").GetString() == "order");
        Assert.Equal(["asc", "desc"], Texts(order.GetProperty("schema").GetProperty("enum")));
    }

    [Fact]
    public void What_only_some_values_want_is_not_required()
    {
        var fields = FieldSurvey.Of(fields =>
        {
            fields.Required("action");
            if (fields.OneOf("action", ["keep", "revise"]) == "revise")
            {
                fields.RequiredText("words", 10);
            }
        }, ofQuery: false).Fields;
        Assert.Equal(["action", "words"], fields.All.Select(field => field.Name));
        Assert.Equal(["action"], fields.All.Where(fields.IsRequired).Select(field => field.Name));
    }

    /// <summary>Null when the field has no place in this sample, because the one that it lies in has another form there.</summary>
    private static bool? IsRefused(BodyMetadata body, IReadOnlyList<FieldShape> path, int turn)
    {
        var sample = FieldSurvey.Sample(body.Survey.Fields, turn);
        JsonNode? place = sample;
        foreach (var field in path.SkipLast(1))
        {
            place = (place as JsonObject)?[field.Name] switch
            {
                JsonObject inside when field.Types.Any(type => type.Kind == FieldKind.Object) => inside,
                JsonArray { Count: > 0 } list when field.Types.Any(type => type.Kind == FieldKind.Array) => list[0],
                _ => null,
            };
        }

        if (place is not JsonObject parent)
        {
            return null;
        }

        return Wrong(path[^1]).Any(wrong =>
        {
            parent[path[^1].Name] = wrong;
            var fields = Fields.OfBody(RemixJson.Element(sample), new FieldShapes());
            return Try(() => body.Read(fields))
                || fields.Issues.Any(issue => issue.Path.Where(part => part is string).SelectMany(part => ((string)part).Split('.'))
                    .Take(path.Count).SequenceEqual(path.Select(field => field.Name), StringComparer.Ordinal));
        });
    }

    /// <summary>A value of none of the field's types; of a field that looks at its value by itself, one of two.</summary>
    private static IEnumerable<JsonNode> Wrong(FieldShape field)
    {
        var kinds = field.Types.Select(type => type.Kind).ToHashSet();
        return kinds.Count == 0 ? [new JsonObject(), 7.5]
            : kinds.Contains(FieldKind.Boolean) || kinds.Contains(FieldKind.Object) ? [7.5] : [new JsonObject()];
    }

    /// <summary>Whether the record refused as a whole, without naming problems of its fields.</summary>
    private static bool Try(Action read)
    {
        try
        {
            read();
            return false;
        }
        catch (Fault fault)
        {
            return fault.Details is null or [];
        }
    }

    private static IEnumerable<IReadOnlyList<FieldShape>> Paths(FieldShapes fields, IReadOnlyList<FieldShape> above) => fields.IsMap ? []
        : fields.All.SelectMany(field => (IEnumerable<IReadOnlyList<FieldShape>>)[[.. above, field],
            .. field.Inner is { } inner ? Paths(inner, [.. above, field]) : []]);

    private static IEnumerable<string?> Texts(JsonElement list) => list.EnumerateArray().Select(text => text.GetString());

    private static JsonElement Schema(JsonElement paths, string path, string method) => paths.GetProperty(path).GetProperty(method)
        .GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");

    private IEnumerable<BodyMetadata> Bodies() => Metadata<BodyMetadata>().DistinctBy(body => body.Type);

    private IEnumerable<QueryMetadata> Queries() => Metadata<QueryMetadata>().DistinctBy(query => query.Type);

    private IEnumerable<T> Metadata<T>() where T : class => world.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>().Select(route => route.Metadata.GetMetadata<T>()).OfType<T>();

    private const string Reads = "\\w*Text|Texts|RequiredName|OneOf|Number|Real|Truth|Choice|Id|Time|Json|Objects?|Limit|Required";

    [GeneratedRegex($"""\b(?:fields|inner|item|entry|bundle)\.(?:{Reads})(?:<\w+>)?\("([a-zA-Z_]+)"[,)]""")]
    private static partial Regex Reading();
}
