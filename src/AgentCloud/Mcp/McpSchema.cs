using System.Text.Json.Nodes;
using Remix.AgentCloud.Agents;
using Remix.AgentCloud.Queries;

namespace Remix.AgentCloud.Mcp;

/// <summary>What agents declare, as JSON Schema.</summary>
internal static class McpSchema
{
    public static JsonObject Input(AgentDefinition agent)
    {
        var schema = Map(agent.InParams, mayBeNull: false);
        var required = agent.InParams.Where(param => param.IsRequired).Select(param => (JsonNode)param.Name).ToArray();
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray(required);
        }

        return schema;
    }

    /// <summary>A query needs all of its parameters, and null is a value to it.</summary>
    public static JsonObject Input(CloudQuery query, AgentDefinition definition)
    {
        var schema = Map(definition.InParams, mayBeNull: false);
        if (query.Params.Count > 0)
        {
            schema["required"] = new JsonArray([.. query.Params.Select(name => (JsonNode)name)]);
        }

        return schema;
    }

    public static JsonObject Output(CloudQuery query)
    {
        JsonObject answer = query.IsCount ? new JsonObject { ["type"] = "integer" }
            : new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "object" } };
        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { [Answer(query)] = answer },
            ["required"] = new JsonArray(Answer(query)),
        };
    }

    /// <summary>What a query's answer is called in the object that a tool answers with.</summary>
    public static string Answer(CloudQuery query) => query.IsCount ? "count" : "rows";

    /// <summary>Null where nothing is declared. An error is no result: it comes as the tool's error.</summary>
    public static JsonObject? Output(AgentDefinition agent) =>
        agent.OutParams.Count == 0 ? null : Map(agent.OutParams.Where(param => param.Name != "error"), mayBeNull: true);

    private static JsonObject Map(IEnumerable<AgentParam> list, bool mayBeNull)
    {
        var properties = new JsonObject();
        foreach (var param in list)
        {
            var schema = TypeOf(param, mayBeNull);
            schema["title"] = param.DisplayName;
            if (param.Description is { } description)
            {
                schema["description"] = description;
            }

            properties[param.Name] = schema;
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties };
    }

    private static JsonObject TypeOf(AgentParam param, bool mayBeNull)
    {
        var name = param.Type switch
        {
            ParamType.String => "string",
            ParamType.Integer => "integer",
            ParamType.Number => "number",
            ParamType.Boolean => "boolean",
            ParamType.List => "array",
            ParamType.Object or ParamType.Binary => "object",
            _ => null,
        };
        var schema = new JsonObject();
        if (name is not null)
        {
            schema["type"] = mayBeNull ? new JsonArray(name, "null") : name;
        }

        if (param.Type == ParamType.Binary)
        {
            schema["properties"] = new JsonObject
            {
                ["_rmx_type"] = new JsonObject { ["const"] = "{tag}bin" },
                ["_rmx_value"] = new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64" },
            };
            schema["required"] = new JsonArray("_rmx_type", "_rmx_value");
        }

        return schema;
    }
}
