using System.Text;
using System.Text.Json;
using Remix.AgentCloud.Records;
using Remix.JsRuntime;

namespace Remix.AgentCloud.Agents;

/// <summary>The arguments of one call of <c>remix</c>, with words for the author where one is not what it must be.</summary>
internal sealed class HostArguments(string operation, JsonElement list)
{
    private const int DepthMax = 60;
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    public static HostArguments Read(string operation, ReadOnlyMemory<byte> json)
    {
        // The memory is lent for the call only, and the values may outlive it.
        return new HostArguments(operation, JsonDocument.Parse(json.ToArray(), Deep).RootElement);
    }

    public string Operation => operation;

    /// <summary>The argument; undefined when it was not given.</summary>
    public JsonElement At(int index) => index < list.GetArrayLength() && Tagged.TagOf(list[index]) is not "undefined" ? list[index] : default;

    public bool Has(int index) => At(index).ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    public string Text(int index, string name) => At(index) is { ValueKind: JsonValueKind.String } text ? text.GetString()!
        : throw Wrong($"{name} must be a text");

    public string? TextOrNull(int index, string name) => Has(index) ? Text(index, name) : null;

    /// <summary>A record's id: as text, or as the reference that a field holds.</summary>
    public string Id(int index) => At(index) is { ValueKind: JsonValueKind.String } text ? text.GetString()!
        : Tagged.IsRef(Tagged.TagOf(At(index))) && At(index).TryGetProperty(Tagged.Value, out var id)
            && id.ValueKind == JsonValueKind.String ? id.GetString()!
        : At(index) is { ValueKind: JsonValueKind.Object } record && record.TryGetProperty(SystemField.Id, out var own)
            && own.ValueKind == JsonValueKind.String ? own.GetString()!
        : throw Wrong("the id must be a text, a reference or a record");

    /// <summary>A field of the options, which are an object and the last argument.</summary>
    public JsonElement Option(int index, string field) => Has(index)
        ? At(index).ValueKind == JsonValueKind.Object ? At(index).TryGetProperty(field, out var value) ? value : default
            : throw Wrong("options are an object")
        : default;

    public long? NumberOption(int index, string field) => Option(index, field) switch
    {
        { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var number) => number,
        _ => throw Wrong($"{field} must be a whole number"),
    };

    public bool TruthOption(int index, string field) => Option(index, field).ValueKind == JsonValueKind.True;

    public string? TextOption(int index, string field) => Option(index, field) switch
    {
        { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw Wrong($"{field} must be a text"),
    };

    /// <summary>A value as JSON, which others read over HTTP: as much and as deep as may come by HTTP.</summary>
    public string Json(JsonElement value, string name, int bytesMax)
    {
        var text = value.ValueKind == JsonValueKind.Undefined ? "null" : value.GetRawText();
        if (Encoding.UTF8.GetByteCount(text) > bytesMax)
        {
            throw Wrong($"{name} is longer than {bytesMax} bytes");
        }

        try
        {
            using var read = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = DepthMax });
            return text;
        }
        catch (JsonException)
        {
            throw Wrong($"{name} is deeper than {DepthMax} levels");
        }
    }

    public JsHostException Wrong(string message) => new($"remix.{operation}: {message}", "INVALID_ARGUMENT");
}
