using Microsoft.OpenApi;

namespace Remix.Platform.Http;

/// <summary>How a refusal looks, for the OpenAPI documents.</summary>
internal static class FaultSchema
{
    public static OpenApiSchema OfPlatform() => Of(["error", "statusCode", "request_id", "code"], new(StringComparer.Ordinal)
    {
        ["error"] = Text("What happened, in a sentence."),
        ["statusCode"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
    });

    public static OpenApiSchema OfCloud() => Of(["ok", "kind", "message", "request_id", "code"], new(StringComparer.Ordinal)
    {
        ["ok"] = new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = "Always false." },
        ["kind"] = Text("Always message; an agent that fails answers run_error instead."),
        ["message"] = Text("What happened, in a sentence."),
    });

    private static OpenApiSchema Of(IEnumerable<string> required, Dictionary<string, IOpenApiSchema> own)
    {
        own["request_id"] = new OpenApiSchema { Type = JsonSchemaType.String };
        own["code"] = Text("A stable name of the refusal.");
        own["hint"] = Text("What to do next.");
        own["fix"] = new OpenApiSchema { Type = JsonSchemaType.Object, Description = "The call that would succeed: method, path, body." };
        own["details"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Items = new OpenApiSchema { Type = JsonSchemaType.Object },
            Description = "Every problem of the input: code, path, message.",
        };
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = required.ToHashSet(StringComparer.Ordinal),
            Properties = own,
        };
    }

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
