using System.Data.Common;
using Remix.AgentCloud.Data;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Apps;

/// <summary>
/// The apps of a workspace. To drop or replace one is to take its name away, at once and in one transaction; its content
/// is erased afterwards, piece by piece.
/// </summary>
internal sealed class CloudApps(WorkspaceData data, TimeProvider clock)
{
    /// <summary>The code of the refusal to create what is there.</summary>
    public const string Exists = "APP_EXISTS";

    private const int EraseRows = 2000;
    private const string Columns = "id, name, created_at, created_by, last_row, metadata, constants";

    /// <summary>Begins the names of apps that have none yet, or no longer: nobody can see them.</summary>
    private const string Nameless = App.Reserved + "nameless_";

    public async Task<App> Get(string workspaceId, string name) =>
        await data.Read(workspaceId, session => Find(session, workspaceId, name)) ?? throw NotFound();

    public Task<List<App>> List(string workspaceId) => data.Read(workspaceId, session => List(session, workspaceId));

    /// <summary>Creates an app; one of this name is 409.</summary>
    public Task<App> Create(string workspaceId, string name, string by) => data.Write(workspaceId, async session =>
        await Find(session, workspaceId, name) is null
            ? await Ensure(session, workspaceId, name, by, clock.NowMs())
            : throw Fault.Conflict(Exists, $"This workspace has an app {name} already"));

    /// <summary>Drops an app with all that it has; 404 when there is none.</summary>
    public async Task Delete(string workspaceId, string name)
    {
        if (!await data.Write(workspaceId, session => Drop(session, workspaceId, name)))
        {
            throw NotFound();
        }

        await Erase(workspaceId);
    }

    public Task SetMetadata(string workspaceId, string name, string? metadata, string? constants) => data.Write(workspaceId, async session =>
    {
        var app = await Find(session, workspaceId, name) ?? throw NotFound();
        await Describe(session, app, metadata ?? app.Metadata, constants ?? app.Constants);
    });

    public static async ValueTask<List<App>> List(SqlSession session, string workspaceId) => await session.Query(
        $"select {Columns} from cloud_apps where workspace_id = $1 and name not like '\\_rmx\\_%' escape '\\' order by name",
        Read, workspaceId);

    public static async ValueTask<App?> Find(SqlSession session, string workspaceId, string name) => App.IsName(name)
        ? await session.First($"select {Columns} from cloud_apps where workspace_id = $1 and name = $2", Read, workspaceId, name)
        : null;

    /// <summary>The app, made now when there is none.</summary>
    public static async ValueTask<App> Ensure(SqlSession session, string workspaceId, string name, string by, long now)
    {
        if (!App.IsName(name))
        {
            throw App.BadName("app", name);
        }

        if (await Find(session, workspaceId, name) is { } found)
        {
            return found;
        }

        if (await session.Scalar<long>("select count(*) from cloud_apps where workspace_id = $1", workspaceId) >= App.CountMax)
        {
            throw Fault.Conflict("TOO_MANY_APPS", $"A workspace has at most {App.CountMax} apps", "Delete one that is not needed any more.");
        }

        await Insert(session, workspaceId, name, by, now);
        return (await Find(session, workspaceId, name))!;
    }

    /// <summary>An app without a name, which nobody sees until <see cref="Name"/> gives it one.</summary>
    public static async ValueTask<App> CreateNameless(SqlSession session, string workspaceId, string by, long now)
    {
        var name = Nameless + Guid.NewGuid().ToString("n");
        await Insert(session, workspaceId, name, by, now);
        return (await session.First($"select {Columns} from cloud_apps where workspace_id = $1 and name = $2", Read, workspaceId, name))!;
    }

    /// <summary>Gives the app this name; who had it loses it, with all content.</summary>
    public static async ValueTask Name(SqlSession session, string workspaceId, App app, string name)
    {
        if (!App.IsName(name))
        {
            throw App.BadName("app", name);
        }

        await Drop(session, workspaceId, name);
        await session.Execute("update cloud_apps set name = $1 where workspace_id = $2 and id = $3", name, workspaceId, app.Id);
    }

    /// <summary>Takes the name away; <see cref="Erase"/> does the rest after the commit. False when there is no such app.</summary>
    public static async ValueTask<bool> Drop(SqlSession session, string workspaceId, string name) => App.IsName(name)
        && await session.Execute("update cloud_apps set name = $1 where workspace_id = $2 and name = $3",
            Nameless + Guid.NewGuid().ToString("n"), workspaceId, name) == 1;

    public static async ValueTask Describe(SqlSession session, App app, string metadata, string constants) =>
        await session.Execute("update cloud_apps set metadata = $1, constants = $2 where id = $3", metadata, constants, app.Id);

    /// <summary>Erases what nameless apps have, in steps that let others write in between. What a crash left goes the next time.</summary>
    public async Task Erase(string workspaceId)
    {
        var nameless = await data.Read(workspaceId, session => session.Query(
            "select id from cloud_apps where workspace_id = $1 and name like '\\_rmx\\_%' escape '\\'", row => row.GetInt64(0), workspaceId));
        foreach (var id in nameless)
        {
            while (await data.Write(workspaceId, session => EraseSome(session, id)))
            {
            }

            await data.Write(workspaceId, async session =>
            {
                foreach (var table in data.AppTables)
                {
                    await session.Execute($"delete from {table} where app_id = $1", id);
                }

                await session.Execute("delete from cloud_apps where id = $1", id);
            });
        }
    }

    private static async ValueTask<bool> EraseSome(SqlSession session, long id)
    {
        if (await session.Scalar<long?>("select min(row_no) from cloud_records where app_id = $1", id) is not { } first)
        {
            return false;
        }

        await session.Execute("delete from cloud_fields where app_id = $1 and row_no < $2", id, first + EraseRows);
        await session.Execute("delete from cloud_records where app_id = $1 and row_no < $2", id, first + EraseRows);
        return true;
    }

    private static async ValueTask Insert(SqlSession session, string workspaceId, string name, string by, long now) => await session.Execute(
        "insert into cloud_apps (workspace_id, name, created_at, created_by, last_row, last_at, metadata, constants) "
        + "values ($1, $2, $3, $4, 0, 0, '{}', '{}') on conflict do nothing", workspaceId, name, now, by);

    private static Fault NotFound() => Fault.NotFound("App");

    private static App Read(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetInt64(4),
        row.GetString(5), row.GetString(6));
}
