using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Remix.Platform.Http.Describing;

/// <summary>Writes the fields that a record reads as a JSON Schema.</summary>
internal static class FieldSchemas
{
    public static OpenApiSchema Of(FieldShapes fields) => fields.IsMap
        ? new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            AdditionalProperties = fields.All.Count > 0 ? Of(fields.All[0]) : new OpenApiSchema(),
        }
        : new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = fields.All.ToDictionary(field => field.Name, IOpenApiSchema (field) => Of(field), StringComparer.Ordinal),
            Required = fields.All.Where(fields.IsRequired).Select(field => field.Name).ToHashSet(StringComparer.Ordinal),
        };

    public static OpenApiSchema Of(FieldShape field)
    {
        var schema = field.Types switch
        {
            [] => new OpenApiSchema(),
            [var type] => Of(type, field.Inner),
            var types => new OpenApiSchema { AnyOf = [.. types.Select(type => Of(type, field.Inner))] },
        };
        if (field.IsNullable)
        {
            schema.Type |= JsonSchemaType.Null;
            schema.Enum?.Add(JsonNullSentinel.JsonNull);
            schema.AnyOf?.Add(new OpenApiSchema { Type = JsonSchemaType.Null });
        }

        return schema;
    }

    /// <summary>In a query all is text, and a list is one text, its parts separated by commas.</summary>
    public static OpenApiSchema OfQuery(FieldShape field) => field.Types is [{ Kind: FieldKind.Texts } type]
        ? new OpenApiSchema { Type = JsonSchemaType.String, Description = $"At most {type.Max}, separated by commas." }
        : Of(field);

    private static OpenApiSchema Of(FieldType type, FieldShapes? inner)
    {
        var schema = type.Kind switch
        {
            FieldKind.Integer => Number(type, JsonSchemaType.Integer),
            FieldKind.Real => Number(type, JsonSchemaType.Number),
            FieldKind.Boolean => new OpenApiSchema { Type = JsonSchemaType.Boolean },
            FieldKind.Uuid => new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
            FieldKind.Time => new OpenApiSchema
            {
                AnyOf = [
                    new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
                    new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "Unix milliseconds." }],
            },
            FieldKind.Texts => List(type, new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = type.TextMax }),
            FieldKind.Array => List(type, inner is null ? new OpenApiSchema() : Of(inner)),
            FieldKind.Object => inner is null ? new OpenApiSchema { Type = JsonSchemaType.Object } : Of(inner),
            _ => new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                MinLength = (int?)type.Min,
                MaxLength = (int?)type.Max,
                Enum = type.Choices?.Select(JsonNode (choice) => JsonValue.Create(choice)).ToList(),
            },
        };
        schema.Description = type.Note;
        return schema;
    }

    private static OpenApiSchema List(FieldType type, OpenApiSchema items) =>
        new() { Type = JsonSchemaType.Array, MaxItems = (int?)type.Max, Items = items };

    private static OpenApiSchema Number(FieldType type, JsonSchemaType kind) => new()
    {
        Type = kind,
        Minimum = type.Min?.ToString(CultureInfo.InvariantCulture),
        Maximum = type.Max?.ToString(CultureInfo.InvariantCulture),
        Default = type.Default is { } otherwise ? JsonValue.Create(otherwise) : null,
    };
}
