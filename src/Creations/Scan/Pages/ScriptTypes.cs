using System.Text.Json;
using AngleSharp.Dom;

namespace Remix.Creations.Scan.Pages;

internal enum ScriptKind
{
    Classic,
    Module,
    ImportMap,

    /// <summary>A block of data, which no browser runs.</summary>
    Data,
}

/// <summary>What a browser does with a script element, by its type attribute.</summary>
internal static class ScriptTypes
{
    private static readonly HashSet<string> JavaScriptTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        "", "text/javascript", "application/javascript", "application/x-javascript", "application/ecmascript",
        "application/x-ecmascript", "text/ecmascript", "text/x-ecmascript", "text/x-javascript", "text/jscript",
        "text/livescript", "text/javascript1.0", "text/javascript1.1", "text/javascript1.2", "text/javascript1.3",
        "text/javascript1.4", "text/javascript1.5",
    };

    public static ScriptKind KindOf(IElement element)
    {
        var type = element.GetAttribute("type")?.Trim() ?? LanguageType(element);
        if (JavaScriptTypes.Contains(type)) return ScriptKind.Classic;
        if (type.Equals("module", StringComparison.OrdinalIgnoreCase)) return ScriptKind.Module;
        return type.Equals("importmap", StringComparison.OrdinalIgnoreCase) ? ScriptKind.ImportMap : ScriptKind.Data;
    }

    /// <summary>
    /// Every address in an import map; none when it is not valid JSON, which a browser ignores as well.
    /// </summary>
    public static IReadOnlyList<string> AddressesIn(string importMap)
    {
        try
        {
            using var map = JsonDocument.Parse(importMap);
            return [.. Strings(map.RootElement, depth: 0)];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static string LanguageType(IElement element) =>
        element.GetAttribute("language") is { Length: > 0 } language ? $"text/{language}" : "";

    private static IEnumerable<string> Strings(JsonElement element, int depth) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Object when depth < 4 => element.EnumerateObject()
            .Where(entry => entry.Name is not "integrity").SelectMany(entry => Strings(entry.Value, depth + 1)),
        _ => [],
    };
}
