using System.Text.Json;
using System.Text.Json.Nodes;
using Remix.AgentCloud.Records;

namespace Remix.AgentCloud.Agents;

/// <summary>The answer of an agent that may give an error: <c>ok</c> with all other results, or <c>error</c> with what it is.</summary>
internal static class CaseAnswer
{
    private const string Error = "error";

    public static JsonElement Of(JsonElement value)
    {
        if (Tagged.TagOf(value) is "case:ok" or "case:error")
        {
            return value;
        }

        if (value.TryGetProperty(Error, out var error) && error.ValueKind != JsonValueKind.Null && Tagged.TagOf(error) is not "undefined")
        {
            return Case("{tag}case:error", JsonNode.Parse(error.GetRawText()));
        }

        var rest = JsonObject.Create(value)!;
        rest.Remove(Error);
        return Case("{tag}case:ok", rest);
    }

    /// <summary>Whether an answer says that it is an error.</summary>
    public static bool IsError(JsonElement value) => Tagged.TagOf(value) == "case:error";

    private static JsonElement Case(string tag, JsonNode? value) =>
        JsonSerializer.SerializeToElement(new JsonObject { [Tagged.Type] = tag, [Tagged.Value] = value }, ParamText.Writing);
}
