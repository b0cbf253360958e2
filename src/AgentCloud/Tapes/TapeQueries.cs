using System.Text.Json;
using Remix.AgentCloud.Apps;
using Remix.Platform.Data;

namespace Remix.AgentCloud.Tapes;

/// <summary>An app's cloud queries on their way out and in, as they were registered.</summary>
internal static class TapeQueries
{
    public static async ValueTask<List<TapeQuery>> All(SqlSession session, App app)
    {
        var queries = await session.Query("""
            select name, ast, source, db, skip, row_limit, include_superseded, include_deleted, created_at, created_by
            from cloud_queries where app_id = $1 order by name
            """, row => new TapeQuery(row.GetString(0), JsonSerializer.Deserialize<JsonElement>(row.GetString(1)), row.GetString(2), row.Text(3),
            row.Long(4), row.Long(5), row.GetBoolean(6), row.GetBoolean(7), row.GetInt64(8), row.GetString(9)), app.Id);
        queries.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return queries;
    }

    public static async ValueTask Add(SqlSession session, App app, TapeQuery query) => await session.Execute("""
        insert into cloud_queries (app_id, name, ast, source, db, skip, row_limit, include_superseded, include_deleted, created_at, created_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """, app.Id, query.Name, Platform.Http.RemixJson.Text(query.Ast), query.Source, query.Db, query.Skip, query.Limit, query.IncludeSuperseded,
        query.IncludeDeleted, query.CreatedAt, query.CreatedBy);
}
