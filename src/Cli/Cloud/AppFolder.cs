using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Remix.Cli.Cloud;

/// <summary>
/// A folder that is an app of the agent cloud: <c>app.json</c> says which, <c>recordsets/NAME/*.json</c> are lists of records,
/// and everything else but <c>README.md</c> and what begins with a dot is a file of the app at its own path.
/// </summary>
internal sealed partial class AppFolder
{
    public const string About = "app.json";

    private const string Recordsets = "recordsets";
    private const string Fileset = "files";
    private const int FilesMax = 10_000;
    private const long BytesMax = 200L * 1024 * 1024;

    /// <summary>The oldest time a ZIP can say: the same folder makes the same bytes, whenever it is packed.</summary>
    private static readonly DateTimeOffset Always = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly DirectoryInfo root;
    private readonly JsonObject about;

    private AppFolder(DirectoryInfo root, JsonObject about)
    {
        (this.root, this.about) = (root, about);
        Name = about["name"]?.GetValue<string>() ?? root.Name;
    }

    /// <summary>The app's name.</summary>
    public string Name { get; }

    public static bool IsName(string name) => NamePattern().IsMatch(name);

    public static AppFolder Open(DirectoryInfo root)
    {
        var file = Path.Combine(root.FullName, About);
        if (!File.Exists(file))
        {
            throw new MisuseException($"{root} has no {About}.", "An app's folder says in app.json who it is. remix cloud new NAME makes one.");
        }

        try
        {
            var folder = new AppFolder(root, JsonNode.Parse(File.ReadAllText(file))?.AsObject() ?? throw new JsonException("It is null."));
            return IsName(folder.Name) ? folder : throw new MisuseException($"'{folder.Name}' is no name for an app.",
                "Letters, digits, - and _, starting with a letter or digit, at most 64 characters.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new MisuseException($"{file} cannot be read: {e.Message}", "It is a JSON object with \"name\" and \"id\".");
        }
    }

    /// <summary>Writes the package; how many files went into it.</summary>
    public int Pack(Stream output)
    {
        var files = Files().OrderBy(file => file.Path, StringComparer.Ordinal).ToList();
        if (files.Count > FilesMax || files.Sum(file => file.File.Length) > BytesMax)
        {
            throw new MisuseException($"{root} has more than {FilesMax} files or {BytesMax / (1024 * 1024)} MB.", "Leave out what the app does not need.");
        }

        using var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
        Add(zip, "manifest_v2.json", Bytes(Manifest(files)));
        Add(zip, $"apps/{Name}/appMeta.json", Bytes(new JsonObject { ["metadata"] = Part("metadata"), ["constants"] = Part("constants") }));
        foreach (var (path, file) in files)
        {
            Add(zip, Entry(path), Content(path, file));
        }

        return files.Count;
    }

    private JsonObject Manifest(List<(string Path, FileInfo File)> files) => new()
    {
        ["version"] = "2.1",
        ["id"] = about["id"]?.DeepClone() ?? Name,
        ["updates"] = about["updates"]?.DeepClone() ?? "*",
        ["name"] = Name,
        ["app"] = new JsonObject
        {
            ["recordsets"] = new JsonArray([.. files.Where(file => IsRecords(file.Path)).Select(file => file.Path.Split('/')[1])
                .Distinct(StringComparer.Ordinal).Select(name => (JsonNode)name)]),
            ["filesets"] = files.Exists(file => !IsRecords(file.Path)) ? new JsonArray(Fileset) : new JsonArray(),
            ["metadata"] = new JsonObject(),
        },
    };

    private JsonNode Part(string field) => about[field]?.DeepClone() ?? new JsonObject();

    private string Entry(string path) => IsRecords(path) ? $"apps/{Name}/{path}" : $"apps/{Name}/filesets/{Fileset}/root/{path}";

    private static bool IsRecords(string path) => path.Split('/') is [Recordsets, _, var file] && file.EndsWith(".json", StringComparison.Ordinal);

    private static byte[] Content(string path, FileInfo file)
    {
        var bytes = File.ReadAllBytes(file.FullName);
        if (path.EndsWith(".json", StringComparison.Ordinal) && (IsRecords(path) || path.StartsWith("code/", StringComparison.Ordinal)))
        {
            try
            {
                using var _ = JsonDocument.Parse(bytes);
            }
            catch (JsonException e)
            {
                throw new MisuseException($"{path} is not valid JSON: {e.Message}", "Nothing was packed.");
            }
        }

        return bytes;
    }

    private IEnumerable<(string Path, FileInfo File)> Files() => Below(root, "");

    private static IEnumerable<(string Path, FileInfo File)> Below(DirectoryInfo folder, string inside)
    {
        foreach (var file in folder.EnumerateFiles().Where(file => Counts(file) && (inside.Length > 0 || file.Name is not (About or "README.md"))
            && file.Extension != ".remix"))
        {
            yield return (inside + file.Name, file);
        }

        foreach (var below in folder.EnumerateDirectories().Where(below => Counts(below) && below.Name != "node_modules"))
        {
            foreach (var file in Below(below, $"{inside}{below.Name}/"))
            {
                yield return file;
            }
        }
    }

    /// <summary>A link may point anywhere, so none is followed.</summary>
    private static bool Counts(FileSystemInfo entry) => !entry.Name.StartsWith('.') && entry.LinkTarget is null;

    private static byte[] Bytes(JsonNode json) => Encoding.UTF8.GetBytes(json.ToJsonString(Indented));

    private static void Add(ZipArchive zip, string path, byte[] content)
    {
        var entry = zip.CreateEntry(path, CompressionLevel.Optimal);
        entry.LastWriteTime = Always;
        using var stream = entry.Open();
        stream.Write(content);
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
