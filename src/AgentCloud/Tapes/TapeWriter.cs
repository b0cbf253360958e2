using System.Text.Json;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Data;
using Remix.AgentCloud.Files;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Records;
using Remix.AgentCloud.Workspaces;
using Remix.AgentCloud.Zip;
using Remix.Platform.Blobs;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Tapes;

/// <summary>Exports a workspace, as it was at one moment, to a file on the disk: whoever reads slowly then holds nothing up.</summary>
internal sealed class TapeWriter(WorkspaceData data, GrantStore grants, BlobStore blobs, IncomingFile incoming)
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(15);

    /// <summary>The tape, at its beginning; gone when it is closed.</summary>
    public async Task<FileStream> Write(WorkspaceFacts workspace, CancellationToken stop)
    {
        var file = incoming.Create();
        try
        {
            var held = (await grants.List(workspace.Id, "", "")).Select(TapeGrant.Of).OrderBy(grant => grant.Subject, StringComparer.Ordinal)
                .ThenBy(grant => grant.Role, StringComparer.Ordinal).ThenBy(grant => grant.Resource, StringComparer.Ordinal).ToList();
            await data.ReadWithin(workspace.Id, TimeMax, async session =>
            {
                var tape = new OpenTape(new StoredZip(file), session, blobs, stop);
                await tape.Write(workspace, held);
                return true;
            });
            return file;
        }
        catch (Exception e)
        {
            await file.DisposeAsync();
            throw e is OverflowException ? TooLarge() : e;
        }
    }

    private static Fault TooLarge() => Fault.TooLarge($"The workspace is larger than a mastertape of {ZipLimits.Tape.BytesMax / (1024 * 1024)} MB",
        "Delete apps or files that are not needed, and export again.");

    /// <summary>One tape while it is written.</summary>
    private sealed class OpenTape(StoredZip zip, SqlSession session, BlobStore blobs, CancellationToken stop)
    {
        private readonly SortedDictionary<string, string> sums = new(StringComparer.Ordinal);
        private long total;

        public async Task Write(WorkspaceFacts workspace, List<TapeGrant> held)
        {
            var apps = await CloudApps.List(session, workspace.Id);
            apps.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
            var origin = await session.Scalar<string>("select ws from cloud_origin where workspace_id = $1", workspace.Id);
            var changed = Math.Max(await LastChange(workspace.Id), held.Count == 0 ? 0 : held.Max(grant => grant.CreatedAt));
            await Json(Tape.Manifest, new TapeManifest(Tape.Format, Tape.Version, origin ?? workspace.Name, changed.ToTime(),
                [.. apps.Select(app => app.Name)]));
            await Json(Tape.Permissions, held);
            foreach (var app in apps)
            {
                await Json(Tape.Of(app.Name, Packages.AppParts.Meta), new TapeAppMeta(app.Name, app.CreatedAt, app.CreatedBy,
                    JsonSerializer.Deserialize<JsonElement>(app.Metadata), JsonSerializer.Deserialize<JsonElement>(app.Constants)));
                await Recordsets(app);
                await Files(app);
                await Add(Tape.Of(app.Name, TapeHistory.Name),
                    new RecordsStream(session, app, new RecordScope(IncludeSuperseded: true, IncludeDeleted: true), false));
                await Json(Tape.Of(app.Name, TapeQueries.Name), await TapeQueries.All(session, app));
            }

            await zip.Add(Tape.Checksums, Tape.Json(sums), stop);
            await zip.Finish(stop);
        }

        private async Task<long> LastChange(string workspaceId) => await session.Scalar<long>("""
            select coalesce(max(t.at), 0) from (
                select max(created_at) as at from cloud_apps where workspace_id = $1 and name not like '\_rmx\_%' escape '\'
                union all select max(r.modified_at) from cloud_records r join cloud_apps a on a.id = r.app_id
                    where a.workspace_id = $1 and a.name not like '\_rmx\_%' escape '\'
                union all select max(f.modified_at) from cloud_files f join cloud_apps a on a.id = f.app_id
                    where a.workspace_id = $1 and a.name not like '\_rmx\_%' escape '\'
                union all select max(q.created_at) from cloud_queries q join cloud_apps a on a.id = q.app_id
                    where a.workspace_id = $1 and a.name not like '\_rmx\_%' escape '\') t
            """, workspaceId);

        private async Task Recordsets(App app)
        {
            foreach (var set in await session.Query("""
                select distinct recordset from cloud_records where app_id = $1 and superseded is null and deleted = false order by recordset
                """, row => row.GetString(0), app.Id))
            {
                await Json(Tape.Of(app.Name, $"recordsets/{set}/rsMeta.json"), new { name = set });
                await Add(Tape.Of(app.Name, $"recordsets/{set}/records.json"), new RecordsStream(session, app, new RecordScope(set), true));
            }
        }

        private async Task Files(App app)
        {
            var files = await FileTree.All(session, app);
            files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
            await Json(Tape.FilesMeta(app.Name), new TapeFiles(Tape.Fileset, [.. files.Select(TapeFile.Of)]));
            foreach (var file in files.Where(file => file.Sha256 is not null))
            {
                await using var content = blobs.Open(file.Sha256!);
                await Add(Tape.FileEntry(app.Name, file.Path), content);
            }
        }

        private Task Json<T>(string name, T value) => Add(name, new MemoryStream(Tape.Json(value), writable: false));

        private async Task Add(string name, Stream content)
        {
            sums[name] = await zip.Add(name, content, stop);
            total += content.Position;
            if (total > ZipLimits.Tape.BytesMax)
            {
                throw TooLarge();
            }
        }
    }
}
