using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Http;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Tokens;
using Remix.AgentCloud.Workspaces;
using Remix.JsRuntime;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;

namespace Remix.AgentCloud.Agents;

/// <summary>Running agents.</summary>
internal static class RunEndpoints
{
    public const string RunHeader = "X-Run-Id";

    internal static readonly RateLimit Runs = RateLimit.PerMinute("agent runs", RateLimitPer.User, 600_000);

    public static void MapV0(IEndpointRouteBuilder routes) => routes.MapPost("/run-agent/{ws}/{app}/{agent}", Run).WithTags("agents")
        .Limited(Runs).WithBodyLimit(AgentRuntime.ParamsBytesMax)
        .WithMetadata(new BinaryBodyMetadata())
        .Produces<JsonElement>().Produces<RunErrorView>(500)
        .WithSummary("Run an agent or a cloud query; the answer is what it returns")
        .WithDescription("The body is an object of parameters: JSON, urlencoded or multipart. `timeout` in the query is in milliseconds, "
            + "60000 unless it is given and 300000 at most; beyond it the answer is 504. A failure of the agent is 500 with "
            + "`{\"kind\":\"run_error\",\"run_error\":{…}}`.");

    private static async Task<IResult> Run(WorkspaceScope workspace, string app, string agent, Query<RunTimeout> timeout, AgentLibrary library,
        QueryAgents queries, AgentRunner runner, CloudApps apps, HttpContext context)
    {
        workspace.Require(Right.Run, app, agent);

        var input = await AgentInput.Read(context);
        var definition = await library.Find(workspace.Id, app, agent);
        if (definition?.Revision is null && await queries.Run(workspace.Facts, app, agent, input, workspace.Caller,
            asked => workspace.May(Right.Read, asked), null) is { } rows)
        {
            return new JsonAnswer(rows);
        }

        if (definition is null)
        {
            await apps.Get(workspace.Id, app);
            throw WorkspaceScope.AgentNotFound();
        }

        var parameters = input.For(definition);
        var call = runner.Call(workspace.Facts, app, definition, CallChain.From(workspace.Caller), parameters, timeout.Value.Limit);
        var outcome = await runner.Run(call, context.RequestAborted);
        if (outcome.Memory is { } memory)
        {
            context.Response.RegisterForDispose(memory);
        }

        context.Response.Headers[RunHeader] = outcome.RunId;
        context.Response.Headers.CacheControl = "no-store";
        return Answer(outcome, workspace.May(Right.Read, app), timeout.Value.Limit);
    }

    /// <summary>Where it failed is for who may read the app's files.</summary>
    internal static IResult Answer(AgentOutcome outcome, bool seesStack, TimeSpan limit) => outcome switch
    {
        { Outcome: JsOutcome.Returned, Value: { } value } => new JsonAnswer(value),
        { Outcome: JsOutcome.OutOfTime } => throw new Fault(504, "RUN_TIMEOUT", string.Create(CultureInfo.InvariantCulture,
            $"The agent was not done after {limit.TotalMilliseconds:0} ms"))
        {
            Hint = "Give it longer with ?timeout=, in milliseconds, 300000 at most.",
            Extra = new Dictionary<string, object?>(StringComparer.Ordinal) { ["run_id"] = outcome.RunId },
        },
        { Outcome: JsOutcome.Unavailable } => throw new Fault(503, "RUNTIME_UNAVAILABLE", outcome.Error?.Message ?? "Nothing can run now")
        {
            Hint = "Repeat the call in a moment.",
            RetryAfter = 1,
        },
        _ => TypedResults.Json(RunErrorView.Of(outcome, seesStack), RemixJson.Options, statusCode: 500),
    };
}

internal sealed record RunTimeout(TimeSpan Limit) : IReadFields<RunTimeout>
{
    public static RunTimeout Read(Fields fields) => new(fields.Number("timeout", 1, (long)AgentRunner.DeadlineMax.TotalMilliseconds) is { } ms
        ? TimeSpan.FromMilliseconds(ms) : AgentRunner.DeadlineDefault);
}

/// <summary>The reference's form of a failed run.</summary>
internal sealed record RunErrorView(string Kind, RunError RunError, string RunId)
{
    public static RunErrorView Of(AgentOutcome outcome, bool seesStack) => new("run_error", new RunError(
        outcome.Error?.Name ?? "Error", outcome.Error?.Message ?? "The agent failed", seesStack ? outcome.Error?.Stack : null), outcome.RunId);
}

internal sealed record RunError(string Name, string Message, string? Stack);
