using System.Buffers;
using System.Text.Json;
using Remix.AgentCloud.Records;

namespace Remix.AgentCloud.Agents;

/// <summary>The answer of an agent that may give an error: <c>ok</c> with all other results, or <c>error</c> with what it is.</summary>
internal static class CaseAnswer
{
    private const string Error = "error";

    /// <summary>An agent's answer may be as deep as the runtime lets it, and this is one level more.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 600 };

    public static JsonElement Of(JsonElement value)
    {
        if (Tagged.TagOf(value) is "case:ok" or "case:error")
        {
            return value;
        }

        return value.TryGetProperty(Error, out var error) && error.ValueKind != JsonValueKind.Null && Tagged.TagOf(error) is not "undefined"
            ? Case("{tag}case:error", error.WriteTo) : Case("{tag}case:ok", json => Others(value, json));
    }

    /// <summary>Whether an answer says that it is an error.</summary>
    public static bool IsError(JsonElement value) => Tagged.TagOf(value) == "case:error";

    private static void Others(JsonElement value, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var field in value.EnumerateObject().Where(field => !field.NameEquals(Error)))
        {
            field.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static JsonElement Case(string tag, Action<Utf8JsonWriter> value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, RecordJson.Writing))
        {
            json.WriteStartObject();
            json.WriteString(Tagged.Type, tag);
            json.WritePropertyName(Tagged.Value);
            value(json);
            json.WriteEndObject();
        }

        return JsonDocument.Parse(bytes.WrittenMemory, Deep).RootElement;
    }
}
