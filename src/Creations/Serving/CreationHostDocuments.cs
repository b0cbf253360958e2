using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Remix.Platform.Http.Describing;

namespace Remix.Creations.Serving;

/// <summary>Describes in OpenAPI what <see cref="CreationHost"/> answers: it is no route, so nothing else would.</summary>
internal static class CreationHostDocuments
{
    private const string Json = "application/json";

    private static readonly (HttpMethod Method, string Path, string Tag, string? Type, string Summary)[] Answers =
    [
        (HttpMethod.Get, "/{path}", "content", "application/octet-stream", "A published file"),
        (HttpMethod.Get, "/__remix/ws", "realtime", null, "What happens in the creation's room, as a WebSocket"),
        (HttpMethod.Get, "/__remix/events", "realtime", "text/event-stream", "The same as server-sent events"),
        (HttpMethod.Post, "/__remix/send", "realtime", Json, "Send a message to the creation's room"),
        (HttpMethod.Get, "/__remix/messages", "realtime", Json, "Read the messages of the creation's room"),
    ];

    public static void AddTo(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        foreach (var (method, path, tag, type, summary) in Answers)
        {
            if (!document.Paths.TryGetValue(path, out var item))
            {
                document.Paths[path] = item = new OpenApiPathItem();
            }

            ((OpenApiPathItem)item).AddOperation(method, Operation(method, path, type, summary, new(tag, document)));
        }

        return Task.CompletedTask;
    });

    private static OpenApiOperation Operation(
        HttpMethod method, string path, string? type, string summary, OpenApiTagReference tag)
    {
        var operation = new OpenApiOperation
        {
            Summary = summary,
            Tags = new HashSet<OpenApiTagReference> { tag },
            Servers = [Host],
            Responses = new OpenApiResponses
            {
                [type is null ? "101" : "200"] = new OpenApiResponse { Description = "OK", Content = ContentOf(type) },
                ["404"] = new OpenApiResponse { Description = "There is no such creation, or no such file in it" },
            },
        };
        OperationPaths.Describe(operation, method.Method, path);
        return operation;
    }

    private static Dictionary<string, OpenApiMediaType>? ContentOf(string? type) => type is null ? null
        : new(StringComparer.Ordinal)
        {
            [type] = new OpenApiMediaType
            {
                Schema = new OpenApiSchema { Type = type == Json ? JsonSchemaType.Object : JsonSchemaType.String },
            },
        };

    private static OpenApiServer Host => new()
    {
        Url = "https://art-{id}.{host}",
        Description = "The creation's own host: its id, and this server's host and port",
        Variables = new Dictionary<string, OpenApiServerVariable>(StringComparer.Ordinal)
        {
            ["id"] = new() { Default = "00000000-0000-0000-0000-000000000000" },
            ["host"] = new() { Default = "localhost" },
        },
    };
}
