using System.Security.Cryptography;
using System.Text.Json;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Files;
using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Queries;
using Remix.AgentCloud.Zip;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Tapes;

/// <summary>A tape that was read and found whole and good; only the histories are read again where they are needed.</summary>
internal sealed record TapeContent(string Ws, IReadOnlyList<(string Subject, Role Role, Resource Resource, string By, long At)> Grants,
    IReadOnlyList<TapeApp> Apps);

internal sealed record TapeApp(TapeAppMeta Meta, IReadOnlyList<AppFile> Files, IReadOnlyList<CloudQuery> Queries);

/// <summary>
/// Reads a tape and checks all of it, its checksums first, before anything is made of it. What is wrong is said at once.
/// </summary>
internal sealed class TapeReader(CheckedZip zip, CancellationToken stop)
{
    private readonly List<Issue> issues = [];
    private Dictionary<string, string> sums = new(StringComparer.Ordinal);

    public async Task<TapeContent> Read()
    {
        sums = await Json<Dictionary<string, string>>(Tape.Checksums) ?? [];
        ThrowIfBad();
        await CheckSums();
        ThrowIfBad();
        var manifest = await Json<TapeManifest>(Tape.Manifest);
        ThrowIfBad();
        var apps = Checked(Tape.Manifest, () => Apps(manifest!)) ?? [];
        var grants = await Json<List<TapeGrant>>(Tape.Permissions) ?? [];
        var held = Checked(Tape.Permissions, () => Grants([.. Whole(grants)])) ?? [];
        var read = new List<TapeApp>();
        foreach (var app in apps)
        {
            if (await App(app) is { } one)
            {
                read.Add(one);
            }
        }

        RequireNoOthers(apps, read);
        ThrowIfBad();
        return new TapeContent(manifest!.Ws, held, read);
    }

