using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Remix.Platform.Data;

/// <summary>Every difference between the two databases, in one place.</summary>
public sealed class DatabaseKind
{
    public static readonly DatabaseKind Sqlite = new("sqlite", new(StringComparer.Ordinal)
    {
        ["$serial"] = "integer primary key autoincrement",
        ["$uuid"] = "text",
        ["$bytes"] = "blob",
        ["$bool"] = "integer",
        ["$sorted_text"] = "text",
        ["$without_rowid"] = "without rowid",
        ["$visible_xid"] = "integer not null default 0",
    });

    public static readonly DatabaseKind Postgres = new("postgres", new(StringComparer.Ordinal)
    {
        ["$serial"] = "bigint generated always as identity primary key",
        ["$uuid"] = "uuid",
        ["$bytes"] = "bytea",
        ["$bool"] = "boolean",
        ["$sorted_text"] = "text collate \"C\"",
        ["$without_rowid"] = "",
        ["$visible_xid"] = "xid8 not null default pg_current_xact_id()",
    });

    private readonly Dictionary<string, string> words;

    private DatabaseKind(string name, Dictionary<string, string> words)
    {
        Name = name;
        this.words = words;
    }

    public string Name { get; }

    public bool IsSqlite => this == Sqlite;

    /// <summary>Appended to a select that claims rows for work.</summary>
    public string SkipLocked => IsSqlite ? "" : "for update skip locked";

    /// <summary>Where in a text another begins, counted from 1; 0 when it is not in it.</summary>
    public string Position(string text, string part) => IsSqlite ? $"instr({text}, {part})" : $"strpos({text}, {part})";

    /// <summary>
    /// Whether a text holds a pattern, whatever the case; <c>!</c> escapes. SQLite itself knows the case of ASCII only, but
    /// looks many times faster than with a function of ours.
    /// </summary>
    public string IsLike(string text, string argument, bool isAscii) => IsSqlite
        ? $"{(isAscii ? text : $"lower({text})")} like {argument} escape '!'" : $"{text} ilike {argument} escape '!'";

    /// <summary>Whether a number is among those that <see cref="Numbers"/> made an argument of.</summary>
    public string IsAmong(string column, string argument) => IsSqlite
        ? $"{column} in (select value from json_each({argument}))" : $"{column} = any({argument})";

    public object Numbers(IEnumerable<long> numbers) => IsSqlite ? $"[{string.Join(',', numbers)}]" : numbers.ToArray();

    /// <summary>The same for the few numbers that a select finds: they are found first, whatever else is asked.</summary>
    public string IsAmongFew(string column, string select) => IsSqlite ? $"{column} in ({select})" : $"{column} = any(array({select}))";

    /// <summary>
    /// The index by which a table is looked into. Without statistics SQLite takes one that it need not leave for the row, though it
    /// fits less of the condition and reads thousands of entries for one.
    /// </summary>
    public string By(string index) => IsSqlite ? $" indexed by {index}" : "";

    public string Migrated(string sql) => words.Aggregate(sql, (text, word) => text.Replace(word.Key, word.Value, StringComparison.Ordinal));

    public DbParameter Parameter(int position, object? value)
    {
        var bound = value ?? DBNull.Value;
        return IsSqlite ? new SqliteParameter("$" + position, bound) : new NpgsqlParameter { Value = bound };
    }

    public static bool IsUniqueViolation(Exception exception) => Cause(exception) switch
    {
        SqliteException e => e.SqliteExtendedErrorCode is 1555 or 2067,
        PostgresException e => e.SqlState == PostgresErrorCodes.UniqueViolation,
        _ => false,
    };

    /// <summary>A collision of two transactions that passes when the work is done again.</summary>
    public static bool IsTransient(Exception exception) => Cause(exception) is PostgresException
    {
        SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected,
    };

    /// <summary>The database cannot take writes now: disk full, unreachable, shutting down.</summary>
    public static bool IsUnavailable(Exception exception) => Cause(exception) switch
    {
        SqliteException e => e.SqliteErrorCode is 5 or 10 or 13 or 14,
        PostgresException e => e.SqlState is PostgresErrorCodes.DiskFull or PostgresErrorCodes.TooManyConnections
            or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CannotConnectNow
            || e.InvariantSeverity is "FATAL" or "PANIC",
        NpgsqlException => true,
        _ => false,
    };

    /// <summary>A read that took longer than <see cref="Database.ReadWithin"/> allowed.</summary>
    public static bool IsOutOfTime(Exception exception) => Cause(exception) is SqliteException { SqliteErrorCode: 9 }
        or PostgresException { SqlState: PostgresErrorCodes.QueryCanceled };

    /// <summary>A file that is no database, or one in disorder.</summary>
    public static bool IsDamaged(Exception exception) => Cause(exception) is SqliteException { SqliteErrorCode: 11 or 26 };

    private static Exception Cause(Exception exception) =>
        exception is Microsoft.EntityFrameworkCore.DbUpdateException { InnerException: { } inner } ? inner : exception;
}
