using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Remix.JsRuntime.Workers;

/// <summary>A SQLite file of one tenant: bounded in size, and deaf to whatever reaches beyond it.</summary>
internal sealed class TenantDatabase(string path)
{
    private const int PageBytes = 4096;
    private const long BytesMax = 1024L * 1024 * 1024;
    private const int ValueBytesMax = 32 * 1024 * 1024;

    // Of sqlite3_limit: the longest value, the longest statement, the deepest expression, attached databases.
    private const int LimitLength = 0, LimitStatement = 1, LimitDepth = 3, LimitAttached = 7;
    private const int StepsBetweenLooks = 10_000;

    /// <summary>Opens it; the caller's statements end when <paramref name="stop"/> is cancelled.</summary>
    public SqliteConnection Open(CancellationToken stop)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 10 };
        var connection = new SqliteConnection(settings.ToString());
        connection.Open();
        Run(connection, $"pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma trusted_schema = off; "
            + $"pragma max_page_count = {BytesMax / PageBytes}");
        var database = connection.Handle!;
        raw.sqlite3_limit(database, LimitLength, ValueBytesMax);
        raw.sqlite3_limit(database, LimitStatement, 1024 * 1024);
        raw.sqlite3_limit(database, LimitDepth, 200);
        raw.sqlite3_limit(database, LimitAttached, 0);
        raw.sqlite3_progress_handler(database, StepsBetweenLooks, _ => stop.IsCancellationRequested ? 1 : 0, null);
        return connection;
    }

    /// <summary>Opens it for one transaction.</summary>
    public TenantSession Begin(bool writes) => new(Open(CancellationToken.None), writes);

    public static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
