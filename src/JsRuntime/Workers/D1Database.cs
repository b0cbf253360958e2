using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Remix.JsRuntime.Workers;

/// <summary>
/// A D1 database: a SQLite file of its own. Several statements at once are one transaction. The worker's SQL reaches its tables
/// and nothing else: no other file, no setting of the connection, no endless query, no result that fills our memory.
/// </summary>
internal sealed class D1Database
{
    private const int RequestBytesMax = 16 * 1024 * 1024;
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
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = RequestBytesMax;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        end.CancelAfter(Patience);
        await turn.WaitAsync(end.Token);
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, default, end.Token);
            var statements = body.RootElement.ValueKind == JsonValueKind.Array ? [.. body.RootElement.EnumerateArray()]
                : new List<JsonElement> { body.RootElement };
            var isSilent = context.Request.Query["resultsFormat"] == "NONE";

            // SQLite works on the thread that calls it, for as long as a statement may take.
            await Tell(context, await Task.Run(() => Run(statements, isSilent, end.Token), end.Token));
        }
        catch (SqliteException e)
        {
            await Refuse(context, end.IsCancellationRequested ? "the query took too long" : e.Message.Split("'", 2)[^1].TrimEnd('.', '\''));
        }
        catch (BadHttpRequestException)
        {
            await Refuse(context, $"more than {RequestBytesMax} bytes at once");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            await Refuse(context, "the request is not understood");
        }
        finally
        {
            turn.Release();
        }
    }

    private ArrayBufferWriter<byte> Run(List<JsonElement> statements, bool isSilent, CancellationToken stop)
    {
        using var connection = database.Open(stop);
        TenantDatabase.Run(connection, "begin immediate");
        raw.sqlite3_set_authorizer(connection.Handle!, Allow, null);
        var answer = new D1Answer(isSilent);
        foreach (var statement in statements)
        {
            var parameters = statement.TryGetProperty("params", out var given) && given.ValueKind == JsonValueKind.Array
                ? given.EnumerateArray().ToList() : [];
            for (var rest = statement.GetProperty("sql").GetString(); !string.IsNullOrWhiteSpace(rest);)
            {
                Run(connection.Handle!, ref rest, parameters, answer);
            }
        }

        raw.sqlite3_set_authorizer(connection.Handle!, (strdelegate_authorizer?)null, null);
        TenantDatabase.Run(connection, "commit");
        return answer.End();
    }

    private static int Allow(object user, int action, utf8z first, utf8z second, utf8z inner, utf8z trigger) => action switch
    {
        Attach or Detach or Transaction or Savepoint => Deny,
        Pragma => Pragmas.Contains(first.utf8_to_string()) ? 0 : Deny,
        Function => second.utf8_to_string() is "load_extension" or "fts3_tokenizer" or "writefile" or "readfile" ? Deny : 0,
        _ => 0,
    };

    private static void Run(sqlite3 handle, ref string sql, List<JsonElement> parameters, D1Answer answer)
    {
        Check(raw.sqlite3_prepare_v2(handle, sql, out var statement, out sql), handle);
        using var owned = statement;
        if (statement.IsInvalid)
        {
            return;
        }

        for (var i = 0; i < parameters.Count; i++)
        {
            Check(D1Values.Bind(statement, i + 1, parameters[i]), handle);
        }

        var before = raw.sqlite3_total_changes(handle);
        answer.Begin(statement);
        int step;
        while ((step = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
        {
            if (!answer.Row(statement))
            {
                throw new SqliteException($"'the result is longer than {D1Answer.BytesMax} bytes'", raw.SQLITE_TOOBIG);
            }
        }

        Check(step == raw.SQLITE_DONE ? raw.SQLITE_OK : step, handle);
        answer.Finish(raw.sqlite3_total_changes(handle) - before, raw.sqlite3_last_insert_rowid(handle));
    }

    private static void Check(int code, sqlite3 handle)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteException($"'{raw.sqlite3_errmsg(handle).utf8_to_string()}'", code);
        }
    }

    private static Task Refuse(HttpContext context, string message) => context.Response.WriteAsJsonAsync(
        new Dictionary<string, object>(StringComparer.Ordinal) { ["success"] = false, ["error"] = $"{message}: SQLITE_ERROR" });

    private static Task Tell(HttpContext context, ArrayBufferWriter<byte> answer)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.WrittenCount;
        return context.Response.Body.WriteAsync(answer.WrittenMemory, context.RequestAborted).AsTask();
    }
}
