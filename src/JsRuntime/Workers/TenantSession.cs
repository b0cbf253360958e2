using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Remix.JsRuntime.Workers;

/// <summary>A transaction on a tenant's file; what was not committed did not happen.</summary>
internal sealed class TenantSession : IDisposable
{
    private readonly SqliteConnection connection;

    public TenantSession(SqliteConnection connection, bool writes)
    {
        this.connection = connection;
        Run(writes ? "begin immediate" : "begin");
    }

    public void Run(string sql, params object?[] arguments)
    {
        using var command = Command(connection, sql, arguments);
        command.ExecuteNonQuery();
    }

    public List<T> Rows<T>(string sql, Func<SqliteDataReader, T> read, params object?[] arguments)
    {
        using var command = Command(connection, sql, arguments);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public void Commit() => Run("commit");

    public void Dispose() => connection.Dispose();

    /// <summary>A statement whose arguments are named <c>$1</c> and on.</summary>
    public static SqliteCommand Command(SqliteConnection connection, string sql, params object?[] arguments)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < arguments.Length; i++)
        {
            command.Parameters.AddWithValue($"${(i + 1).ToString(CultureInfo.InvariantCulture)}", arguments[i] ?? DBNull.Value);
        }

        return command;
    }
}
