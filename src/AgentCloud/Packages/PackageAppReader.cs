using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Remix.AgentCloud.Apps;
using Remix.AgentCloud.Files;
using Remix.AgentCloud.Records;
using Remix.AgentCloud.Zip;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Http.Outbound;

namespace Remix.AgentCloud.Packages;

/// <summary>Reads what a package brings of one app.</summary>
internal sealed class PackageAppReader(CheckedZip zip, PackageJson json, string id, string title, List<Issue> issues, List<LeftOut> leftOut)
{
    private const string Code = "/code/";

    /// <summary>What lies beside agents and is none: modules, their maps, words about them.</summary>
    private static readonly string[] BesideAgents = [".js", ".mjs", ".json", ".map", ".md", ".txt", ".ts"];

    private readonly HashSet<string> ids = new(StringComparer.Ordinal);

    public async Task<PackageApp> Read(string name, AppParts parts, JsonElement manifestApp, CancellationToken stop)
    {
        var meta = parts.MetaEntry is { } entry ? await json.Read(entry, JsonValueKind.Object, stop) : null;
        var records = new List<CheckedChange>();
        foreach (var (set, entries) in parts.RecordEntries)
        {
            await ReadRecords(name, set, parts, entries, records, stop);
        }

        var files = new List<PackageFile>();
        foreach (var (set, entries) in parts.FileEntries)
        {
            await ReadFiles(set, parts, entries, files, stop);
        }

        RequireDistinct(name, files);
        var compiled = new SortedSet<string>(StringComparer.Ordinal);
        var kept = WithoutCompiled(name, files, compiled).OrderBy(file => file.Path, StringComparer.Ordinal).ToList();
        var (metadata, constants) = Meta(parts.MetaEntry ?? Package.Manifest, meta, manifestApp, Mark(compiled));
        return new PackageApp(name, metadata, constants, records, kept);
    }

    private (string Metadata, string Constants) Meta(string path, JsonElement? meta, JsonElement manifestApp, JsonObject mark)
    {
        var metadata = new JsonObject();
        foreach (var text in new[]
        {
            manifestApp.ValueKind == JsonValueKind.Object ? json.Object(manifestApp, Package.Manifest, "metadata", App.MetadataBytesMax) : "{}",
            meta is { } own ? json.Object(own, path, "metadata", App.MetadataBytesMax) : "{}",
        })
        {
            foreach (var (key, value) in JsonNode.Parse(text)!.AsObject())
            {
                metadata[key] = value?.DeepClone();
            }
        }

        metadata[Package.Mark] = mark;
        return (metadata.ToJsonString(RemixJson.Options), meta is { } given ? json.Object(given, path, "constants", App.MetadataBytesMax) : "{}");
    }

    /// <summary>What the app remembers of the package: also who was in it and does not run here, so that running them says so.</summary>
    private JsonObject Mark(SortedSet<string> compiled)
    {
        var mark = new JsonObject { ["id"] = id, ["name"] = title };
        if (compiled.Count > 0)
        {
            mark[Package.LeftOutMark] = new JsonArray([.. compiled.Select(agent => JsonValue.Create(agent))]);
        }

        return mark;
    }

