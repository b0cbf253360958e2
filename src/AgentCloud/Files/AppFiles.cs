using Microsoft.AspNetCore.Http;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Data;
using Remix.AgentCloud.Workspaces;
using Remix.Platform.Blobs;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Files;

/// <summary>The files of apps. Bytes go to the blob store first, then their name to the catalogue, then the row to the workspace.</summary>
internal sealed class AppFiles(WorkspaceData data, BlobStore blobs, NamedBlobs named, TimeProvider clock)
{
    public const int PageMax = 1000;

    /// <summary>Receives the bytes of a file that is to be; nothing names them yet.</summary>
    public async Task<Blob> Receive(Stream content, CancellationToken stop)
    {
        try
        {
            return await blobs.Put(content, AppFile.BytesMax, stop);
        }
        catch (BadHttpRequestException e)
        {
            throw Fault.BadRequest("UPLOAD_BROKEN", "The upload broke off", e.Message);
        }
    }

    /// <summary>Puts bytes at a path. What is there already is 409, unless it is to be overwritten.</summary>
    /// <param name="mayMakeApp">Whether an app that does not exist is made.</param>
    public async Task<(AppFile File, bool IsNew)> Put(string workspaceId, string app, string path, Blob blob, string by, bool force, bool mayMakeApp)
    {
        await named.Name(workspaceId, [blob.Sha256]);
        var now = clock.NowMs();
        return await Set(workspaceId, app, new AppFile(path, blob.Sha256, blob.Size, null, "{}", now, by, now, by), force, mayMakeApp);
    }

    /// <summary>Keeps the address of a file that lies elsewhere.</summary>
    public async Task<AppFile> Register(string workspaceId, string app, string path, string url, string metadata, string by, bool force,
        bool mayMakeApp)
    {
        var now = clock.NowMs();
        return (await Set(workspaceId, app, new AppFile(path, null, 0, url, metadata, now, by, now, by), force, mayMakeApp)).File;
    }

    /// <summary>The file; 404 when there is none.</summary>
    public async Task<AppFile> Get(string workspaceId, string app, string path) => await Find(workspaceId, app, path) ?? throw NotFound(path);

    /// <summary>The file; null when there is none, or no such app.</summary>
    public Task<AppFile?> Find(string workspaceId, string app, string path) => data.Read(workspaceId, async session =>
        await CloudApps.Find(session, workspaceId, app) is { } home ? await FileTree.Find(session, home, path) : null);

    /// <summary>The file, or else what is in the folder of this path; 404 when there is neither.</summary>
    public Task<FileOrFolder> Look(string workspaceId, string app, string path, string after, int count) =>
        data.Read(workspaceId, async session =>
        {
            var home = await CloudApps.Find(session, workspaceId, app) ?? throw WorkspaceScope.AppNotFound();
            if (path != AppFilePath.Root && await FileTree.Find(session, home, path) is { } file)
            {
                return new FileOrFolder(file, []);
            }

            return await FileTree.IsFolder(session, home, path)
                ? new FileOrFolder(null, await FileTree.List(session, home, path, after, count))
                : throw NotFound(path);
        });

    public Task Delete(string workspaceId, string app, string path) => data.Write(workspaceId, async session =>
    {
        var home = await CloudApps.Find(session, workspaceId, app) ?? throw WorkspaceScope.AppNotFound();
        if (!await FileTree.Remove(session, home, path))
        {
            throw await NoFile(session, home, path);
        }
    });

    /// <summary>Gives the file another path, at which there must be none.</summary>
    public Task<AppFile> Rename(string workspaceId, string app, string path, string newPath, string by) => data.Write(workspaceId, async session =>
    {
        var home = await CloudApps.Find(session, workspaceId, app) ?? throw WorkspaceScope.AppNotFound();
        var file = await FileTree.Find(session, home, path) ?? throw await NoFile(session, home, path);
        if (path == newPath)
        {
            return file;
        }

        await FileTree.Remove(session, home, path);
        await RequireAbsent(session, home, newPath);
        await FileTree.RequirePlace(session, home, newPath);
        var renamed = file with { Path = newPath, ModifiedAt = clock.NowMs(), ModifiedBy = by };
        await FileTree.Set(session, home, renamed);
        return renamed;
    });

    /// <summary>Copies a file, also out of another app of the workspace, to a path at which there is none.</summary>
    public async Task<AppFile> Copy(string workspaceId, string fromApp, string from, string app, string path, string by, bool mayMakeApp)
    {
        var source = await Find(workspaceId, fromApp, from);
        if (source?.Sha256 is { } sha256)
        {
            await named.Name(workspaceId, [sha256]);
        }

        return await data.Write(workspaceId, async session =>
        {
            // Looked at again: a file that went meanwhile may have taken its bytes with it.
            var fromHome = await CloudApps.Find(session, workspaceId, fromApp) ?? throw WorkspaceScope.AppNotFound();
            if (await FileTree.Find(session, fromHome, from) is not { } file || file.Sha256 != source?.Sha256)
            {
                throw await NoFile(session, fromHome, from);
            }

            var now = clock.NowMs();
            var copy = file with { Path = path, CreatedAt = now, CreatedBy = by, ModifiedAt = now, ModifiedBy = by };
            return (await Set(session, workspaceId, app, copy, force: false, mayMakeApp)).File;
        });
    }

    private Task<(AppFile File, bool IsNew)> Set(string workspaceId, string app, AppFile file, bool force, bool mayMakeApp) =>
        data.Write(workspaceId, session => Set(session, workspaceId, app, file, force, mayMakeApp));

    private static async ValueTask<(AppFile File, bool IsNew)> Set(SqlSession session, string workspaceId, string app, AppFile file, bool force,
        bool mayMakeApp)
    {
        var home = await CloudApps.Find(session, workspaceId, app)
            ?? (mayMakeApp ? await CloudApps.Ensure(session, workspaceId, app, file.CreatedBy, file.CreatedAt) : throw WorkspaceScope.AppNotFound());
        var before = await FileTree.Find(session, home, file.Path);
        if (before is null)
        {
            await FileTree.RequirePlace(session, home, file.Path);
            await FileTree.RequireRoom(session, home);
        }
        else if (!force)
        {
            throw Exists(file.Path);
        }
        else if (before.HoldsSameAs(file))
        {
            return (before, false);
        }

        var kept = before is null ? file : file with { CreatedAt = before.CreatedAt, CreatedBy = before.CreatedBy };
        await FileTree.Set(session, home, kept);
        return (kept, before is null);
    }

    private static async ValueTask RequireAbsent(SqlSession session, App app, string path)
    {
        if (await FileTree.Find(session, app, path) is not null)
        {
            throw Exists(path);
        }
    }

    /// <summary>Why there is no file of this path: it is a folder, or nothing.</summary>
    private static async ValueTask<Fault> NoFile(SqlSession session, App app, string path) => await FileTree.IsFolder(session, app, path)
        ? Fault.Conflict("PATH_IS_FOLDER", $"{path} is a folder", "Name each of the files in it; a folder without files is gone.")
        : NotFound(path);

    public static Fault NotFound(string path) => Fault.NotFound("File",
        $"There is no {path}. GET …/file-manager/content?path=/ lists what there is.");

    public static Fault Exists(string path) => Fault.Conflict("FILE_EXISTS", $"There is a file {path} already",
        "To create over it, send force=true; to copy or rename onto it, delete it first.");
}

/// <summary>What lies at a path.</summary>
/// <param name="Entries">What is in the folder, when it is one.</param>
internal sealed record FileOrFolder(AppFile? File, IReadOnlyList<FolderEntry> Entries);
