using System.Text.Json;
using System.Text.Json.Serialization;

namespace Remix.AgentCloud.Workspaces;

/// <summary>
/// Where an app's agents come from: its code, its cloud queries. All are called alike, so they are listed alike; a name that
/// two sources know is the first one's.
/// </summary>
internal abstract class AgentSource
{
    public abstract Task<IReadOnlyList<AgentView>> List(string workspaceId, string app);

    public abstract Task<AgentView?> Find(string workspaceId, string app, string agent);
}

/// <summary>An agent as callers need to know it.</summary>
/// <param name="InParams">An array of {name, type, displayName}.</param>
/// <param name="OutParams">The same of what it answers.</param>
internal sealed record AgentView(string Name, string? Description,
    [property: JsonPropertyName("inParams")] JsonElement InParams, [property: JsonPropertyName("outParams")] JsonElement OutParams);
