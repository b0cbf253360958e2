using System.Text.Json;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Queries;
using Remix.Platform.Data;

namespace Remix.AgentCloud.Tapes;

/// <summary>An app's cloud queries on their way out and in, as they were registered.</summary>
internal static class TapeQueries
{
    public const string Name = "queries.json";

    public static async ValueTask<List<TapeQuery>> All(SqlSession session, App app)
    {
        var queries = await CloudQueries.List(session, app);
        queries.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return queries.ConvertAll(query => new TapeQuery(query.Name,
            JsonSerializer.Deserialize<JsonElement>(AstWriter.Write(query.Query), Tape.Options), QueryPrinter.Print(query.Query),
            query.Db, query.Skip, query.Limit, query.IncludeSuperseded, query.IncludeDeleted, query.CreatedAt, query.CreatedBy));
    }

    /// <summary>The query of the tape; what it cannot be is a <see cref="TapeException"/>.</summary>
    public static CloudQuery Checked(TapeQuery query)
    {
        _ = TapeFacts.At(query.CreatedAt);
        var (read, issues) = query.Ast.ValueKind == JsonValueKind.Undefined ? throw new TapeException($"{query.Name} has no ast")
            : QuerySource.TryRead(query.Ast);
        return !CloudNames.IsName(query.Name) ? throw new TapeException($"A query's name is {CloudNames.Rule}")
            : issues.Count > 0 ? throw new TapeException($"{query.Name}: {issues[0].Message}")
            : query.Db is { } db && !CloudNames.IsName(db) ? throw new TapeException($"{query.Name}: an app's name is {CloudNames.Rule}")
            : query.Skip is < 0 or > Query.SkipMax || query.Limit is < 0 or > Query.RowsMax
                ? throw new TapeException($"{query.Name}: skip or limit is out of bounds")
            : new CloudQuery(query.Name, read, query.Db, query.Skip, query.Limit, query.IncludeSuperseded, query.IncludeDeleted, query.CreatedAt,
                TapeFacts.By(query.CreatedBy));
    }
}
