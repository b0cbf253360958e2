using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Remix.JsRuntime.Workers;

/// <summary>
/// A D1 database: a SQLite file of its own. Several statements at once are one transaction. The worker's SQL reaches its tables
/// and nothing else: no other file, no setting of the connection, no endless query.
/// </summary>
internal sealed class D1Database
{
    private const int RowsMax = 100_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Codes of sqlite3_set_authorizer, and its answers.
    private const int Attach = 24, Detach = 25, Pragma = 19, Transaction = 22, Savepoint = 32, Function = 31, Deny = 1;

    private static readonly HashSet<string> Pragmas = new(StringComparer.OrdinalIgnoreCase)
    {
        "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list", "foreign_key_check",
        "quick_check", "defer_foreign_keys", "optimize",
    };

    private readonly TenantDatabase database;
    private readonly SemaphoreSlim turn = new(1);

    public D1Database(string folder, string name) => database = new TenantDatabase(Path.Combine(folder, $"d1-{name}.db"));

    public async Task Answer(HttpContext context)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        var statements = body is JsonArray many ? many.Select(one => one!).ToList() : [body];
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        end.CancelAfter(Patience);
        await turn.WaitAsync(end.Token);
        try
        {
            var answer = Run(statements, context.Request.Query["resultsFormat"] == "NONE", end.Token);
            await context.Response.WriteAsJsonAsync(answer, end.Token);
        }
        catch (SqliteException e)
        {
            var message = end.IsCancellationRequested ? "the query took too long" : e.Message.Split("'", 2)[^1].TrimEnd('.', '\'');
            await context.Response.WriteAsJsonAsync(new JsonObject { ["success"] = false, ["error"] = $"{message}: SQLITE_ERROR" });
        }
        finally
        {
            turn.Release();
        }
    }

    private JsonArray Run(List<JsonNode> statements, bool isSilent, CancellationToken stop)
    {
        using var connection = database.Open(stop);
        TenantDatabase.Run(connection, "begin immediate");
        raw.sqlite3_set_authorizer(connection.Handle!, Allow, null);
        var results = new JsonArray();
        foreach (var statement in statements)
        {
            var parameters = statement["params"] is JsonArray given ? given.ToList() : [];
            for (var rest = (string)statement["sql"]!; !string.IsNullOrWhiteSpace(rest);)
            {
                if (Run(connection.Handle!, ref rest, parameters, isSilent) is { } result && (!isSilent || results.Count == 0))
                {
                    results.Add(result);
                }
            }
        }

        raw.sqlite3_set_authorizer(connection.Handle!, (strdelegate_authorizer?)null, null);
        TenantDatabase.Run(connection, "commit");
        return results;
    }

    private static int Allow(object user, int action, utf8z first, utf8z second, utf8z inner, utf8z trigger) => action switch
    {
        Attach or Detach or Transaction or Savepoint => Deny,
        Pragma => Pragmas.Contains(first.utf8_to_string()) ? 0 : Deny,
        Function => second.utf8_to_string() is "load_extension" or "fts3_tokenizer" or "writefile" or "readfile" ? Deny : 0,
        _ => 0,
    };

    private static JsonObject? Run(sqlite3 handle, ref string sql, List<JsonNode?> parameters, bool isSilent)
    {
        var began = Stopwatch.GetTimestamp();
        Check(raw.sqlite3_prepare_v2(handle, sql, out var statement, out sql), handle);
        using var owned = statement;
        if (statement.IsInvalid)
        {
            return null;
        }

        for (var i = 0; i < parameters.Count; i++)
        {
            Check(D1Values.Bind(statement, i + 1, parameters[i]), handle);
        }

        var before = raw.sqlite3_total_changes(handle);
        var columns = new JsonArray();
        for (var i = 0; i < raw.sqlite3_column_count(statement); i++)
        {
            columns.Add(raw.sqlite3_column_name(statement, i).utf8_to_string());
        }

        var rows = new JsonArray();
        int answer;
        while ((answer = raw.sqlite3_step(statement)) == raw.SQLITE_ROW && rows.Count < RowsMax)
        {
            if (!isSilent)
            {
                rows.Add(D1Values.Row(statement));
            }
        }

        Check(answer is 100 or 101 ? 0 : answer, handle);
        var changes = raw.sqlite3_total_changes(handle) - before;
        return new JsonObject
        {
            ["success"] = true,
            ["results"] = new JsonObject { ["columns"] = columns, ["rows"] = rows },
            ["meta"] = new JsonObject
            {
                ["served_by"] = "remix",
                ["duration"] = Stopwatch.GetElapsedTime(began).TotalMilliseconds,
                ["changes"] = changes,
                ["changed_db"] = changes > 0,
                ["last_row_id"] = raw.sqlite3_last_insert_rowid(handle),
                ["rows_read"] = rows.Count,
                ["rows_written"] = changes,
                ["size_after"] = 0,
            },
        };
    }

    private static void Check(int code, sqlite3 handle)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteException($"'{raw.sqlite3_errmsg(handle).utf8_to_string()}'", code);
        }
    }
}
