using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Remix.Platform.Data;

/// <summary>
/// One connection with its prepared commands. Arguments are positional: <c>$1, $2, …</c> in the text, the same on both
/// databases. On SQLite every call completes before it returns.
/// </summary>
public sealed class SqlSession(DbConnection connection, DatabaseKind kind) : IAsyncDisposable
{
    private const int CommandsMax = 200;

    private readonly Dictionary<string, DbCommand> commands = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SqliteStatement?> statements = new(StringComparer.Ordinal);
    private readonly Tallies tallies = new();
    private List<Action>? afterCommit;

    public DbConnection Connection { get; } = connection;

    public DatabaseKind Kind { get; } = kind;

    internal DbTransaction? Transaction { get; set; }

    /// <summary>What to do once the change is durable; forgotten when it is rolled back.</summary>
    public void AfterCommit(Action action) => (afterCommit ??= []).Add(action);

    internal List<Action>? TakeAfterCommit()
    {
        var taken = afterCommit;
        afterCommit = null;
        return taken;
    }

    /// <summary>
    /// Adds to a counter when the transaction ends: many additions to one row are one update then, and a row that everybody
    /// counts on is locked for a moment only.
    /// </summary>
    /// <param name="sql">An update that takes the amount as <c>$1</c> and its row as <c>$2</c>.</param>
    public void Tally(string sql, string row, long amount) => tallies.Add(sql, row, amount);

    /// <summary>The turn that added to the tallies is done, and they count.</summary>
    internal void KeepTallies() => tallies.Keep();

    internal void DropTallies() => tallies.Drop();

    internal void ForgetTallies() => tallies.Forget();

    internal async ValueTask FlushTallies()
    {
        foreach (var (sql, row, amount) in tallies.Take())
        {
            await Execute(sql, amount, row);
        }
    }

    /// <summary>Runs a statement and answers how many rows it changed.</summary>
    public ValueTask<int> Execute(string sql, params object?[] args) => Kind.IsSqlite && Statement(sql, args) is { } statement
        ? ValueTask.FromResult(statement.Execute(args))
        : new ValueTask<int>(Command(sql, args).ExecuteNonQueryAsync());

    /// <summary>Two numbers of the first row that a statement returns; null when it returns none.</summary>
    public ValueTask<(long First, long Second)?> Numbers(string sql, params object?[] args)
    {
        if (!Kind.IsSqlite || Statement(sql, args) is not { } statement)
        {
            return ReadNumbers(Command(sql, args));
        }

        Span<long> row = stackalloc long[2];
        return ValueTask.FromResult<(long, long)?>(statement.Numbers(args, row) ? (row[0], row[1]) : null);
    }

    private static async ValueTask<(long First, long Second)?> ReadNumbers(DbCommand command)
    {
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? (reader.GetInt64(0), reader.GetInt64(1)) : null;
    }

    private SqliteStatement? Statement(string sql, object?[] args)
    {
        if (!SqliteStatement.Takes(args))
        {
            return null;
        }

        if (!statements.TryGetValue(sql, out var statement))
        {
            if (statements.Count >= CommandsMax)
            {
                Forget();
            }

            statements.Add(sql, statement = SqliteStatement.Prepare((SqliteConnection)Connection, sql, args.Length));
        }

        return statement;
    }

    /// <summary>The first column of the first row; default when there is none or it is null.</summary>
    public async ValueTask<T?> Scalar<T>(string sql, params object?[] args)
    {
        var command = Command(sql, args);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() && !reader.IsDBNull(0) ? reader.GetFieldValue<T>(0) : default;
    }

    public async ValueTask<List<T>> Query<T>(string sql, Func<DbDataReader, T> row, params object?[] args)
    {
        var command = Command(sql, args);
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    public async ValueTask<T?> First<T>(string sql, Func<DbDataReader, T> row, params object?[] args) where T : class
    {
        var command = Command(sql, args);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? row(reader) : null;
    }

    private DbCommand Command(string sql, object?[] args)
    {
        if (!commands.TryGetValue(sql, out var command))
        {
            if (commands.Count >= CommandsMax)
            {
                Forget();
            }

            command = Connection.CreateCommand();
            command.CommandText = sql;
            commands.Add(sql, command);
            for (var i = 0; i < args.Length; i++)
            {
                command.Parameters.Add(Kind.Parameter(i + 1, args[i]));
            }
        }
        else
        {
            for (var i = 0; i < args.Length; i++)
            {
                // A kept parameter keeps the type of its first value on PostgreSQL, so it is made anew there.
                if (Kind.IsSqlite)
                {
                    command.Parameters[i].Value = args[i] ?? DBNull.Value;
                }
                else
                {
                    command.Parameters[i] = Kind.Parameter(i + 1, args[i]);
                }
            }
        }

        command.Transaction = Transaction;
        return command;
    }

    private void Forget()
    {
        foreach (var command in commands.Values)
        {
            command.Dispose();
        }

        commands.Clear();
        foreach (var statement in statements.Values)
        {
            statement?.Dispose();
        }

        statements.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        Forget();
        await Connection.DisposeAsync();
    }
}

/// <summary>Reading columns without ceremony.</summary>
public static class DbDataReaderExtensions
{
    public static string? Text(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static long? Long(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
}
