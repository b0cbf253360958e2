using System.Text.Json;
using Remix.AgentCloud.Activity;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Queries;
using Remix.AgentCloud.Tokens;
using Remix.AgentCloud.Workspaces;

namespace Remix.AgentCloud.Agents;

/// <summary>Cloud queries, which are called and listed as agents are. An agent of the same name comes first.</summary>
internal sealed class QueryAgents(CloudQueries queries, CloudActivities activities) : AgentSource
{
    public override async Task<IReadOnlyList<AgentView>> List(string workspaceId, string app) =>
        [.. (await queries.List(workspaceId, app)).Select(View)];

    public override async Task<AgentView?> Find(string workspaceId, string app, string agent) =>
        await queries.Find(workspaceId, app, agent) is { } query ? View(query) : null;

    /// <summary>Runs the query of that name, whose run is counted like an agent's; null when there is none.</summary>
    /// <param name="subject">Who calls, where that is not the user: an agent.</param>
    public async Task<JsonElement?> Run(WorkspaceFacts workspace, string app, string name, AgentInput input,
        CloudCaller user, Func<string, bool> mayRead,
        string? subject)
    {
        if (await queries.Find(workspace.Id, app, name) is not { } query)
        {
            return null;
        }

        var values = JsonDocument.Parse(input.For(Definition(query))).RootElement;
        var value = await queries.Run(workspace.Id, app, query, values, mayRead);
        await activities.Record(workspace.Id, user, ActivityKind.RunAgent, app, name, subject);
        return value;
    }

    /// <summary>All queries of the app that no agent hides, as what they take.</summary>
    public async Task<IReadOnlyList<(AgentDefinition Definition, CloudQuery Query)>> Definitions(string workspaceId, string app) =>
        [.. (await queries.List(workspaceId, app)).Select(query => (Definition(query), query))];

    /// <summary>To a query null is a value like any other: binding says what is missing, and not this.</summary>
    private static AgentDefinition Definition(CloudQuery query) =>
        new(query.Name, null, [.. query.Params.Select(name => Param(query.Query, name))], [], [], null);

    private static AgentParam Param(Query query, string name)
    {
        var type = QueryParams.TypeOf(query, name);
        return new AgentParam(name, type, type.ToString().ToLowerInvariant(), name, null, false);
    }

    private static AgentView View(CloudQuery query) => new(query.Name, "A query of the app's records",
        LibrarySource.Params([.. Definition(query).InParams.Select(param => param with { IsRequired = true })]),
        LibrarySource.Params([]));
}
