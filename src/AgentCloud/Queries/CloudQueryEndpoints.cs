using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.AgentCloud.Activity;
using Remix.AgentCloud.Http;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Workspaces;
using Remix.Platform.Http;
using Remix.Platform.Limits;

namespace Remix.AgentCloud.Queries;

/// <summary>Keeping queries under names. They are run where agents are.</summary>
internal static class CloudQueryEndpoints
{
    private static readonly RateLimit Changes = RateLimit.PerMinute("cloud queries", RateLimitPer.User, 1200);

    public static void MapV0(IEndpointRouteBuilder routes)
    {
        var queries = routes.MapGroup("/query/{ws}/{app}").WithTags("queries").Needs(TokenKind.Cloud);
        queries.MapPost("", Register).Limited(Changes).WithSummary("Keep a query, to be run at POST /run-agent/{ws}/{app}/{name}");
        queries.MapDelete("/{name}", Delete).Limited(Changes).WithSummary("Delete a query");
    }

    private static async Task<IResult> Register(WorkspaceScope workspace, string app, CloudInput<RegisterQuery> input, CloudQueries queries,
        CloudActivities activities, AppFounding founding)
    {
        var wish = input.Value;
        workspace = await founding.Enter(workspace, app);
        RequireApp(workspace, app);
        if (wish.Db is { } db && db != app)
        {
            workspace.Require(Right.Read, db);
        }

        var query = await queries.Save(workspace.Id, app, workspace.Caller.Name, wish, workspace.May(Right.CreateDb));
        await activities.Record(workspace.Id, workspace.Caller, ActivityKind.UpdateDb, app, query.Name);
        var view = new QueryRegisteredView(true, query.Name, QueryPrinter.Print(query.Query), query.Params);
        return TypedResults.Json(view, RemixJson.Options, statusCode: 201);
    }

    private static async Task<OkView> Delete(WorkspaceScope workspace, string app, string name, CloudQueries queries, CloudActivities activities)
    {
        RequireApp(workspace, app);

        await queries.Delete(workspace.Id, app, name);
        await activities.Record(workspace.Id, workspace.Caller, ActivityKind.UpdateDb, app, name);
        return new OkView(true);
    }

    private static void RequireApp(WorkspaceScope workspace, string app)
    {
        if (!CloudNames.IsName(app))
        {
            throw WorkspaceScope.AppNotFound();
        }

        workspace.Require(Right.Write, app);
    }
}

/// <summary>A query to keep: <c>ast</c> is an AST in JSON, the same as a text, or the textual form.</summary>
internal sealed record RegisterQuery(string Name, Query Query, string? Db, long? Skip, long? Limit, bool IncludeSuperseded, bool IncludeDeleted)
    : IReadFields<RegisterQuery>
{
    public static RegisterQuery Read(Fields fields)
    {
        var name = fields.RequiredText("name", CloudNames.LengthMax);
        if (name.Length > 0 && !CloudNames.IsName(name))
        {
            fields.Problem("name", $"A name is {CloudNames.Rule}", "invalid_string");
        }

        var db = fields.Text("db", CloudNames.LengthMax) is { Length: > 0 } text ? text : null;
        if (db is not null && !CloudNames.IsName(db))
        {
            fields.Problem("db", $"A name is {CloudNames.Rule}", "invalid_string");
        }

        return new RegisterQuery(name, ReadQuery(fields), db, fields.Number("skip", 0, Query.SkipMax), fields.Number("limit", 0, Query.RowsMax),
            fields.Truth("include_superseded") ?? false, fields.Truth("include_deleted") ?? false);
    }

    private static Query ReadQuery(Fields fields)
    {
        if (!fields.Required("ast"))
        {
            return new Query([]);
        }

        var (query, issues) = QuerySource.TryRead(fields.Read("ast")!.Value);
        foreach (var issue in issues)
        {
            fields.Problem(issue.Path.Prepend("ast"), issue.Message, issue.Code);
        }

        return query;
    }
}

internal sealed record QueryRegisteredView(bool Ok, string Name, string Query, IReadOnlyList<string> Params);
