using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Remix.Platform.Data;

/// <summary>
/// A prepared statement that answers no rows, bound and run on SQLite itself: on the write lane, what ADO.NET adds to a
/// short insert (a reader, parameters looked up by name) costs as much as the insert.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;

    /// <summary>Where <c>$1, $2, …</c> are bound; 0 for one that the text does not name.</summary>
    private readonly int[] places;

    private SqliteStatement(sqlite3 database, sqlite3_stmt statement, int arguments)
    {
        (this.database, this.statement) = (database, statement);
        places = [.. Enumerable.Range(1, arguments).Select(i => raw.sqlite3_bind_parameter_index(statement, "$" + i))];
    }

    /// <summary>Settles, before the first connection, what every connection shares.</summary>
    public static void Configure()
    {
        Batteries_V2.Init();

        // A connection is used by one thread at a time here, so it needs no lock of its own; and nobody reads the
        // allocator's statistics, for which every allocation would take a lock that all threads share.
        raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    /// <summary>Null when the text is more than one statement.</summary>
    public static SqliteStatement? Prepare(SqliteConnection connection, string sql, int arguments)
    {
        var database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT,
            out var statement, out var tail), database);
        if (string.IsNullOrWhiteSpace(tail))
        {
            return new SqliteStatement(database, statement, arguments);
        }

        statement.Dispose();
        return null;
    }

    /// <summary>Whether all of them are of kinds that can be bound here.</summary>
    public static bool Takes(object?[] args) => args.All(static arg => arg is null or string or long or int or bool or Guid
        or double or byte[] or DBNull);

    /// <summary>Runs it to its end; answers how many rows it changed.</summary>
    public int Execute(object?[] args)
    {
        Bind(args);
        int answer;
        do
        {
            answer = raw.sqlite3_step(statement);
        }
        while (answer == raw.SQLITE_ROW);

        Finish(answer);
        return raw.sqlite3_changes(database);
    }

    /// <summary>Runs it to its end; answers the first row, whose columns are numbers. False when there is none.</summary>
    public bool Numbers(object?[] args, Span<long> row)
    {
        Bind(args);
        var answer = raw.sqlite3_step(statement);
        var found = answer == raw.SQLITE_ROW;
        for (var i = 0; found && i < row.Length; i++)
        {
            row[i] = raw.sqlite3_column_int64(statement, i);
        }

        while (answer == raw.SQLITE_ROW)
        {
            answer = raw.sqlite3_step(statement);
        }

        Finish(answer);
        return found;
    }

    /// <summary>Makes it ready for the next time; the error of that is that of the step, told again.</summary>
    private void Finish(int answer)
    {
        var reset = raw.sqlite3_reset(statement);
        if (answer != raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(reset == raw.SQLITE_OK ? answer : reset, database);
        }
    }

    private void Bind(object?[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (places[i] > 0)
            {
                Bind(places[i], args[i]);
            }
        }
    }

    public void Dispose() => statement.Dispose();

    private void Bind(int place, object? value) => _ = value switch
    {
        string text => raw.sqlite3_bind_text(statement, place, text),
        long number => raw.sqlite3_bind_int64(statement, place, number),
        int number => raw.sqlite3_bind_int64(statement, place, number),
        bool truth => raw.sqlite3_bind_int64(statement, place, truth ? 1 : 0),

        // As Microsoft.Data.Sqlite writes it, which reads it back.
        Guid id => raw.sqlite3_bind_text(statement, place, id.ToString().ToUpperInvariant()),
        double number => raw.sqlite3_bind_double(statement, place, number),
        byte[] bytes => raw.sqlite3_bind_blob(statement, place, bytes),
        _ => raw.sqlite3_bind_null(statement, place),
    };
}
