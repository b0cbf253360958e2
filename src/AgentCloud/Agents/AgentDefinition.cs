using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Remix.AgentCloud.Files;

namespace Remix.AgentCloud.Agents;

/// <summary>
/// What an app's files say of one agent: <c>/code/NAME.json</c> what it takes and gives, <c>/code/NAME.js</c> what it does.
/// Whoever writes no definition has an agent that takes and gives anything.
/// </summary>
/// <param name="Modules">Its module and those it imports; none where there is only a definition, as of an agent that was compiled elsewhere.</param>
/// <param name="Problem">Why the definition cannot be read.</param>
internal sealed record AgentDefinition(string Name, string? Description, IReadOnlyList<AgentParam> InParams, IReadOnlyList<AgentParam> OutParams,
    IReadOnlyList<AppFile> Modules, string? Problem)
{
    public const int BytesMax = 256 * 1024;
    public const string Folder = "/code";

    /// <summary>Whether its answer says which of two it is, by a tag.</summary>
    public bool AnswersWithCase { get; } = OutParams.Any(param => param.Name == "error");

    /// <summary>Names this very code: the hash of its module or, where that imports others, of all. Null when there is none.</summary>
    public string? Revision { get; } = Modules.Count switch
    {
        0 => null,
        1 => Modules[0].Sha256,
        _ => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n',
            Modules.Select(file => $"{file.Path} {file.Sha256}"))))),
    };

    public static string CodePath(string agent) => $"{Folder}/{agent}.js";

    public static string DefinitionPath(string agent) => $"{Folder}/{agent}.json";

    /// <summary>The agent that a file at this path makes; null when it makes none.</summary>
    public static string? NameOf(string path) => AppFilePath.Parent(path) == Folder && Path.GetExtension(path) is ".js" or ".json"
        && Path.GetFileNameWithoutExtension(path) is var name && CloudNames.IsName(name) ? name : null;

    /// <summary>An agent that was in the app's package, compiled for another server.</summary>
    public static AgentDefinition Compiled(string name) => new(name, null, [], [], [],
        $"{name} was compiled for another server. Agents run here as JavaScript modules: put one at {CodePath(name)}");

    /// <summary>Reads the definition; one that cannot be read is an agent that says so when it is run.</summary>
    public static AgentDefinition Read(string name, byte[]? json, IReadOnlyList<AppFile> modules)
    {
        if (json is null)
        {
            return new AgentDefinition(name, null, [], [], modules, null);
        }

        try
        {
            using var document = JsonDocument.Parse(Http.CloudBody.WithoutMark(json), new JsonDocumentOptions
            {
                MaxDepth = 32,
                AllowTrailingCommas = true,
                CommentHandling = JsonCommentHandling.Skip,
            });
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                ? new AgentDefinition(name, TextIn(root, "description"), Params(root, "inParams"), Params(root, "outParams"), modules, null)
                : Unreadable("it is no JSON object");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Unreadable(e.Message);
        }

        AgentDefinition Unreadable(string why) => new(name, null, [], [], modules, $"{DefinitionPath(name)} cannot be read: {why}");
    }

    private static AgentParam[] Params(JsonElement root, string field) => root.TryGetProperty(field,
        out var list) && list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Select(Param).OfType<AgentParam>().DistinctBy(param => param.Name).Take(AgentParam.CountMax)] : [];

    private static AgentParam? Param(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return new AgentParam(value.GetString()!, ParamType.Any, "any", value.GetString()!, null, false);
        }

        if (value.ValueKind != JsonValueKind.Object || TextIn(value, "name") is not { Length: > 0 } name)
        {
            return null;
        }

        var type = TextIn(value, "type");
        return new AgentParam(name, AgentParam.TypeOf(type), type ?? "any", TextIn(value, "displayName") ?? name, TextIn(value, "description"),
            value.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.True);
    }

    private static string? TextIn(JsonElement value, string field) =>
        value.TryGetProperty(field, out var found) && found.ValueKind == JsonValueKind.String ? found.GetString() : null;
}
