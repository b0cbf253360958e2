using Remix.AgentCloud.Activity;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Data;
using Remix.AgentCloud.Files;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Queries;
using Remix.AgentCloud.Records;
using Remix.AgentCloud.Tokens;
using Remix.AgentCloud.Workspaces;
using Remix.AgentCloud.Zip;
using Remix.Platform.Blobs;
using Remix.Platform.Data;

namespace Remix.AgentCloud.Tapes;

/// <summary>
/// Makes a workspace from a tape: the content first, under an id that nobody knows, then the row in the catalogue, which is
/// what makes it exist. Whatever breaks off in between leaves nothing that anybody sees, and what it leaves is swept.
/// </summary>
internal sealed class TapeImporter(WorkspaceData data, WorkspaceStore workspaces, WorkspaceContents contents, BlobStore blobs, NamedBlobs named)
{
    /// <summary>Without a name an import gets the one that its tape says.</summary>
    public const string TakenHint = "Nothing was changed. Give it another name: ?ws=NAME.";

    /// <summary>Imports the tape in the file, which is closed then.</summary>
    /// <param name="name">The workspace's name; null for the one that the tape says.</param>
    public async Task<WorkspaceFacts> Import(Stream file, string? name, CloudCaller owner, CancellationToken stop)
    {
        using var zip = CheckedZip.Open(file, ZipLimits.Tape);
        var tape = await new TapeReader(zip, stop).Read();
        await workspaces.RequireFree(name ?? tape.Ws, TakenHint);
        var id = CloudNames.NewId();
        await Store(id, tape, zip, stop);
        try
        {
            await data.Write(id, session => Fill(session, id, tape, zip));
            return await workspaces.Create(id, name ?? tape.Ws, owner, ActivityKind.ImportWorkspace, session => Grant(session, id, tape));
        }
        catch
        {
            await contents.Remove(id);
            throw;
        }
    }

    private async Task Store(string id, TapeContent tape, CheckedZip zip, CancellationToken stop)
    {
        foreach (var app in tape.Apps)
        {
            foreach (var file in app.Files.Where(file => file.Sha256 is not null))
            {
                await using var content = zip.Read(Tape.FileEntry(app.Meta.Name, file.Path));
                await blobs.Put(content, AppFile.BytesMax, stop);
            }
        }

        await named.Name(id, tape.Apps.SelectMany(app => app.Files).Select(file => file.Sha256).OfType<string>());
    }

    /// <summary>Reads the histories once more, from the disk: nobody else waits for this workspace.</summary>
    private static async ValueTask Fill(SqlSession session, string id, TapeContent tape, CheckedZip zip)
    {
        await session.Execute("insert into cloud_origin (workspace_id, ws) values ($1, $2)", id, tape.Ws);
        foreach (var (meta, files, queries) in tape.Apps)
        {
            var home = await CloudApps.Ensure(session, id, meta.Name, meta.CreatedBy, meta.CreatedAt);
            await CloudApps.Describe(session, home, Platform.Http.RemixJson.Text(meta.Metadata), Platform.Http.RemixJson.Text(meta.Constants));
            await Records(session, home, zip.Read(Tape.Of(meta.Name, TapeHistory.Name)));
            foreach (var file in files)
            {
                await FileTree.Set(session, home, file);
            }

            foreach (var query in queries)
            {
                await CloudQueries.Save(session, home, query);
            }
        }
    }

    private static async ValueTask Records(SqlSession session, App home, Stream history)
    {
        await using var _ = history;
        var batch = new RecordBatch(session, home, 0);
        long last = 0;
        await foreach (var (record, content) in TapeHistory.Read(history))
        {
            await batch.Restore(record, content.Entries);
            last = record.ModifiedAt;
        }

        await batch.Finish();
        await session.Execute("update cloud_apps set last_at = $1 where id = $2", last, home.Id);
    }

    private static async ValueTask Grant(SqlSession session, string id, TapeContent tape)
    {
        foreach (var (subject, role, resource, by, at) in tape.Grants)
        {
            await GrantStore.Insert(session, new Grant(CloudNames.NewId(), id, subject, role, resource, by, at));
        }
    }
}
