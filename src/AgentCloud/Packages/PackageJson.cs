using System.Text.Json;
using Remix.AgentCloud.Zip;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Packages;

/// <summary>Reads the JSON of a package, and gathers what is wrong with it.</summary>
internal sealed class PackageJson(CheckedZip zip, List<Issue> issues)
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    private long total;

    /// <summary>The JSON in an entry; null when it is none of this kind, which is a problem then.</summary>
    public async Task<JsonElement?> Read(string path, JsonValueKind kind, CancellationToken stop)
    {
        total += zip.Entries[path].Length;
        if (zip.Entries[path].Length > Package.JsonBytesMax || total > Package.JsonTotalMax)
        {
            Problem($"JSON may have {Package.JsonBytesMax / (1024 * 1024)} MB in one file, {Package.JsonTotalMax / (1024 * 1024)} MB in all", path);
            return null;
        }

        try
        {
            var bytes = Http.CloudBody.WithoutMark(await zip.Bytes(path, Package.JsonBytesMax, stop));
            var root = JsonDocument.Parse(bytes, Strict).RootElement;
            if (root.ValueKind == kind)
            {
                return root;
            }

            Problem($"Expected {kind.ToString().ToLowerInvariant()}, received {root.ValueKind.ToString().ToLowerInvariant()}", path);
        }
        catch (JsonException e)
        {
            Problem($"{(e.LineNumber is { } line ? $"Line {line + 1}: " : "")}{e.Message.Split(". LineNumber")[0]}", path);
        }

        return null;
    }

    public void Problem(string message, params object[] path)
    {
        if (issues.Count < CheckedZip.IssuesMax)
        {
            issues.Add(new Issue("custom", path, message));
        }
    }

    /// <summary>A text member; the other when it is absent, null with a problem when it is no such text.</summary>
    public string? Text(JsonElement json, string path, string name, int max, string? otherwise)
    {
        if (!json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            if (otherwise is null)
            {
                Problem("Required", path, name);
            }

            return otherwise;
        }

        if (value.ValueKind == JsonValueKind.String && GoodText(value) is { } text && text.Length <= max)
        {
            return text;
        }

        Problem($"Expected a text of at most {max} characters", path, name);
        return null;
    }

    /// <summary>An object member as JSON; an empty one when it is absent.</summary>
    public string Object(JsonElement json, string path, string name, int bytesMax)
    {
        if (!json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return "{}";
        }

        if (value.ValueKind != JsonValueKind.Object || value.GetRawText().Length > bytesMax || !IsText(value))
        {
            Problem($"Expected an object of at most {bytesMax / 1024} KB", path, name);
            return "{}";
        }

        return Platform.Http.RemixJson.Text(value);
    }

    /// <summary>Whether all its names and texts are Unicode without NUL, and no name is there twice, so that it can be stored.</summary>
    public static bool IsText(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => GoodText(value) is not null,
                JsonValueKind.Array => value.EnumerateArray().All(IsText),
                JsonValueKind.Object => value.EnumerateObject().DistinctBy(member => member.Name, StringComparer.Ordinal).Count()
                    == value.EnumerateObject().Count(member => Records.RecordContent.TextIsGood(member.Name) && IsText(member.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string? GoodText(JsonElement value)
    {
        try
        {
            return value.GetString() is { } text && Records.RecordContent.TextIsGood(text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
