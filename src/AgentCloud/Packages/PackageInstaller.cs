using System.Text.Json;
using System.Text.Json.Nodes;
using Remix.AgentCloud.Activity;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Data;
using Remix.AgentCloud.Files;
using Remix.AgentCloud.Records;
using Remix.AgentCloud.Workspaces;
using Remix.AgentCloud.Zip;
using Remix.Platform.Blobs;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.AgentCloud.Packages;

/// <summary>
/// Installs packages: all of one or nothing, and nothing again when all of it is there already. The bytes of files come
/// first, since nobody sees them before the one transaction that names them.
/// </summary>
internal sealed class PackageInstaller(WorkspaceData data, CloudApps apps, BlobStore blobs, NamedBlobs named, CloudActivities activities,
    TimeProvider clock)
{
    /// <summary>Installs the package in the file, which is closed then.</summary>
    public async Task<Installed> Install(WorkspaceScope workspace, Stream file, CancellationToken stop)
    {
        using var zip = CheckedZip.Open(file, ZipLimits.Package);
        var package = await PackageReader.Read(zip, stop);
        var stored = await Store(workspace.Id, package, zip, stop);
        var by = workspace.Caller.Name;
        var results = await data.Write(workspace.Id, async session =>
        {
            var done = new List<InstalledApp>();
            foreach (var app in package.Apps)
            {
                done.Add(await Install(session, workspace.Id, package, app, stored, by));
            }

            return done;
        });
        await activities.Record(workspace.Id, workspace.Caller, ActivityKind.InstallRemixFile, package.Apps.Count == 1 ? package.Apps[0].Name : null,
            detail: Platform.Http.RemixJson.Text(new { package = package.Id, apps = results.Select(app => app.Name) }));
        if (results.Exists(app => app.Replaced))
        {
            await apps.Erase(workspace.Id);
        }

        return new Installed(package, results);
    }

    private async Task<Dictionary<string, Blob>> Store(string workspaceId, Package package, CheckedZip zip, CancellationToken stop)
    {
        var stored = new Dictionary<string, Blob>(StringComparer.Ordinal);
        foreach (var entry in package.Apps.SelectMany(app => app.Files).Select(file => file.Entry).OfType<string>())
        {
            await using var content = zip.Read(entry);
            stored[entry] = await blobs.Put(content, AppFile.BytesMax, stop);
        }

        await named.Name(workspaceId, stored.Values.Select(blob => blob.Sha256));
        return stored;
    }

    private async ValueTask<InstalledApp> Install(SqlSession session, string workspaceId, Package package, PackageApp app,
        Dictionary<string, Blob> stored, string by)
    {
        var now = clock.NowMs();
        var files = app.Files.Select(file => FileOf(file, stored, by, now)).ToList();
        var existing = await CloudApps.Find(session, workspaceId, app.Name);
        RequireFit(package, app, existing);
        if (package.Updates.Length > 0 || existing is null)
        {
            var home = existing ?? await CloudApps.Ensure(session, workspaceId, app.Name, by, now);
            return await Fill(session, home, app, files, by, now) with { Created = existing is null };
        }

        if (await PackageMatch.IsExactly(session, existing, app, files))
        {
            return new InstalledApp(app.Name, false, false, 0, 0);
        }

        var fresh = await CloudApps.CreateNameless(session, workspaceId, by, now);
        var filled = await Fill(session, fresh, app, files, by, now);
        await CloudApps.Name(session, workspaceId, fresh, app.Name);
        return filled with { Replaced = true };
    }

    /// <summary>Adds what is new or other, and leaves what is the same.</summary>
    private static async ValueTask<InstalledApp> Fill(SqlSession session, App home, PackageApp app, List<AppFile> files, string by, long now)
    {
        var records = await RecordWrite.Apply(session, home, by, now, app.Records);
        var changed = 0;
        foreach (var file in files)
        {
            var before = await FileTree.Find(session, home, file.Path);
            if (before?.HoldsSameAs(file) == true)
            {
                continue;
            }

            if (before is null)
            {
                await FileTree.RequirePlace(session, home, file.Path);
            }

            await FileTree.Set(session, home, before is null ? file : file with { CreatedAt = before.CreatedAt, CreatedBy = before.CreatedBy });
            changed++;
        }

        if (await FileTree.Count(session, home) > AppFile.CountMax)
        {
            throw Fault.Conflict("TOO_MANY_FILES", $"The app {app.Name} would have more than {AppFile.CountMax} files",
                "Delete those that are not needed.");
        }

        var (metadata, constants) = (Merged(home.Metadata, app.Metadata), Merged(home.Constants, app.Constants));
        await CloudApps.Describe(session, home, metadata, constants);
        return new InstalledApp(app.Name, false, false, records.Count(record => record.Changed), changed)
        {
            Described = home.Metadata != metadata || home.Constants != constants,
        };
    }

    /// <summary>What the package does not name stays.</summary>
    private static string Merged(string before, string added)
    {
        var merged = JsonNode.Parse(before)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(added)!.AsObject())
        {
            merged[name] = value?.DeepClone();
        }

        var json = merged.ToJsonString(Platform.Http.RemixJson.Options);
        return json.Length <= App.MetadataBytesMax ? json
            : throw Fault.TooLarge($"An app's metadata, and its constants, have at most {App.MetadataBytesMax / 1024} KB", "Install it anew.");
    }

    private static void RequireFit(Package package, PackageApp app, App? existing)
    {
        if (package.Updates is "" or Package.UpdatesOrCreates)
        {
            return;
        }

        if (existing is null)
        {
            throw Fault.Conflict("APP_MISSING", $"The package updates the app {app.Name}, and there is none",
                "Install the package that makes it, or one that updates \"*\".");
        }

        if (package.Updates != Package.UpdatesOnly && IdOf(existing) is var id && id != package.Updates)
        {
            throw Fault.Conflict("PACKAGE_MISMATCH", $"The package updates {package.Updates}, and the app {app.Name} "
                + (id is null ? "came from no package" : $"came from {id}"), "Install the package it was made for, or one that updates \"**\".");
        }
    }

    /// <summary>The id of the package from which the app came.</summary>
    private static string? IdOf(App app)
    {
        using var metadata = JsonDocument.Parse(app.Metadata);
        return metadata.RootElement.TryGetProperty(Package.Mark, out var mark) && mark.ValueKind == JsonValueKind.Object
            && mark.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
    }

    private static AppFile FileOf(PackageFile file, Dictionary<string, Blob> stored, string by, long now)
    {
        Blob? blob = file.Entry is null ? null : stored[file.Entry];
        return new AppFile(file.Path, blob?.Sha256, blob?.Size ?? 0, file.Url, file.Metadata, now, by, now, by);
    }
}

internal sealed record Installed(Package Package, IReadOnlyList<InstalledApp> Apps);

/// <param name="Records">How many versions were written.</param>
/// <param name="Files">How many files were written.</param>
internal sealed record InstalledApp(string Name, bool Created, bool Replaced, int Records, int Files)
{
    public bool Described { get; init; }

    public bool Changed => Created || Replaced || Described || Records > 0 || Files > 0;
}
