using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Remix.AgentCloud.Agents;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Records;
using Remix.AgentCloud.Workspaces;
using Remix.JsRuntime;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Mcp;

/// <summary>The agents that the caller may run, as tools.</summary>
internal sealed class McpTools(CloudApps apps, AgentLibrary library, AgentRunner runner)
{
    private const string Between = "__";
    private const int NameLengthMax = 64;
    private const int PageSize = 200;

    /// <summary>One page of the list; the cursor is the name of the last tool of the page before.</summary>
    public async Task<JsonObject> List(WorkspaceScope workspace, string? cursor)
    {
        var all = (await All(workspace)).Where(tool => cursor is null || string.CompareOrdinal(tool.Name, cursor) > 0)
            .OrderBy(tool => tool.Name, StringComparer.Ordinal).Take(PageSize + 1).ToList();
        var views = all.Take(PageSize).Select(tool => (JsonNode)View(tool.Name, tool.App, tool.Agent));
        var answer = new JsonObject { ["tools"] = new JsonArray([.. views]) };
        if (all.Count > PageSize)
        {
            answer["nextCursor"] = all[PageSize - 1].Name;
        }

        return answer;
    }

    /// <summary>Runs the agent; null when there is no such tool for this caller.</summary>
    public async Task<JsonObject?> Call(WorkspaceScope workspace, string name, JsonElement arguments, CancellationToken stop)
    {
        var (_, app, agent) = (await All(workspace)).FirstOrDefault(tool => tool.Name == name);
        if (agent is null)
        {
            return null;
        }

        try
        {
            var given = arguments.ValueKind == JsonValueKind.Object ? arguments.GetRawText() : "{}";
            var parameters = AgentInput.OfJson(Encoding.UTF8.GetBytes(given)).For(agent);
            var call = runner.Call(workspace.Facts, app, agent, CallChain.From(workspace.Caller), parameters, AgentRunner.DeadlineDefault);
            return Result(agent, await runner.Run(call, stop));
        }
        catch (Fault fault) when (fault.Status is >= 400 and < 500)
        {
            return Error(fault.Hint is null ? fault.Message : $"{fault.Message}. {fault.Hint}");
        }
    }

    private async Task<List<(string Name, string App, AgentDefinition Agent)>> All(WorkspaceScope workspace)
    {
        var tools = new List<(string, string, AgentDefinition)>();
        foreach (var app in await apps.List(workspace.Id))
        {
            if (workspace.Access.SeesApp(app.Name))
            {
                tools.AddRange((await library.List(workspace.Id, app.Name)).Where(agent => agent.Revision is not null
                    && workspace.Access.SeesAgent(app.Name, agent.Name)).Select(agent => (NameOf(app.Name, agent.Name), app.Name, agent)));
            }
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

    private static JsonObject View(string name, string app, AgentDefinition agent)
    {
        var view = new JsonObject
        {
            ["name"] = name,
            ["title"] = $"{app}: {agent.Name}",
            ["description"] = agent.Description ?? $"The agent {agent.Name} of the app {app}",
            ["inputSchema"] = McpSchema.Input(agent),
        };
        if (McpSchema.Output(agent) is { } output)
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
            : new JsonObject
            {
                ["content"] = Text(value.GetRawText()),
                ["structuredContent"] = JsonObject.Create(value.Clone()),
                ["isError"] = false,
            };
    }

    private static JsonObject Error(string message) => new() { ["content"] = Text(message), ["isError"] = true };

    private static JsonArray Text(string text) => [new JsonObject { ["type"] = "text", ["text"] = text }];
}
