using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Workspaces;
using Remix.Platform.Data;
using Remix.Platform.Http;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Activity;

/// <summary>What was done last, for who may read.</summary>
internal static class LatestActivityEndpoints
{
    public static void MapV1(IEndpointRouteBuilder routes) => routes.MapGet("/ws/{ws}/activities", Latest).WithTags("activities")
        .Needs(TokenKind.Cloud).WithSummary("What was done last in the workspace, or in one app of it");

    private static async Task<LatestView> Latest(WorkspaceScope workspace, Query<ListActivities> query, Database database)
    {
        var (app, limit) = query.Value;
        workspace.Require(Right.Read, app);

        return new LatestView(await database.Read(session => session.Query("""
            select activity, subject, app, agent, at from cloud_activities where workspace_id = $1 and ($2 = '' or app = $2)
            order by at desc, id desc limit $3
            """, row => new ActivityView(row.GetString(0), row.GetString(1), row.Text(2), row.Text(3), row.GetInt64(4).ToTime()),
            workspace.Id, app ?? "", (long)limit)));
    }
}

internal sealed record ListActivities(string? App, int Limit) : IReadFields<ListActivities>
{
    private const int PageMax = 100;

    public static ListActivities Read(Fields fields)
    {
        var app = fields.Text("app", CloudNames.LengthMax);
        if (app is not null && !CloudNames.IsName(app))
        {
            fields.Problem("app", $"A name is {CloudNames.Rule}", "invalid_string");
        }

        return new ListActivities(app, fields.Limit(20, PageMax));
    }
}

internal sealed record LatestView(IReadOnlyList<ActivityView> Activities);

internal sealed record ActivityView(string Activity, string Subject, string? App, string? Agent, DateTime At);
