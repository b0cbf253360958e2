using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Workspaces;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Agents;

/// <summary>What runs wrote to their console and what they threw, for who may read the app.</summary>
internal static class RunLogEndpoints
{
    public static void MapV1(IEndpointRouteBuilder routes)
    {
        var runs = routes.MapGroup("/ws/{ws}").WithTags("agents").Needs(TokenKind.Cloud);
        runs.MapGet("/app/{app}/runs", List).WithSummary("The newest runs of the app that wrote something or failed");
        runs.MapGet("/app/{app}/runs/{id}", Get).WithSummary("What one run wrote and threw");
    }

    private static async Task<RunListView> List(WorkspaceScope workspace, string app, Query<ListRuns> query, RunLogs logs)
    {
        workspace.Require(Right.Read, app);

        var found = await logs.Newest(workspace.Id, app, query.Value.Agent ?? "", query.Value.Limit);
        return new RunListView([.. found.Select(RunView.Of)]);
    }

    private static async Task<RunView> Get(WorkspaceScope workspace, string app, string id, RunLogs logs)
    {
        workspace.Require(Right.Read, app);

        return await logs.Find(workspace.Id, id) is { } log && log.App == app ? RunView.Of(log)
            : throw Fault.NotFound("Run", $"Only runs that wrote something or failed are kept, the newest {RunLogs.KeptMax} of a workspace.");
    }
}

internal sealed record ListRuns(string? Agent, int Limit) : IReadFields<ListRuns>
{
    public static ListRuns Read(Fields fields) => new(fields.Text("agent", CloudNames.LengthMax), fields.Limit(20, RunLogs.PageMax));
}

internal sealed record RunListView(IReadOnlyList<RunView> Runs);

internal sealed record RunView(string Id, string App, string Agent, string Subject, string Outcome,
    JsonElement? Error, int Ms, JsonElement Logs, DateTime At)
{
    public static RunView Of(RunLog log) => new(log.Id, log.App, log.Agent, log.Subject, log.Outcome,
        log.Error is { } error ? JsonSerializer.Deserialize<JsonElement>(error) : null, log.Ms,
        JsonSerializer.Deserialize<JsonElement>(log.Lines), log.At.ToTime());
}
