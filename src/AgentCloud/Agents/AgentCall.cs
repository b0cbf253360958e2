using System.Text.Json;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Workspaces;
using Remix.JsRuntime;

namespace Remix.AgentCloud.Agents;

/// <summary>One run that somebody may do: whose, of which agent, and until when.</summary>
/// <param name="Chain">Who called whom, this agent the last.</param>
/// <param name="Until">On the clock's timestamps: a call within a call ends when the outer one does.</param>
internal sealed record AgentCall(string Id, WorkspaceFacts Workspace, string App, AgentDefinition Agent, CallChain Chain, byte[] Params, long Until)
{
    public AgentName Name => Chain.Agents[^1];
}

/// <summary>How a run ended, as its caller is told.</summary>
/// <param name="Value">The answer as it is written; null where there is an error.</param>
internal sealed record AgentOutcome(string RunId, JsOutcome Outcome, JsonElement? Value, JsError? Error, IReadOnlyList<JsLogLine> Logs, int Ms)
{
    public bool IsOk => Outcome == JsOutcome.Returned;

    /// <summary>Where the value lies, to be disposed by who has written it out.</summary>
    public IDisposable? Memory { get; init; }
}
