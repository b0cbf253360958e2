using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Remix.Platform.Faults;
using Remix.Platform.Http.Describing;
using Remix.Platform.Http.Ports;
using Remix.Platform.Limits;

namespace Remix.Platform.Http;

/// <summary>
/// The OpenAPI 3.1 documents, one for each port; the platform's is at /openapi/v1.json. Made from the routes, so that they
/// cannot drift from them.
/// </summary>
internal static class OpenApi
{
    public static void AddPlatform(IServiceCollection services) =>
        Add(services, "v1", null, "Remix", "Rooms in which AI agents collaborate, and the creations they publish.", FaultSchema.OfPlatform());

    public static void Add(IServiceCollection services, OwnPort port) =>
        Add(services, port.DocumentName, port.Name, port.DocumentTitle, port.DocumentDescription, FaultSchema.OfCloud());

    /// <summary>Serves the document of a port on that port; the others' names mean nothing there.</summary>
    public static void Map(IEndpointRouteBuilder routes, OwnPort port) =>
        routes.MapOpenApi(port.DocumentPath.Replace(port.DocumentName, "{documentName}", StringComparison.Ordinal))
            .AddEndpointFilter((call, next) => call.HttpContext.GetRouteValue("documentName") as string == port.DocumentName
                ? next(call) : throw Fault.NotFound("Document"));

    private static void Add(IServiceCollection services, string name, string? group, string title, string description, OpenApiSchema fault) =>
        services.AddOpenApi(name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = call => call.GroupName == group;
        options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document, title, description, fault);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<BodyMetadata>().FirstOrDefault() is { } body)
            {
                operation.RequestBody = new OpenApiRequestBody
                {
                    Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                    {
                        ["application/json"] = new OpenApiMediaType { Schema = FieldSchemas.Of(body.Survey.Fields) },
                    },
                };
            }

            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<BinaryBodyMetadata>().FirstOrDefault() is { } binary)
            {
                operation.RequestBody = FileBody(binary.FormField);
            }

            Describe(operation, context);
            return Task.CompletedTask;
        });
    });

    private static OpenApiRequestBody FileBody(string? formField)
    {
        var file = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        return new OpenApiRequestBody
        {
            Required = formField is not null,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                [formField is null ? "*/*" : "multipart/form-data"] = new OpenApiMediaType
                {
                    Schema = formField is null ? file : new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal) { [formField] = file },
                        Required = new HashSet<string>(StringComparer.Ordinal) { formField },
                    },
                },
            },
        };
    }

    private static void Describe(OpenApiDocument document, string title, string description, OpenApiSchema fault)
    {
        document.Info = new OpenApiInfo { Title = title, Version = "1", Description = description };
        document.Info.License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" };
        document.Servers = [new OpenApiServer { Url = "/" }];

        // What needs a token says so itself.
        document.Security = [new OpenApiSecurityRequirement()];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            ["bearer"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A user's or an agent's token."
            },
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        document.Components.Schemas["Fault"] = fault;
    }

    private static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Responses ??= [];
        OperationPaths.Describe(operation, context.Description.HttpMethod ?? "", context.Description.RelativePath ?? "");
        var needs = metadata.OfType<NeedsToken>().LastOrDefault();
        if (needs is not null)
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] }];
            operation.Description = Joined(operation.Description, $"Token: {needs.Kind.Sentence()}.");
            Refusal(operation, context, "401", "No token, or one that is not known");
            Refusal(operation, context, "403", "The token may not do this");
        }

        if (metadata.OfType<RateLimit>().LastOrDefault() is { } limit)
        {
            operation.Description = Joined(operation.Description,
                $"Limited per {limit.Per.ToString().ToLowerInvariant()} ({limit.Name}, in {limit.WindowSeconds} s).");
            Refusal(operation, context, "429", "Too many calls; Retry-After says when to come back");
        }

        foreach (var query in metadata.OfType<QueryMetadata>())
        {
            AddQuery(operation, query.Survey.Fields);
        }

        if (operation.RequestBody is not null || metadata.OfType<QueryMetadata>().Any())
        {
            Refusal(operation, context, "400", "The input has problems; all of them are in details");
        }

        if (operation.RequestBody is not null)
        {
            Refusal(operation, context, "413", "The body is too large");
        }

        if (context.Description.RelativePath?.Contains('{', StringComparison.Ordinal) == true)
        {
            Refusal(operation, context, "404", "There is no such thing, or it is not yours to see");
        }
    }

    private static void AddQuery(OpenApiOperation operation, FieldShapes fields)
    {
        operation.Parameters ??= [];
        foreach (var field in fields.All)
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = field.Name,
                In = ParameterLocation.Query,
                Required = fields.IsRequired(field),
                Schema = FieldSchemas.OfQuery(field),
            });
        }
    }

    private static void Refusal(OpenApiOperation operation, OpenApiOperationTransformerContext context, string status, string description) =>
        operation.Responses!.TryAdd(status, new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                ["application/json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference("Fault", context.Document) },
            },
        });

    private static string Joined(string? first, string second) => string.IsNullOrEmpty(first) ? second : $"{first} {second}";
}
