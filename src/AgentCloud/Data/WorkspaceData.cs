using System.Collections.Concurrent;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Settings;

namespace Remix.AgentCloud.Data;

/// <summary>
/// Where a workspace's content lies: with SQLite a file of its own with its own write lane, on PostgreSQL the server's
/// database. A file is opened when it is first needed, made and migrated if need be, and closed when nobody used it for a
/// while or others need its place.
/// </summary>
internal sealed class WorkspaceData : IAsyncDisposable
{
    public const string MigrationsFolder = "workspace";

    /// <summary>How many files are open at once: each costs a thread and a few megabytes.</summary>
    public const int OpenMax = 100;

    private static readonly TimeSpan IdleMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(10);

    private readonly Database main;
    private readonly Migrations migrations;
    private readonly OpenFiles? files;
    private readonly ITimer? idle;
    private readonly ConcurrentDictionary<string, long> writes = new(StringComparer.Ordinal);

    public WorkspaceData(Database main, Migrations migrations, RemixSettings settings, TimeProvider clock)
        : this(main, migrations, settings, clock, OpenMax)
    {
    }

    internal WorkspaceData(Database main, Migrations migrations, RemixSettings settings, TimeProvider clock, int openMax)
    {
        (this.main, this.migrations) = (main, migrations);
        if (main.Kind.IsSqlite)
        {
            Folder = Path.Combine(settings.DataDirectory, "cloud");
            files = new OpenFiles(Open, openMax, WaitMax, clock);
            idle = clock.CreateTimer(_ => files.CloseIdle(IdleMax), null, IdleMax, IdleMax);
        }
    }

    /// <summary>Where the files lie; null on PostgreSQL.</summary>
    public string? Folder { get; }

    public DatabaseKind Kind => main.Kind;

    /// <summary>The tables whose rows belong to an app.</summary>
    public IReadOnlyList<string> AppTables => field ??= migrations.TablesWith(MigrationsFolder, "app_id");

    /// <summary>How many files are open now.</summary>
    public int OpenCount => files?.Count ?? 0;

    public Task<T> Read<T>(string workspaceId, Func<SqlSession, ValueTask<T>> work) =>
        Use(workspaceId, database => database.Read(work));

    /// <summary>Reads what one moment looked like, for at most so long.</summary>
    public Task<T> ReadWithin<T>(string workspaceId, TimeSpan limit, Func<SqlSession, ValueTask<T>> work) =>
        Use(workspaceId, database => database.ReadWithin(limit, work));

    /// <summary>One transaction in the workspace's content; durable when it completes.</summary>
    public async Task<T> Write<T>(string workspaceId, Func<SqlSession, ValueTask<T>> work)
    {
        try
        {
            return await Use(workspaceId, database => database.Write(work));
        }
        finally
        {
            writes.AddOrUpdate(workspaceId, 1, (_, count) => count + 1);
        }
    }

    /// <summary>How often this process wrote to the workspace: what was read before the number changed may be out of date.</summary>
    public long WritesTo(string workspaceId) => writes.GetValueOrDefault(workspaceId);

    public Task Write(string workspaceId, Func<SqlSession, ValueTask> work) => Write<bool>(workspaceId, async session =>
    {
        await work(session);
        return true;
    });

    /// <summary>Removes all content. The row in the catalogue goes first; what comes for the workspace later is 404.</summary>
    public async Task Delete(string workspaceId)
    {
        Check(workspaceId);
        if (files is not null)
        {
            await files.Close(workspaceId);
            foreach (var suffix in new[] { "-wal", "-shm", "" })
            {
                File.Delete(PathOf(workspaceId) + suffix);
            }

            return;
        }

        await main.Write(async session =>
        {
            foreach (var table in AppTables)
            {
                await session.Execute($"delete from {table} where app_id in (select id from cloud_apps where workspace_id = $1)", workspaceId);
            }

            foreach (var table in migrations.TablesWith(MigrationsFolder, "workspace_id"))
            {
                await session.Execute($"delete from {table} where workspace_id = $1", workspaceId);
            }
        });
    }

    /// <summary>Every workspace that has content, so that what the catalogue does not name can be removed.</summary>
    public async Task<IReadOnlyList<string>> Stored() => Folder is null
        ? await main.Read(session => session.Query("select distinct workspace_id from cloud_apps", row => row.GetString(0)))
        : Directory.Exists(Folder) ? [.. Directory.EnumerateFiles(Folder, "*.db").Select(file => Path.GetFileNameWithoutExtension(file))] : [];

    public async ValueTask DisposeAsync()
    {
        if (idle is not null)
        {
            await idle.DisposeAsync();
            await files!.DisposeAsync();
        }
    }

    private async Task<T> Use<T>(string workspaceId, Func<Database, Task<T>> work)
    {
        Check(workspaceId);
        if (files is null)
        {
            return await work(main);
        }

        var file = await files.Take(workspaceId);
        try
        {
            return await work(await file.Database);
        }
        finally
        {
            files.Release(file);
        }
    }

    private async Task<Database> Open(string workspaceId)
    {
        var database = Database.OfFile(PathOf(workspaceId));
        try
        {
            await migrations.Apply(database, MigrationsFolder);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    private string PathOf(string workspaceId) => Path.Combine(Folder!, workspaceId + ".db");

    private static void Check(string workspaceId)
    {
        if (workspaceId.Length != 32 || workspaceId.AsSpan().IndexOfAnyExcept("0123456789abcdef") >= 0)
        {
            throw new ArgumentException("A workspace's id is 32 hexadecimal digits.", nameof(workspaceId));
        }
    }
}
