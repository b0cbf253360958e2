using Remix.AgentCloud.Agents;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Queries;
using Remix.Platform.Data;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Files;

/// <summary>An app's files inside a transaction of the workspace's database; it alone writes their table.</summary>
internal static class FileTree
{
    public static ValueTask<AppFile?> Find(SqlSession session, App app, string path) => session.First(
        $"select {AppFile.Columns} from cloud_files where app_id = $1 and path = $2", AppFile.Read, app.Id, path);

    /// <summary>All files, by their paths.</summary>
    public static ValueTask<List<AppFile>> All(SqlSession session, App app) => session.Query(
        $"select {AppFile.Columns} from cloud_files where app_id = $1 order by path", AppFile.Read, app.Id);

    public static ValueTask<long> Count(SqlSession session, App app) =>
        session.Scalar<long>("select count(*) from cloud_files where app_id = $1", app.Id);

    /// <summary>Puts the file at its path, over the one that is there.</summary>
    public static async ValueTask Set(SqlSession session, App app, AppFile file) => await session.Execute($"""
        insert into cloud_files (app_id, parent, {AppFile.Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        on conflict (app_id, path) do update set sha256 = excluded.sha256, size = excluded.size, url = excluded.url,
            metadata = excluded.metadata, created_at = excluded.created_at, created_by = excluded.created_by,
            modified_at = excluded.modified_at, modified_by = excluded.modified_by
        """, app.Id, AppFilePath.Parent(file.Path), file.Path, file.Sha256, file.Size, file.Url, file.Metadata, file.CreatedAt,
        file.CreatedBy, file.ModifiedAt, file.ModifiedBy);

    public static async ValueTask<bool> Remove(SqlSession session, App app, string path) =>
        await session.Execute("delete from cloud_files where app_id = $1 and path = $2", app.Id, path) > 0;

    public static async ValueTask<bool> IsFolder(SqlSession session, App app, string path) => path == AppFilePath.Root
        || await session.Scalar<string>("select path from cloud_files where app_id = $1 and path > $2 and path < $3 limit 1",
            app.Id, AppFilePath.Inside(path), AppFilePath.After(AppFilePath.Inside(path))) is not null;

    /// <summary>409 when a file of this path would be in the way of others: no file is also a folder, no agent a query.</summary>
    public static async ValueTask RequirePlace(SqlSession session, App app, string path)
    {
        if (AgentDefinition.NameOf(path) is { } agent && await CloudQueries.Has(session, app, agent))
        {
            throw Fault.Conflict("NAME_TAKEN", $"{path} would be an agent, and the app {app.Name} keeps a query {agent}, which is run by that name",
                $"Name the agent otherwise, or delete the query first: DELETE /query/WS/{app.Name}/{agent}");
        }

        if (await IsFolder(session, app, path))
        {
            throw Fault.Conflict("PATH_IS_FOLDER", $"{path} is a folder", "Choose another name for the file.");
        }

        foreach (var folder in AppFilePath.Folders(path))
        {
            if (await session.Scalar<string>("select path from cloud_files where app_id = $1 and path = $2", app.Id, folder) is not null)
            {
                throw Fault.Conflict("PATH_IS_FILE", $"{folder} is a file, and so no folder", "Choose another folder, or delete the file.");
            }
        }
    }

    public static async ValueTask RequireRoom(SqlSession session, App app)
    {
        if (await Count(session, app) >= AppFile.CountMax)
        {
            throw Fault.Conflict("TOO_MANY_FILES", $"An app has at most {AppFile.CountMax} files", "Delete those that are not needed.");
        }
    }

    /// <summary>What lies directly in the folder, after the given path: folders have no file.</summary>
    public static async ValueTask<List<FolderEntry>> List(SqlSession session, App app, string folder, string after, int count)
    {
        var inside = AppFilePath.Inside(folder);
        var files = await session.Query($"""
            select {AppFile.Columns} from cloud_files where app_id = $1 and parent = $2 and path > $3 order by path limit $4
            """, AppFile.Read, app.Id, folder, after, count);
        var below = await session.Query("""
            select distinct parent from cloud_files where app_id = $1 and parent > $2 and parent < $3
            """, row => row.GetString(0), app.Id, folder == AppFilePath.Root ? folder : inside, AppFilePath.After(inside));
        var folders = below.Select(path => inside + path[inside.Length..].Split('/')[0]).Distinct(StringComparer.Ordinal)
            .Where(path => string.CompareOrdinal(path, after) > 0);
        return [.. folders.Select(path => new FolderEntry(path, null)).Concat(files.Select(file => new FolderEntry(file.Path, file)))
            .OrderBy(entry => entry.Path, StringComparer.Ordinal).Take(count)];
    }
}

/// <summary>One line of a folder's list.</summary>
/// <param name="File">Null when it is a folder itself.</param>
internal sealed record FolderEntry(string Path, AppFile? File);
