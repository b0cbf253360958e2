using System.CommandLine;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Remix.Cli.Cloud;

/// <summary>
/// <c>remix cloud pack DIR</c>: a folder becomes a package, and the same folder the same bytes. <c>code</c> holds agents,
/// <c>records/NAME/*.json</c> records, <c>files</c> all other files; <c>app.json</c> says name, id, updates, metadata, constants.
/// </summary>
internal static class PackCommand
{
    private const string About = "app.json";

    /// <summary>The earliest time that a ZIP file can say.</summary>
    private static readonly DateTimeOffset Fixed = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "code/, records/NAME/*.json, files/, and app.json" };
        var to = new Option<FileInfo?>("--output", "-o") { Description = "Where to put the package. Otherwise NAME.remix", HelpName = "FILE" };
        var command = new Command("pack", "Make a package of a folder.") { folder, to };
        command.SetAction((parsed, _) =>
        {
            var root = parsed.GetRequiredValue(folder);
            var about = Read(root);
            var name = AppName.Checked(Text(about, "name") ?? root.Name, $"Give it one in {About}: {{\"name\": \"shop\"}}");
            var entries = Entries(root, about, name);
            var file = parsed.GetValue(to) ?? new FileInfo($"{name}.remix");
            Write(file, entries);
            Screen.Done($"Packed {entries.Count} entries, {CreationFolder.Size(new FileInfo(file.FullName).Length)}, into {file}");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static JsonObject Read(DirectoryInfo root)
    {
        var path = Path.Combine(root.FullName, About);
        if (!root.Exists)
        {
            throw new MisuseException($"There is no folder {root}.", "Name the folder that holds code/, records/ and files/.");
        }

        try
        {
            return File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException("it is no object") : [];
        }
        catch (JsonException problem)
        {
            throw new MisuseException($"{path} cannot be read: {problem.Message}",
                """Write it like {"name":"shop","id":"shop","updates":"*","constants":{}}""");
        }
    }

    private static SortedDictionary<string, byte[]> Entries(DirectoryInfo root, JsonObject about, string name)
    {
        var (app, entries) = ($"apps/{name}", new SortedDictionary<string, byte[]>(StringComparer.Ordinal));
        var (recordsets, filesets) = (new SortedSet<string>(StringComparer.Ordinal), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var (path, file) in FilesIn(root, "code").Select(found => ("code/" + found.Path, found.File)).Concat(FilesIn(root, "files")))
        {
            filesets.Add("main");
            if (!entries.TryAdd($"{app}/filesets/main/root/{path}", File.ReadAllBytes(file.FullName)))
            {
                throw new MisuseException($"{path} is in code/ and in files/.", "Keep agents in code/ alone.");
            }
        }

        foreach (var (path, file) in FilesIn(root, "records"))
        {
            if (path.Split('/') is not [var set, var part] || !part.EndsWith(".json", StringComparison.Ordinal))
            {
                throw new MisuseException($"records/{path} is no list of records.", "Write records/NAME/anything.json, each an array of objects.");
            }

            recordsets.Add(set);
            entries[$"{app}/recordsets/{set}/{part}"] = Records(path, File.ReadAllBytes(file.FullName));
        }

        foreach (var set in recordsets)
        {
            entries[$"{app}/recordsets/{set}/rsMeta.json"] = Json(new JsonObject { ["name"] = set });
        }

        foreach (var set in filesets)
        {
            entries[$"{app}/filesets/{set}/fsMeta.json"] = Json(new JsonObject { ["name"] = set });
        }

        entries[$"{app}/appMeta.json"] = Json(new JsonObject { ["metadata"] = Part(about, "metadata"), ["constants"] = Part(about, "constants") });
        entries["manifest_v2.json"] = Json(new JsonObject
        {
            ["version"] = "2.1",
            ["id"] = Text(about, "id") ?? name,
            ["updates"] = Text(about, "updates") ?? "*",
            ["name"] = name,
            ["app"] = new JsonObject { ["recordsets"] = List(recordsets), ["filesets"] = List(filesets) },
        });
        return entries;
    }

    private static byte[] Records(string path, byte[] json)
    {
        try
        {
            // As the cloud reads it: a byte order mark before it says nothing.
            using var document = JsonDocument.Parse(json.AsMemory(json.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0));
            return document.RootElement.ValueKind == JsonValueKind.Array ? json : throw new JsonException("it is no array");
        }
        catch (JsonException problem)
        {
            throw new MisuseException($"records/{path} is no list of records: {problem.Message}",
                "Write records/NAME/anything.json, each an array of objects.");
        }
    }

    /// <summary>Neither what is hidden nor what a package manager put there; links are not followed.</summary>
    private static IEnumerable<(string Path, FileInfo File)> FilesIn(DirectoryInfo root, string part)
    {
        var folder = new DirectoryInfo(Path.Combine(root.FullName, part));
        return folder.Exists ? Below(folder) : [];
    }

    private static IEnumerable<(string Path, FileInfo File)> Below(DirectoryInfo folder, string prefix = "") => folder.EnumerateFileSystemInfos()
        .Where(entry => !entry.Name.StartsWith('.') && entry.Name is not "node_modules" && entry.LinkTarget is null)
        .SelectMany(entry => entry is DirectoryInfo below ? Below(below, prefix + entry.Name + "/") : [(prefix + entry.Name, (FileInfo)entry)]);

    private static void Write(FileInfo file, SortedDictionary<string, byte[]> entries)
    {
        using var stream = file.Create();
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create);
        foreach (var (name, bytes) in entries)
        {
            var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
            entry.LastWriteTime = Fixed;
            using var content = entry.Open();
            content.Write(bytes);
        }
    }

    private static string? Text(JsonObject about, string name) => about[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => throw new MisuseException($"{About}: {name} must be a text.", """Write it like {"name":"shop","id":"shop","updates":"*"}"""),
    };

    private static JsonNode Part(JsonObject about, string name) => about[name]?.DeepClone() ?? new JsonObject();

    private static JsonArray List(IEnumerable<string> names) => [.. names.Select(name => JsonValue.Create(name))];

    private static byte[] Json(JsonObject value) => JsonSerializer.SerializeToUtf8Bytes(value);
}
