using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using Remix.Platform.Settings;
using SQLitePCL;

namespace Remix.Platform.Data;

/// <summary>
/// The database, whichever it is: sessions to read with, transactions to write in. A write is durable when its task
/// completes. On SQLite all writes share the <see cref="WriteLane"/>; on PostgreSQL they run side by side.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    /// <summary>So many steps of SQLite's machine lie between two looks at the clock: less than a millisecond.</summary>
    private const int StepsBetweenLooks = 10_000;

    private int idleReadersMax = 16;
    private readonly NpgsqlDataSource? postgres;
    private readonly WriteLane? lane;
    private readonly ConcurrentBag<SqlSession> idleReaders = [];
    private readonly int poolMax;
    private int open;
    private int openPeak;

    public Database(RemixSettings settings)
    {
        if (settings.Database is { } connection)
        {
            Kind = DatabaseKind.Postgres;
            poolMax = settings.DatabasePoolMax;
            var builder = new NpgsqlConnectionStringBuilder(connection)
            {
                MaxPoolSize = settings.DatabasePoolMax,
                MaxAutoPrepare = 200,
                AutoPrepareMinUsages = 2,
                NoResetOnClose = true,
                ApplicationName = "remix",
            };
            ConnectionString = builder.ConnectionString;
            postgres = NpgsqlDataSource.Create(builder);
            return;
        }

        SqliteStatement.Configure();
        (Kind, ConnectionString) = (DatabaseKind.Sqlite, FileIn(settings.DataDirectory, "remix.db"));
        lane = new WriteLane(OpenWriter("full", 32_000, 4000));
    }

    /// <summary>
    /// A file beside the database, for what can be made again from it: what was written last may be missing after a power
    /// cut, so that its writing never waits for the disk. And it stands back behind all other work.
    /// </summary>
    internal Database(string file) : this(file, "normal", 32_000, 4000, standsBack: true)
    {
    }

    private Database(string file, string synchronous, int cacheKb, int checkpointPages, bool standsBack = false)
    {
        (Kind, ConnectionString) = (DatabaseKind.Sqlite, FileIn(Path.GetDirectoryName(file)!, Path.GetFileName(file)));
        lane = new WriteLane(OpenWriter(synchronous, cacheKb, checkpointPages), standsBack);
    }

    /// <summary>
    /// A file with a write lane of its own, as durable as the database itself; one of many that are open at once, so that
    /// it keeps little in memory.
    /// </summary>
    public static Database OfFile(string file)
    {
        var isNew = !File.Exists(file);
        var opened = new Database(file, "full", 4000, 1000) { idleReadersMax = 2 };
        if (isNew)
        {
            Blobs.DiskSync.Directory(Path.GetDirectoryName(file)!);
        }

        return opened;
    }

    private static string FileIn(string directory, string name)
    {
        Directory.CreateDirectory(directory);
        return new SqliteConnectionStringBuilder { DataSource = Path.Combine(directory, name), ForeignKeys = true, DefaultTimeout = 30 }.ConnectionString;
    }

    public DatabaseKind Kind { get; }

    public string ConnectionString { get; }

    /// <summary>For connections that are kept here, and so need no pool.</summary>
    private string OwnConnectionString => ConnectionString + ";Pooling=False";

    internal NpgsqlDataSource? Postgres => postgres;

    /// <summary>A connection of one's own, closed: EF opens it when it needs it.</summary>
    internal DbConnection CreateConnection() => postgres is null ? new PooledSqliteConnection(ConnectionString) : CreatePostgresConnection();

    public async Task<T> Read<T>(Func<SqlSession, ValueTask<T>> work)
    {
        if (postgres is not null)
        {
            await using var session = await OpenPostgres();
            return await work(session);
        }

        var reader = idleReaders.TryTake(out var idle) ? idle : new SqlSession(await OpenReader(), Kind);
        try
        {
            return await work(reader);
        }
        finally
        {
            if (idleReaders.Count < idleReadersMax)
            {
                idleReaders.Add(reader);
            }
            else
            {
                await reader.DisposeAsync();
            }
        }
    }

    /// <summary>
    /// Reads what one moment looked like, for at most so long: then the database gives up, and
    /// <see cref="DatabaseKind.IsOutOfTime"/> knows the exception.
    /// </summary>
    public Task<T> ReadWithin<T>(TimeSpan limit, Func<SqlSession, ValueTask<T>> work) => Read(async session =>
    {
        if (postgres is null)
        {
            return await ReadWithin(session, limit, work);
        }

        await using var transaction = await session.Connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        session.Transaction = transaction;
        // A question that is bounded is worth one process: to start more takes longer than most of them, and others wait for those.
        await session.Execute("select set_config('statement_timeout', $1, true), set_config('max_parallel_workers_per_gather', '0', true)",
            ((long)limit.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        return await work(session);
    });

    private static async ValueTask<T> ReadWithin<T>(SqlSession session, TimeSpan limit, Func<SqlSession, ValueTask<T>> work)
    {
        var handle = ((SqliteConnection)session.Connection).Handle;
        var started = Stopwatch.GetTimestamp();
        await session.Execute("begin");
        raw.sqlite3_progress_handler(handle, StepsBetweenLooks, _ => Stopwatch.GetElapsedTime(started) > limit ? 1 : 0, null);
        try
        {
            return await work(session);
        }
        finally
        {
            raw.sqlite3_progress_handler(handle, 0, null, null);
            await session.Execute("rollback");
        }
    }

    /// <param name="canWait">Whether the caller has something else to do meanwhile: then the write may wait a moment for others,
    /// with which it shares a commit.</param>
    public Task<T> Write<T>(Func<SqlSession, ValueTask<T>> work, bool canWait = false) =>
        lane is null ? WriteToPostgres(work) : lane.Run(work, canWait);

    public Task Write(Func<SqlSession, ValueTask> work, bool canWait = false) => Write<bool>(async session =>
    {
        await work(session);
        return true;
    }, canWait);

    private async Task<T> WriteToPostgres<T>(Func<SqlSession, ValueTask<T>> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnce(work);
            }
            catch (Exception e) when (attempt < 3 && DatabaseKind.IsTransient(e))
            {
                await Task.Delay(Random.Shared.Next(5, 40));
            }
        }
    }

    private async Task<T> WriteOnce<T>(Func<SqlSession, ValueTask<T>> work)
    {
        List<Action>? afterCommit;
        T result;
        await using (var session = await OpenPostgres())
        {
            await using var transaction = await session.Connection.BeginTransactionAsync();
            session.Transaction = transaction;
            result = await work(session);
            await session.FlushTallies();
            await transaction.CommitAsync();
            afterCommit = session.TakeAfterCommit();
        }

        foreach (var action in afterCommit ?? [])
        {
            action();
        }

        return result;
    }

    private SqliteConnection OpenWriter(string synchronous, int cacheKb, int checkpointPages)
    {
        var connection = new SqliteConnection(OwnConnectionString);
        connection.Open();
        Pragma(connection, $"pragma busy_timeout = 30000; pragma journal_mode = wal; pragma synchronous = {synchronous}; "
            + $"pragma wal_autocheckpoint = {checkpointPages}; pragma cache_size = -{cacheKb}; pragma temp_store = memory; "
            + $"pragma journal_size_limit = {16_384 * checkpointPages}");
        return connection;
    }

    private async Task<SqliteConnection> OpenReader()
    {
        var connection = new SqliteConnection(OwnConnectionString);
        await connection.OpenAsync();

        // SQLite's own knows no letters beyond ASCII, so that a search for Ärger would not even find Ärger.
        connection.CreateFunction("lower", (string? text) => text?.ToLowerInvariant(), isDeterministic: true);
        Pragma(connection, "pragma query_only = on; pragma mmap_size = 268435456");
        return connection;
    }

    private static void Pragma(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Connections in use, kept idle, and allowed, for /ready and the metrics.</summary>
    public (int Active, int Idle, int Max) Pool() => postgres is null
        ? (1, idleReaders.Count, idleReadersMax + 1)
        : (open, Math.Max(0, openPeak - open), poolMax);

    private void Count(object sender, System.Data.StateChangeEventArgs change)
    {
        if (change.CurrentState == System.Data.ConnectionState.Open)
        {
            openPeak = Math.Max(openPeak, Interlocked.Increment(ref open));
        }
        else if (change.OriginalState == System.Data.ConnectionState.Open)
        {
            Interlocked.Decrement(ref open);
        }
    }

    private NpgsqlConnection CreatePostgresConnection()
    {
        var connection = postgres!.CreateConnection();
        connection.StateChange += Count;
        return connection;
    }

    private async Task<SqlSession> OpenPostgres()
    {
        var connection = CreatePostgresConnection();
        await connection.OpenAsync();
        return new SqlSession(connection, Kind);
    }

    public async ValueTask DisposeAsync()
    {
        if (lane is not null)
        {
            await lane.DisposeAsync();
        }

        while (idleReaders.TryTake(out var reader))
        {
            await reader.DisposeAsync();
        }

        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }
        else
        {
            SqliteConnection.ClearPool(new SqliteConnection(ConnectionString));
        }
    }
}
