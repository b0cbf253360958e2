using System.Buffers;
using System.Text.Json;
using Remix.AgentCloud.Http;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Workspaces;
using Remix.JsRuntime;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Agents;

/// <summary>
/// <c>remix.agents.call(agent, params)</c>: an agent of the same app by its name, one of another as <c>app/agent</c> or
/// <c>workspace/app/agent</c>. It answers what that would answer over HTTP, and throws what that would refuse.
/// </summary>
internal sealed class HostCalls(WorkspaceDirectory workspaces, AgentLibrary library, QueryAgents queries, CloudHosts hosts)
{
    public async Task<ReadOnlyMemory<byte>> Do(AgentCall call, HostArguments given, AgentRunner runner, CancellationToken stop)
    {
        var target = Target(call, given);
        var facts = await workspaces.Find(target.Workspace);
        if (facts is null || !call.Chain.MayCall(target, facts.AccessOf, hosts.Names))
        {
            throw Hidden(call, target);
        }

        var input = AgentInput.OfJson(given.Has(1) ? System.Text.Encoding.UTF8.GetBytes(given.At(1).GetRawText()) : "{}"u8.ToArray());
        var agent = await library.Find(facts.Id, target.App, target.Agent);
        if (agent?.Revision is null && await queries.Run(facts, target.App, target.Agent, input, call.Chain.User,
            asked => MayRead(call, facts, asked), Subject.OfAgent(hosts.Names[0], call.Name)) is { } rows)
        {
            return Json(rows);
        }

        if (agent is null)
        {
            throw Hidden(call, target);
        }

        var parameters = input.For(agent);
        var outcome = await runner.Run(runner.Call(facts, target.App, agent, call.Chain, parameters, runner.Left(call)), stop);
        return outcome switch
        {
            { Outcome: JsOutcome.Returned, Value: { } value } => Json(value),
            { Outcome: JsOutcome.OutOfTime } => throw new JsHostException($"{Words(target)} was not done in time", "RUN_TIMEOUT"),
            { Outcome: JsOutcome.Unavailable } => throw new JsHostException($"{Words(target)}: {outcome.Error?.Message}", "RUNTIME_UNAVAILABLE"),
            _ => throw new JsHostException($"{Words(target)} failed: {outcome.Error?.Message}", "RUN_ERROR"),
        };
    }

    private bool MayRead(AgentCall call, WorkspaceFacts facts, string app) => facts.AccessOf(call.Chain.User).May(Right.Read, app)
        || facts.AccessOf(hosts.Names.Select(name => Subject.OfAgent(name, call.Name)), null).May(Right.Read, app);

    private static AgentName Target(AgentCall call, HostArguments given)
    {
        var text = given.Text(0, "the agent");
        var name = text.Split('/') switch
        {
            [var agent] => new AgentName(call.Workspace.Name, call.App, agent),
            [var app, var agent] => new AgentName(call.Workspace.Name, app, agent),
            [var workspace, var app, var agent] => new AgentName(workspace, app, agent),
            _ => null,
        };
        return name is { IsValid: true } ? name : throw given.Wrong("an agent is named AGENT, APP/AGENT or WORKSPACE/APP/AGENT");
    }

    /// <summary>What one may not call and what is not there look alike.</summary>
    private static Fault Hidden(AgentCall call, AgentName target) => Fault.NotFound($"Agent {Words(target)}",
        target.Workspace == call.Workspace.Name && target.App == call.App ? $"The app has no {AgentDefinition.CodePath(target.Agent)}"
            : "Either there is none, or neither the user nor the calling agent has a permission to run it");

    private static string Words(AgentName name) => $"{name.Workspace}/{name.App}/{name.Agent}";

    private static ReadOnlyMemory<byte> Json(JsonElement value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Records.RecordJson.Writing))
        {
            value.WriteTo(json);
        }

        return bytes.WrittenMemory;
    }
}
