using System.Text.Json;

namespace Remix.AgentCloud.Records;

/// <summary>Values that JSON lacks, which travel as <c>{"_rmx_type": "{tag}…", "_rmx_value": …}</c>.</summary>
internal static class Tagged
{
    public const string Type = "_rmx_type";
    public const string Value = "_rmx_value";

    /// <summary>The tag of a reference to a record, as agents write it. Records written elsewhere may leave out the case.</summary>
    public const string Ref = "case:db.ref";

    private const string RefBare = "db.ref";
    private const string Prefix = "{tag}";
    private const int RefLengthMax = 64;

    /// <summary>The tag without its prefix; null when this is an object like any other.</summary>
    public static string? TagOf(JsonElement element) => element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(Type, out var type) && type.ValueKind == JsonValueKind.String
        && type.GetString() is { } text && text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : null;

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public static string? Problem(string tag, JsonElement element)
    {
        element.TryGetProperty(Value, out var value);
        return tag switch
        {
            Ref or RefBare when value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: > 0 and <= RefLengthMax } =>
                $"A {{tag}}{tag} has the id of a record as its {Value}, at most {RefLengthMax} characters",
            "bin" when value.ValueKind != JsonValueKind.String || !value.TryGetBytesFromBase64(out _) => $"A {{tag}}bin has base64 as its {Value}",
            _ => null,
        };
    }

    /// <summary>The value behind the tag; null when it counts as absent, or is an object with a tag of nobody's.</summary>
    public static FieldValue? Read(string tag, JsonElement element) => tag switch
    {
        Ref or RefBare => FieldValue.Ref(element.GetProperty(Value).GetString()!),
        "bin" => FieldValue.Bin(element.GetProperty(Value).GetString()!),
        "nan" => FieldValue.NotANumber,
        "posinf" => FieldValue.Number(double.PositiveInfinity),
        "neginf" => FieldValue.Number(double.NegativeInfinity),
        _ => null,
    };

    public static bool IsRef(string? tag) => tag is Ref or RefBare;

    public static bool IsUndefined(string tag) => tag == "undefined";
}
