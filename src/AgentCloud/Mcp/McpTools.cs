using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Remix.AgentCloud.Agents;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Queries;
using Remix.AgentCloud.Records;
using Remix.AgentCloud.Workspaces;
using Remix.JsRuntime;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Mcp;

/// <summary>The agents and queries that the caller may run, as tools.</summary>
internal sealed class McpTools(CloudApps apps, AgentLibrary library, QueryAgents queries, AgentRunner runner)
{
    private const string Between = "__";
    private const int NameLengthMax = 64;
    private const int PageSize = 200;

    /// <summary>One page of the list; the cursor is the name of the last tool of the page before.</summary>
    public async Task<JsonObject> List(WorkspaceScope workspace, string? cursor)
    {
        var all = (await All(workspace)).Where(tool => cursor is null || string.CompareOrdinal(tool.Name, cursor) > 0)
            .OrderBy(tool => tool.Name, StringComparer.Ordinal).Take(PageSize + 1).ToList();
        var views = all.Take(PageSize).Select(tool => (JsonNode)View(tool, workspace.May(Right.Read, tool.App)));
        var answer = new JsonObject { ["tools"] = new JsonArray([.. views]) };
        if (all.Count > PageSize)
        {
            answer["nextCursor"] = all[PageSize - 1].Name;
        }

        return answer;
    }

    /// <summary>Runs the agent or query; null when there is no such tool for this caller.</summary>
    public async Task<JsonObject?> Call(WorkspaceScope workspace, string name, JsonElement arguments, CancellationToken stop)
    {
        if ((await All(workspace)).Find(tool => tool.Name == name) is not { } tool)
        {
            return null;
        }

        try
        {
            var given = arguments.ValueKind == JsonValueKind.Object ? arguments.GetRawText() : "{}";
            var input = AgentInput.OfJson(Encoding.UTF8.GetBytes(given));
            if (tool.Query is not null)
            {
                return await Rows(workspace, tool, input);
            }

            var (agent, parameters) = (tool.Agent, input.For(tool.Agent));
            var call = runner.Call(workspace.Facts, tool.App, agent, CallChain.From(workspace.Caller), parameters, AgentRunner.DeadlineDefault);
            return Result(agent, await runner.Run(call, stop));
        }
        catch (Fault fault) when (fault.Status is >= 400 and < 500)
        {
            return Error(fault.Hint is null ? fault.Message : $"{fault.Message}. {fault.Hint}");
        }
    }

    /// <summary>A query's rows or number, in an object, since a tool answers with one.</summary>
    private async Task<JsonObject?> Rows(WorkspaceScope workspace, Tool tool, AgentInput input)
    {
        var found = await queries.Run(workspace.Facts, tool.App, tool.Agent.Name, input, workspace.Caller,
            asked => workspace.May(Right.Read, asked), null);
        if (found is not { } value)
        {
            return null;
        }

        var answer = $$"""{"{{McpSchema.Answer(tool.Query!)}}":{{value.GetRawText()}}}""";
        return Result(JsonNode.Parse(answer)!.AsObject(), answer);
    }

    private async Task<List<Tool>> All(WorkspaceScope workspace)
    {
        var tools = new List<Tool>();
        foreach (var app in (await apps.List(workspace.Id)).Select(app => app.Name).Where(workspace.Access.SeesApp))
        {
            var agents = (await library.List(workspace.Id, app)).Where(agent => agent.Revision is not null)
                .Select(agent => (agent, (CloudQuery?)null));
            var kept = (await queries.Definitions(workspace.Id, app)).Select(one => (one.Definition, (CloudQuery?)one.Query));
            tools.AddRange(agents.Concat(kept).DistinctBy(one => one.Item1.Name, StringComparer.Ordinal)
                .Where(one => workspace.Access.SeesAgent(app, one.Item1.Name))
                .Select(one => new Tool(NameOf(app, one.Item1.Name), app, one.Item1, one.Item2)));
        }

        return tools;
    }

    /// <summary>App and agent in one name of at most 64 letters; where that would be too long, or could be read in
    /// two ways, a hash ends it.</summary>
    private static string NameOf(string app, string agent)
    {
        var plain = app + Between + agent;
        if (plain.Length <= NameLengthMax && !app.Contains(Between, StringComparison.Ordinal) && !app.EndsWith('_')
            && !agent.Contains(Between, StringComparison.Ordinal))
        {
            return plain;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{app}/{agent}")))[..10];
        return $"{plain[..Math.Min(plain.Length, NameLengthMax - 11)]}-{hash}";
    }

    /// <summary>What a query looks for is for who may read the records; others know it by its name.</summary>
    private static JsonObject View(Tool tool, bool mayRead)
    {
        var (name, app, agent, query) = tool;
        var view = new JsonObject
        {
            ["name"] = name,
            ["title"] = $"{app}: {agent.Name}",
            ["description"] = query is null ? agent.Description ?? $"The agent {agent.Name} of the app {app}"
                : $"A query of the records of the app {query.Db ?? app}{(mayRead ? $": {QueryPrinter.Print(query.Query)}" : "")}",
            ["inputSchema"] = query is null ? McpSchema.Input(agent) : McpSchema.Input(query, agent),
        };
        if ((query is null ? McpSchema.Output(agent) : McpSchema.Output(query)) is { } output)
        {
            view["outputSchema"] = output;
        }

        return view;
    }

    private static JsonObject Result(AgentDefinition agent, AgentOutcome outcome)
    {
        if (outcome is not { Outcome: JsOutcome.Returned, Value: { } value })
        {
            return Error(outcome.Outcome == JsOutcome.OutOfTime ? "The agent was not done in time"
                : $"{outcome.Error?.Name ?? "Error"}: {outcome.Error?.Message ?? "The agent failed"}");
        }

        if (agent.AnswersWithCase)
        {
            var inner = value.GetProperty(Tagged.Value);
            if (CaseAnswer.IsError(value))
            {
                return Error(inner.ValueKind == JsonValueKind.String ? inner.GetString()! : inner.GetRawText());
            }

            value = inner;
        }

        var problems = agent.OutParams.Where(param => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(param.Name, out var given)
            && given.ValueKind != JsonValueKind.Null && param.Problem(given) is not null).Select(param => param.Name).ToList();
        return problems.Count > 0 || value.ValueKind != JsonValueKind.Object
            ? Error($"The agent's answer is not what its outParams say: {string.Join(", ", problems)}")
            : Result(JsonObject.Create(value.Clone())!, value.GetRawText());
    }

    private static JsonObject Result(JsonObject value, string text) =>
        new() { ["content"] = Text(text), ["structuredContent"] = value, ["isError"] = false };

    private static JsonObject Error(string message) => new() { ["content"] = Text(message), ["isError"] = true };

    private static JsonArray Text(string text) => [new JsonObject { ["type"] = "text", ["text"] = text }];

    /// <param name="Query">Null where it is an agent.</param>
    private sealed record Tool(string Name, string App, AgentDefinition Agent, CloudQuery? Query);
}