    private async Task CheckSums()
    {
        foreach (var name in sums.Keys.Except(zip.Entries.Keys, StringComparer.Ordinal))
        {
            Problem("It is missing, and has a checksum", name);
        }

        foreach (var name in zip.Entries.Keys.Where(name => name != Tape.Checksums))
        {
            if (!sums.TryGetValue(name, out var sum))
            {
                Problem("It has no checksum", name);
                continue;
            }

            await using var content = zip.Read(name);
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(content, stop)) != sum)
            {
                Problem("It is damaged: its checksum is another", name);
            }
        }
    }

    private static List<string> Apps(TapeManifest manifest) =>
        manifest.Format != Tape.Format ? throw new TapeException($"Its format is {manifest.Format}, not {Tape.Format}")
        : manifest.Version != Tape.Version ? throw new TapeException($"Its version is {manifest.Version}, and {Tape.Version} is read here")
        : !CloudNames.IsName(manifest.Ws) ? throw new TapeException($"ws is no name: {CloudNames.Rule}")
        : manifest.Apps is null || manifest.Apps.Count > AgentCloud.Apps.App.CountMax || !manifest.Apps.All(CloudNames.IsName)
            || manifest.Apps.Distinct(StringComparer.Ordinal).Count() != manifest.Apps.Count
            ? throw new TapeException($"apps lists at most {AgentCloud.Apps.App.CountMax} names, each once: {CloudNames.Rule}")
        : [.. manifest.Apps];

    private static List<(string, Role, Resource, string, long)> Grants(List<TapeGrant> grants)
    {
        var held = grants.ConvertAll(grant => TapeFacts.Checked(grant) is var (subject, role, resource)
            ? (subject, role, resource, grant.CreatedBy, grant.CreatedAt) : default);
        return held.Count <= Grant.CountMax && held.DistinctBy(grant => (grant.subject, grant.role, grant.resource)).Count() == held.Count ? held
            : throw new TapeException($"A workspace has at most {Grant.CountMax} permissions, each once");
    }

    private async Task<TapeApp?> App(string app)
    {
        var metaName = Tape.Of(app, Packages.AppParts.Meta);
        var meta = await Json<TapeAppMeta>(metaName);
        var files = await Json<TapeFiles>(Tape.FilesMeta(app));
        var queries = await Json<List<TapeQuery>>(Tape.Of(app, TapeQueries.Name));
        await History(Tape.Of(app, TapeHistory.Name));
        if (meta is null || files?.Files is null || queries is null)
        {
            return null;
        }

        var checkedMeta = Checked(metaName, () => TapeFacts.Checked(meta, app));
        var checkedFiles = Checked(Tape.FilesMeta(app), () => Files(app, Whole(files.Files)));
        var checkedQueries = Checked(Tape.Of(app, TapeQueries.Name), () => Distinct([.. Whole(queries).Select(TapeQueries.Checked)]));
        return checkedMeta is null || checkedFiles is null || checkedQueries is null ? null : new TapeApp(checkedMeta, checkedFiles, checkedQueries);
    }

    private List<AppFile> Files(string app, IReadOnlyList<TapeFile> files)
    {
        var read = files.Select(file => TapeFacts.Checked(file, app, sums)).ToList();
        var paths = read.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        return read.Count <= AppFile.CountMax && paths.Count == read.Count && !paths.Any(path => AppFilePath.Folders(path).Any(paths.Contains)) ? read
            : throw new TapeException($"An app has at most {AppFile.CountMax} files, each once, and none that is a folder too");
    }

    private static List<CloudQuery> Distinct(List<CloudQuery> queries) => queries.Count <= CloudQuery.CountMax
        && queries.DistinctBy(query => query.Name, StringComparer.Ordinal).Count() == queries.Count ? queries
        : throw new TapeException($"An app keeps at most {CloudQuery.CountMax} queries, each name once");

    private async Task History(string name)
    {
        if (!zip.Has(name))
        {
            Problem("It is missing", name);
            return;
        }

        try
        {
            await using var content = zip.Read(name);
            await foreach (var _ in TapeHistory.Read(content))
            {
                stop.ThrowIfCancellationRequested();
            }
        }
        catch (TapeException e)
        {
            Problem(e.Message, name);
        }
    }

    /// <summary>What nobody would read, nobody put there in good faith.</summary>
    private void RequireNoOthers(List<string> apps, List<TapeApp> read)
    {
        if (issues.Count > 0)
        {
            return;
        }

        var known = new HashSet<string>([Tape.Manifest, Tape.Permissions, Tape.Checksums], StringComparer.Ordinal);
        foreach (var app in apps)
        {
            known.UnionWith([Tape.Of(app, Packages.AppParts.Meta), Tape.FilesMeta(app), Tape.Of(app, TapeQueries.Name),
                Tape.Of(app, TapeHistory.Name)]);
        }

        known.UnionWith(read.SelectMany(app => app.Files.Where(file => file.Sha256 is not null).Select(file =>
            Tape.FileEntry(app.Meta.Name, file.Path))));
        foreach (var name in zip.Entries.Keys.Where(name => !known.Contains(name)
            && !(name.Split('/') is ["apps", var app, "recordsets", _, _] && apps.Contains(app, StringComparer.Ordinal))))
        {
            Problem("It is no part of a mastertape", name);
        }
    }

    private async Task<T?> Json<T>(string name) where T : class
    {
        if (!zip.Has(name))
        {
            Problem("It is missing", name);
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(await zip.Bytes(name, Tape.JsonBytesMax, stop), Tape.Options)
                ?? throw new JsonException("null is nothing");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            Problem(Said(e), name);
            return null;
        }
    }

    /// <summary>What is wrong, in words that name no type of ours.</summary>
    private static string Said(Exception e) => e is JsonException { Path: { } path }
        && e.Message.StartsWith("The JSON value could not", StringComparison.Ordinal)
        ? $"{(path == "$" ? "It" : path.TrimStart('$', '.'))} has another form than it must" : e.Message.Split(". Path")[0];

    /// <summary>A list of which no element is null.</summary>
    private static IReadOnlyList<T> Whole<T>(IReadOnlyList<T> list) where T : class =>
        list.All(element => element is not null) ? list : throw new TapeException("null is nothing that it can list");

    private T? Checked<T>(string name, Func<T> read) where T : class
    {
        try
        {
            return read();
        }
        catch (TapeException e)
        {
            Problem(e.Message, name);
            return null;
        }
    }

    private void Problem(string message, string name)
    {
        if (issues.Count < CheckedZip.IssuesMax)
        {
            issues.Add(new Issue("custom", [name], message));
        }
    }

    private void ThrowIfBad()
    {
        if (issues.Count > 0)
        {
            throw CheckedZip.Bad(zip.Limits, issues);
        }
    }
}