    private async Task ReadRecords(string app, string set, AppParts parts, List<string> entries, List<CheckedChange> records, CancellationToken stop)
    {
        await RequireSet("recordsets", set, parts, stop);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (await json.Read(entry, JsonValueKind.Array, stop) is not { } list)
            {
                continue;
            }

            foreach (var (element, index) in list.EnumerateArray().Select((element, index) => (element, index)))
            {
                if (records.Count > Package.RecordsMax || issues.Count >= CheckedZip.IssuesMax)
                {
                    return;
                }

                Add(app, set, entry, index, element, seen, records);
            }
        }
    }

    private void Add(string app, string set, string entry, int index, JsonElement element, Dictionary<string, int> seen, List<CheckedChange> records)
    {
        var content = RecordContent.Read(element, issues, [entry, index]);
        string? id = null;
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(SystemField.Id, out var given)
            && given.ValueKind != JsonValueKind.Null)
        {
            id = given.ValueKind == JsonValueKind.String && Record.IsId(given.GetString()) ? given.GetString() : null;
            if (id is null)
            {
                json.Problem($"A record's id is {Record.IdRule}", entry, index, SystemField.Id);
                return;
            }
        }

        // What has no id gets one from what it is, so that installing again finds it.
        id ??= IdOf(app, set, content.Json, seen[content.Json] = seen.GetValueOrDefault(content.Json) + 1);
        if (!ids.Add(id))
        {
            json.Problem($"The id {id} is there twice", entry, index, SystemField.Id);
            return;
        }

        records.Add(new CheckedChange(new RecordChange(RecordAction.Replace, id, set, default), content));
    }

    private async Task RequireSet(string kind, string set, AppParts parts, CancellationToken stop)
    {
        if (!Record.IsRecordset(set))
        {
            json.Problem($"Its name is {App.NameRule}", kind, set);
        }

        if (parts.SetMetas.TryGetValue($"{kind}/{set}", out var path) && await json.Read(path, JsonValueKind.Object, stop) is { } meta
            && json.Text(meta, path, "name", 4 * CloudNames.LengthMax, set) is { } name && name != set)
        {
            json.Problem($"Expected {set}, as its folder is called, received {name}", path, "name");
        }
    }

    private async Task ReadFiles(string set, AppParts parts, List<(string Path, string Entry)> entries, List<PackageFile> files,
        CancellationToken stop)
    {
        await RequireSet("filesets", set, parts, stop);
        var described = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (parts.SetMetas.TryGetValue($"filesets/{set}", out var metaPath) && await json.Read(metaPath, JsonValueKind.Object, stop) is { } meta
            && meta.TryGetProperty("files", out var list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (var file in list.EnumerateArray().Where(file => file.ValueKind == JsonValueKind.Object))
            {
                if (json.Text(file, metaPath, "path", 4 * AppFilePath.LengthMax, null) is { } path && !described.TryAdd(path, file))
                {
                    json.Problem($"{path} is described twice", metaPath);
                }
            }
        }

        foreach (var (path, entry) in entries)
        {
            var metadata = described.Remove(path, out var about) ? json.Object(about, metaPath!, "metadata", AppFile.MetadataBytesMax) : "{}";
            if (AppFilePath.Problem(path) is { } problem)
            {
                json.Problem(problem, entry);
            }
            else if (zip.Entries[entry].Length > AppFile.BytesMax)
            {
                json.Problem($"A file has at most {AppFile.BytesMax / (1024 * 1024)} MB", entry);
            }
            else
            {
                files.Add(new PackageFile(path, entry, null, metadata));
            }
        }

        foreach (var (path, about) in described)
        {
            Elsewhere(metaPath!, path, about, files);
        }
    }

    private void Elsewhere(string metaPath, string path, JsonElement about, List<PackageFile> files)
    {
        var url = json.Text(about, metaPath, "url", OutboundGuard.UrlLengthMax, "");
        var problem = AppFilePath.Problem(path) ?? (url is "" ? "It is described, and neither in the package nor elsewhere"
            : url is null ? null : OutboundGuard.Misspelt(url));
        if (problem is not null)
        {
            json.Problem(problem, metaPath, path);
        }
        else if (url is not null)
        {
            files.Add(new PackageFile(path, null, url, json.Object(about, metaPath, "metadata", AppFile.MetadataBytesMax)));
        }
    }

    /// <summary>No path twice, and none that is a file and a folder at once.</summary>
    private void RequireDistinct(string app, List<PackageFile> files)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files.Where(file => !paths.Add(file.Path)))
        {
            json.Problem($"{file.Path} is in two filesets", "apps", app);
        }

        foreach (var file in files.Where(file => AppFilePath.Folders(file.Path).Any(paths.Contains)))
        {
            json.Problem($"{file.Path} lies in a folder that is a file", "apps", app);
        }
    }

    /// <summary>Agents run here when they are JavaScript. Others are left out and named; what describes them stays.</summary>
    private IEnumerable<PackageFile> WithoutCompiled(string app, List<PackageFile> files, SortedSet<string> compiled)
    {
        var paths = files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var extension = System.IO.Path.GetExtension(file.Path);
            var agent = Agent(file.Path, extension);
            if (agent is not null && !BesideAgents.Contains(extension, StringComparer.OrdinalIgnoreCase))
            {
                compiled.Add(agent);
                leftOut.Add(new LeftOut(app, file.Path, agent, "It is a compiled agent, and agents are JavaScript modules here"));
                continue;
            }

            if (agent is not null && extension == ".json" && !paths.Contains($"{Code}{agent}.js") && !paths.Contains($"{Code}{agent}.mjs"))
            {
                compiled.Add(agent);
                leftOut.Add(new LeftOut(app, file.Path, agent, $"It describes an agent without a module {Code}{agent}.js, so that cannot run"));
            }

            yield return file;
        }
    }

    /// <summary>The agent of which this is a file; null for what lies elsewhere, or deeper.</summary>
    private static string? Agent(string path, string extension) => path.StartsWith(Code, StringComparison.Ordinal) && extension.Length > 0
        && path.IndexOf('/', Code.Length) < 0 && path[Code.Length..^extension.Length] is var name && CloudNames.IsName(name) ? name : null;

    private static string IdOf(string app, string set, string content, int occurrence) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{app}\0{set}\0{occurrence}\0{content}")))[..Record.IdLength];
}
