using System.Data.Common;
using System.Text.Json;
using Remix.AgentCloud.Agents;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Data;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Queries;

/// <summary>The queries that apps keep: the only one that writes them, and where they are run.</summary>
internal sealed class CloudQueries(WorkspaceData data, QueryRunner runner, TimeProvider clock)
{
    private const string Columns = "q.name, q.ast, q.db, q.skip, q.row_limit, q.include_superseded, q.include_deleted, q.created_at, q.created_by";

    /// <summary>Keeps a query; one of this name is replaced. The app must be there unless it may be made.</summary>
    public Task<CloudQuery> Save(string workspaceId, string app, string by, RegisterQuery wish, bool mayMakeApp) =>
        data.Write(workspaceId, async session =>
    {
        var now = clock.NowMs();
        var home = await CloudApps.Find(session, workspaceId, app)
            ?? (mayMakeApp ? await CloudApps.Ensure(session, workspaceId, app, by, now) : throw Fault.NotFound("App"));
        if (await session.Scalar<string>("select path from cloud_files where app_id = $1 and path in ($2, $3) limit 1", home.Id,
            AgentDefinition.CodePath(wish.Name), AgentDefinition.DefinitionPath(wish.Name)) is { } path)
        {
            throw Fault.Conflict("NAME_TAKEN", $"The app has an agent {wish.Name} ({path}), which is run by that name",
                "Give the query another name.");
        }

        var query = new CloudQuery(wish.Name, wish.Query, wish.Db, wish.Skip, wish.Limit, wish.IncludeSuperseded, wish.IncludeDeleted, now, by);
        await Save(session, home, query);
        return query;
    });

    public async Task Delete(string workspaceId, string app, string name)
    {
        if (!await data.Write(workspaceId, async session => await CloudApps.Find(session, workspaceId, app) is { } home
            && await session.Execute("delete from cloud_queries where app_id = $1 and name = $2", home.Id, name) == 1))
        {
            throw NotFound();
        }
    }

    /// <summary>The query of that name; null when there is none.</summary>
    public Task<CloudQuery?> Find(string workspaceId, string app, string name) => data.Read(workspaceId, session => session.First(
        $"select {Columns} from cloud_queries q join cloud_apps a on a.id = q.app_id where a.workspace_id = $1 and a.name = $2 and q.name = $3",
        Read, workspaceId, app, name));

    public Task<List<CloudQuery>> List(string workspaceId, string app) => data.Read(workspaceId, async session =>
        await CloudApps.Find(session, workspaceId, app) is { } home ? await List(session, home) : []);

    /// <summary>Runs the query of that name with these values: rows, or a number. Null when there is none.</summary>
    /// <param name="mayRead">Whether the caller, or the agent that calls, may read the other app that the query asks.</param>
    public async Task<JsonElement?> Run(string workspaceId, string app, string name, JsonElement values, Func<string, bool> mayRead) =>
        await Find(workspaceId, app, name) is { } query ? await Run(workspaceId, app, query, values, mayRead) : null;

    public async Task<JsonElement> Run(string workspaceId, string app, CloudQuery query, JsonElement values, Func<string, bool> mayRead)
    {
        var asked = query.Db ?? app;
        if (asked != app && !mayRead(asked))
        {
            throw new Fault(403, "PERMISSION_DENIED", $"The query {query.Name} asks the app {asked}, which the caller may not read")
            {
                Hint = $"An admin of the workspace can grant the role editor on db/{asked}.",
            };
        }

        return (await runner.Run(workspaceId, asked, QuerySource.Bind(query.Whole, values), query.Scope)).Value;
    }

    public static async ValueTask<bool> Has(SqlSession session, App app, string name) =>
        await session.Scalar<string>("select name from cloud_queries where app_id = $1 and name = $2", app.Id, name) is not null;

    public static async ValueTask<List<CloudQuery>> List(SqlSession session, App app) => await session.Query(
        $"select {Columns} from cloud_queries q where q.app_id = $1 order by q.name", Read, app.Id);

    /// <summary>The same within a transaction of others, such as an installation.</summary>
    public static async ValueTask Save(SqlSession session, App app, CloudQuery query)
    {
        if (await session.Scalar<long>("select count(*) from cloud_queries where app_id = $1 and name <> $2", app.Id, query.Name)
            >= CloudQuery.CountMax)
        {
            throw Fault.Conflict("TOO_MANY_QUERIES", $"An app keeps at most {CloudQuery.CountMax} queries",
                "Delete one that is not needed any more.");
        }

        await session.Execute("delete from cloud_queries where app_id = $1 and name = $2", app.Id, query.Name);
        await session.Execute("""
            insert into cloud_queries (app_id, name, ast, source, db, skip, row_limit, include_superseded, include_deleted, created_at, created_by)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """, app.Id, query.Name, AstWriter.Write(query.Query), QueryPrinter.Print(query.Query), query.Db, query.Skip, query.Limit,
            query.IncludeSuperseded, query.IncludeDeleted, query.CreatedAt, query.CreatedBy);
    }

    private static Fault NotFound() => Fault.NotFound("Query");

    private static CloudQuery Read(DbDataReader row) => new(row.GetString(0), QuerySource.Read(row.GetString(1)), row.Text(2),
        row.Long(3), row.Long(4), row.GetBoolean(5), row.GetBoolean(6), row.GetInt64(7), row.GetString(8));
}
