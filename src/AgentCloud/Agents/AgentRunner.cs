using System.Text.Json;
using Remix.AgentCloud.Activity;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Tokens;
using Remix.AgentCloud.Workspaces;
using Remix.JsRuntime;
using Remix.AgentCloud.Http;

namespace Remix.AgentCloud.Agents;

/// <summary>
/// Runs agents that may be run. The activity is written while the agent runs, and is on disk before anybody is answered.
/// </summary>
internal sealed class AgentRunner(AgentRuntime runtime, AgentLibrary library, CloudActivities activities, RunLogs logs, CloudHosts hosts,
    HostRecords records, HostFiles files, HostMessages messages, HostCalls calls, SecretStore secrets, TimeProvider clock)
{
    public static readonly TimeSpan DeadlineDefault = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan DeadlineMax = TimeSpan.FromSeconds(300);

    private static readonly JsonSerializerOptions EnvJson = new(JsonSerializerDefaults.Web);

    /// <summary>A call of its own, or one within another, that ends no later than that.</summary>
    public AgentCall Call(WorkspaceFacts workspace, string app, AgentDefinition agent, CallChain chain, byte[] parameters, TimeSpan deadline)
    {
        var names = new AgentName(workspace.Name, app, agent.Name);
        return new AgentCall(CloudNames.NewId(), workspace, app, agent, chain.Enter(names), parameters,
            clock.GetTimestamp() + (long)(deadline.TotalSeconds * clock.TimestampFrequency));
    }

    public TimeSpan Left(AgentCall call) => TimeSpan.FromSeconds(
        Math.Max(0.001, (call.Until - clock.GetTimestamp()) / (double)clock.TimestampFrequency));

    public async Task<AgentOutcome> Run(AgentCall call, CancellationToken stop)
    {
        var started = clock.GetTimestamp();
        var user = call.Chain.User;
        var subject = call.Chain.Agents.Count > 1 ? Subject.OfAgent(hosts.Names[0], call.Chain.Agents[^2]) : null;
        var recorded = activities.Record(call.Workspace.Id, user, ActivityKind.RunAgent, call.App, call.Agent.Name, subject,
            $$"""{"run":"{{call.Id}}"}""");
        var host = new AgentHost(call, this, records, files, messages, calls, secrets, () => activities.Record(call.Workspace.Id, user,
            ActivityKind.UpdateDb, call.App, call.Agent.Name, subject));
        var result = default(JsRunResult);
        try
        {
            result = await Execute(call, host, stop);
        }
        finally
        {
            await recorded;
            await host.Recorded;
        }

        var outcome = Judged(call, host.Secrets.Over(result), (int)clock.GetElapsedTime(started).TotalMilliseconds) with { Memory = result.Memory };
        await logs.Keep(call, outcome, subject ?? user.Subjectively);
        return outcome;
    }

    private async Task<JsRunResult> Execute(AgentCall call, AgentHost host, CancellationToken stop)
    {
        if ((call.Agent.Problem ?? Lack(call.Agent)) is { } problem)
        {
            return Failed("AgentError", problem);
        }

        return await runtime.Run(new JsRun(new JsTenant(call.Workspace.Id), $"{call.App}/{call.Agent.Name}@{call.Agent.Revision}",
            _ => library.Modules(call.Agent), call.Params, Env(call), Left(call), host), stop);
    }

    /// <summary>What the code reads as <c>remix.env</c>.</summary>
    private byte[] Env(AgentCall call) => JsonSerializer.SerializeToUtf8Bytes(new AgentEnv(call.Workspace.Name, call.App, call.Agent.Name,
        call.Chain.User.IsAnonymous ? null : call.Chain.User.Name, call.Chain.User.IsAnonymous, hosts.BaseUrl, "UTC"), EnvJson);

    private sealed record AgentEnv(
        string Workspace, string App, string Agent, string? User, bool UserIsAnonymous, string BaseURL, string Timezone);

    private static string? Lack(AgentDefinition agent) => agent.Revision is not null ? null
        : $"{agent.Name} has a definition but no code at {AgentDefinition.CodePath(agent.Name)}. Agents run here as JavaScript modules; "
            + "one that was compiled for another server does not";

    /// <summary>An answer is a map. An agent that says it may give an error tells by a tag which of the two it gave.</summary>
    private static AgentOutcome Judged(AgentCall call, JsRunResult result, int ms)
    {
        if (result is not { Outcome: JsOutcome.Returned, Value: { } value })
        {
            return new AgentOutcome(call.Id, result.Outcome, null, result.Error, result.Logs, ms);
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            const string message = "An agent must return an object of named values";
            return new AgentOutcome(call.Id, JsOutcome.Failed, null, new JsError("TypeError", message, ""), result.Logs, ms);
        }

        return new AgentOutcome(call.Id, JsOutcome.Returned, call.Agent.AnswersWithCase ? CaseAnswer.Of(value) : value, null, result.Logs, ms);
    }

    private static JsRunResult Failed(string name, string message) =>
        new(JsOutcome.Failed, null, new JsError(name, message, ""), []);
}
