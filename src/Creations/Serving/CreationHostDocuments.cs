using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Remix.Creations.Serving;

/// <summary>Describes in OpenAPI what <see cref="CreationHost"/> answers: it is no route, so nothing else would.</summary>
internal static class CreationHostDocuments
{
    private static readonly (HttpMethod Method, string Path, string Tag, string Summary)[] Answers =
    [
        (HttpMethod.Get, "/{path}", "content", "A published file"),
        (HttpMethod.Get, "/__remix/ws", "realtime", "What happens in the creation's room, as a WebSocket"),
        (HttpMethod.Get, "/__remix/events", "realtime", "The same as server-sent events"),
        (HttpMethod.Post, "/__remix/send", "realtime", "Send a message to the creation's room"),
        (HttpMethod.Get, "/__remix/messages", "realtime", "Read the messages of the creation's room"),
    ];

    public static void AddTo(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        foreach (var (method, path, tag, summary) in Answers)
        {
            if (!document.Paths.TryGetValue(path, out var item))
            {
                document.Paths[path] = item = new OpenApiPathItem();
            }

            ((OpenApiPathItem)item).AddOperation(method, new OpenApiOperation
            {
                Summary = summary,
                Tags = new HashSet<OpenApiTagReference> { new(tag, document) },
                Servers = [new OpenApiServer { Url = "https://art-{id}.HOST", Description = "The creation's own host" }],
                Parameters = path.Contains('{', StringComparison.Ordinal)
                    ? [new OpenApiParameter { Name = "path", In = ParameterLocation.Path, Required = true,
                        Schema = new OpenApiSchema { Type = JsonSchemaType.String } }]
                    : [],
                Responses = new OpenApiResponses { ["200"] = new OpenApiResponse { Description = "OK" } },
            });
        }

        return Task.CompletedTask;
    });
}
