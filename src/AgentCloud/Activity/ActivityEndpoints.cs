using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.AgentCloud.Http;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Workspaces;
using Remix.Platform.Http;

namespace Remix.AgentCloud.Activity;

/// <summary>Counting what was done in a workspace.</summary>
internal static class ActivityEndpoints
{
    public static void MapV0(IEndpointRouteBuilder routes) => routes.MapPost("/count-activities/{ws}", Count).WithTags("activities")
        .Needs(TokenKind.Cloud).WithSummary("Count what was done in the workspace: by subject, activity, from start (inclusive) to end (exclusive)");

    private static async Task<CountView> Count(WorkspaceScope workspace, CloudInput<CountActivities> input, CloudActivities activities)
    {
        workspace.Require(Right.GrantPermissions);

        return new CountView(true, await activities.Count(workspace.Id, input.Value));
    }
}

internal sealed record CountActivities(string? Subject, ActivityKind? Activity, long? Start, long? End) : IReadFields<CountActivities>
{
    private const int SubjectLengthMax = 400;

    public static CountActivities Read(Fields fields)
    {
        var subject = fields.Text("subject", SubjectLengthMax, 1);
        var wish = new CountActivities(subject is null ? null : Permissions.Subject.Parse(subject) ?? subject,
            fields.Choice<ActivityKind>("activity"), fields.Time("start"), fields.Time("end"));
        if (wish is { Start: { } start, End: { } end } && end < start)
        {
            fields.Problem("end", "Must not be before start");
        }

        return wish;
    }
}

internal sealed record CountView(bool Ok, long Count);
