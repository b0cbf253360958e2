using System.Globalization;
using System.Text.Json;

namespace Remix.AgentCloud.Agents;

/// <summary>What a parameter or a result of an agent holds.</summary>
internal enum ParamType
{
    Any,
    String,
    Number,
    Integer,
    Boolean,
    Object,
    List,
    Binary,
    Ref,
}

/// <summary>One named value that an agent takes or gives, as its definition declares it.</summary>
internal sealed record AgentParam(string Name, ParamType Type, string TypeName, string DisplayName, string? Description, bool IsRequired)
{
    public const int CountMax = 100;

    /// <summary>The type that a definition means; what is not known is not checked.</summary>
    public static ParamType TypeOf(string? name) => name?.ToLowerInvariant() switch
    {
        "string" or "text" or "date" or "url" or "email" or "markdown" => ParamType.String,
        "number" or "float" or "double" or "decimal" => ParamType.Number,
        "integer" or "int" or "long" => ParamType.Integer,
        "boolean" or "bool" => ParamType.Boolean,
        "object" or "map" or "record" or "file" or "case" => ParamType.Object,
        "array" or "list" => ParamType.List,
        "bin" or "binary" or "bytes" => ParamType.Binary,
        "db.ref" or "ref" => ParamType.Ref,
        _ => ParamType.Any,
    };

    /// <summary>What is wrong with a value of a JSON body; null when nothing is.</summary>
    public string? Problem(JsonElement value)
    {
        var isGood = Type switch
        {
            ParamType.String => value.ValueKind == JsonValueKind.String,
            ParamType.Number => value.ValueKind == JsonValueKind.Number || TagOf(value) is "nan" or "posinf" or "neginf",
            ParamType.Integer => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number == Math.Floor(number),
            ParamType.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            ParamType.Object => value.ValueKind == JsonValueKind.Object,
            ParamType.List => value.ValueKind == JsonValueKind.Array,
            ParamType.Binary => TagOf(value) == "bin",
            ParamType.Ref => value.ValueKind == JsonValueKind.String || Records.Tagged.IsRef(TagOf(value)),
            _ => true,
        };
        return isGood ? null : $"Expected {Expected}, received {Kind(value)}";
    }

    /// <summary>The JSON that a form's text means; null, with the problem, when it means none.</summary>
    public string? FromText(string text, out string? problem)
    {
        problem = null;
        switch (Type)
        {
            case ParamType.Number when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture,
                out var number) && double.IsFinite(number):
                return JsonSerializer.Serialize(number);
            case ParamType.Integer when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole):
                return JsonSerializer.Serialize(whole);
            case ParamType.Boolean when text.ToLowerInvariant() is "true" or "1" or "yes" or "on":
                return "true";
            case ParamType.Boolean when text.ToLowerInvariant() is "false" or "0" or "no" or "off":
                return "false";
            case ParamType.Object or ParamType.List when IsJson(text, Type == ParamType.Object ? JsonValueKind.Object : JsonValueKind.Array):
                return text;
            case ParamType.Binary:
                return Bin(System.Text.Encoding.UTF8.GetBytes(text));
            case ParamType.Number or ParamType.Integer or ParamType.Boolean or ParamType.Object or ParamType.List:
                problem = $"Expected {Expected}, received '{(text.Length > 40 ? text[..39] + "…" : text)}'";
                return null;
            default:
                return JsonSerializer.Serialize(text, ParamText.Writing);
        }
    }

    public static string Bin(ReadOnlySpan<byte> bytes) => $$"""{"_rmx_type":"{tag}bin","_rmx_value":"{{Convert.ToBase64String(bytes)}}"}""";

    private string Expected => Type switch
    {
        ParamType.Binary => "bytes: {\"_rmx_type\": \"{tag}bin\", \"_rmx_value\": BASE64}",
        ParamType.Ref => "a reference to a record",
        ParamType.List => "a list",
        ParamType.Object => "an object",
        ParamType.Integer => "a whole number",
        ParamType.Boolean => "true or false",
        var type => $"a {type.ToString().ToLowerInvariant()}",
    };

    private static string? TagOf(JsonElement value) => Records.Tagged.TagOf(value);

    private static string Kind(JsonElement value) => TagOf(value) is { } tag ? $"{{tag}}{tag}" : value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        var kind => $"a {kind.ToString().ToLowerInvariant()}",
    };

    private static bool IsJson(string text, JsonValueKind kind)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 64 });
            return document.RootElement.ValueKind == kind;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
