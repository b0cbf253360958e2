using System.Text.Json;
using Remix.AgentCloud.Workspaces;

namespace Remix.AgentCloud.Agents;

/// <summary>The agents that an app has as files, for those who list what can be run.</summary>
internal sealed class LibrarySource(AgentLibrary library) : AgentSource
{
    public override async Task<IReadOnlyList<AgentView>> List(string workspaceId, string app) =>
        [.. (await library.List(workspaceId, app)).Select(View)];

    public override async Task<AgentView?> Find(string workspaceId, string app, string agent) =>
        await library.Find(workspaceId, app, agent) is { } found ? View(found) : null;

    private static AgentView View(AgentDefinition agent) => new(agent.Name, agent.Description, Params(agent.InParams), Params(agent.OutParams));

    internal static JsonElement Params(IReadOnlyList<AgentParam> list) => JsonSerializer.SerializeToElement(list.Select(param =>
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["name"] = param.Name,
            ["type"] = param.TypeName,
            ["displayName"] = param.DisplayName,
            ["description"] = param.Description,
            ["required"] = param.IsRequired,
        }), ParamText.Writing);
}
