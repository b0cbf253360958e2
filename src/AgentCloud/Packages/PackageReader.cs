using System.Text.Json;
using Remix.AgentCloud.Files;
using Remix.AgentCloud.Zip;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Packages;

/// <summary>Reads a package out of its ZIP file. Everything that is wrong with it is said at once, before anything is changed.</summary>
internal sealed class PackageReader
{
    private const int TextMax = 200;

    private readonly CheckedZip zip;
    private readonly List<Issue> issues = [];
    private readonly List<LeftOut> leftOut = [];
    private readonly PackageJson json;

    private PackageReader(CheckedZip zip)
    {
        this.zip = zip;
        json = new PackageJson(zip, issues);
    }

    public static async Task<Package> Read(CheckedZip zip, CancellationToken stop)
    {
        var reader = new PackageReader(zip);
        var package = await reader.Read(stop);
        return reader.issues.Count == 0 ? package! : throw CheckedZip.Bad(zip.Limits, reader.issues);
    }

    private async Task<Package?> Read(CancellationToken stop)
    {
        var layout = Layout();
        if (!zip.Has(Package.Manifest))
        {
            json.Problem("Required: a package says what it is at its root", Package.Manifest);
            return null;
        }

        if (await json.Read(Package.Manifest, JsonValueKind.Object, stop) is not { } manifest)
        {
            return null;
        }

        var (id, updates, name) = Head(manifest);
        var app = manifest.TryGetProperty("app", out var given) && given.ValueKind != JsonValueKind.Null ? given : default;
        if (app.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object))
        {
            json.Problem("Expected object", Package.Manifest, "app");
            app = default;
        }

        RequireListed(app, "recordsets", [.. layout.Values.SelectMany(parts => parts.Recordsets)]);
        RequireListed(app, "filesets", [.. layout.Values.SelectMany(parts => parts.Filesets)]);
        if (layout.Count is 0 or > Package.AppsMax)
        {
            json.Problem($"A package has 1 to {Package.AppsMax} apps, each in a folder apps/NAME", "apps");
        }

        var apps = new List<PackageApp>();
        foreach (var (appName, parts) in layout)
        {
            apps.Add(await new PackageAppReader(zip, json, id, name, issues, leftOut).Read(appName, parts, app, stop));
        }

        if (apps.Sum(one => one.Records.Count) > Package.RecordsMax)
        {
            json.Problem($"A package has at most {Package.RecordsMax} records");
        }

        return new Package(id, updates, name, apps, leftOut);
    }

    private (string Id, string Updates, string Name) Head(JsonElement manifest)
    {
        var version = json.Text(manifest, Package.Manifest, "version", TextMax, null);
        if (version is not null && version != Package.Version)
        {
            json.Problem($"Expected {Package.Version}, received {version}", Package.Manifest, "version");
        }

        var id = json.Text(manifest, Package.Manifest, "id", TextMax, null);
        var updates = json.Text(manifest, Package.Manifest, "updates", TextMax, "");
        var name = json.Text(manifest, Package.Manifest, "name", TextMax, "");
        if (id is "" or Package.UpdatesOrCreates or Package.UpdatesOnly)
        {
            json.Problem("Expected the package's own id", Package.Manifest, "id");
        }

        return (id ?? "", updates ?? "", name ?? "");
    }

    /// <summary>What the package says it has, it must have.</summary>
    private void RequireListed(JsonElement app, string kind, HashSet<string> there)
    {
        if (app.ValueKind != JsonValueKind.Object || !app.TryGetProperty(kind, out var listed) || listed.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        if (listed.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object))
        {
            json.Problem("Expected array of names", Package.Manifest, "app", kind);
            return;
        }

        IEnumerable<string?> names = listed.ValueKind == JsonValueKind.Object ? listed.EnumerateObject().Select(member => member.Name)
            : listed.EnumerateArray().Select(element => element.ValueKind == JsonValueKind.Object && element.TryGetProperty("name", out var name)
                ? TextOf(name) : TextOf(element));
        foreach (var name in names)
        {
            if (name is null || !there.Contains(name))
            {
                json.Problem($"{(name is null ? "What is no name" : $"'{name}'")} is listed and is not in the package", Package.Manifest,
                    "app", kind);
            }
        }
    }

    /// <summary>Which entries belong to which app; what belongs to none is a problem.</summary>
    private SortedDictionary<string, AppParts> Layout()
    {
        var layout = new SortedDictionary<string, AppParts>(StringComparer.Ordinal);
        foreach (var path in zip.Entries.Keys.Order(StringComparer.Ordinal))
        {
            var parts = path.Split('/');
            if (parts is ["apps", var app, .., _] && parts.Length >= 3)
            {
                if (!CloudNames.IsName(app))
                {
                    json.Problem($"An app's name is {CloudNames.Rule}", path);
                }
                else if (!Of(app).Take(path, parts))
                {
                    leftOut.Add(new LeftOut(app, path, null, "It is no part of an app that is known here"));
                }
            }
            else if (path != Package.Manifest)
            {
                json.Problem($"It is neither {Package.Manifest} nor in a folder apps/NAME", path);
            }
        }

        return layout;

        AppParts Of(string app) => layout.TryGetValue(app, out var found) ? found : layout[app] = new AppParts(app);
    }

    private static string? TextOf(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() : null;
}

/// <summary>The entries of one app, by what they are.</summary>
internal sealed class AppParts(string app)
{
    public const string Meta = "appMeta.json";

    public string? MetaEntry { get; private set; }

    /// <summary>By recordset: the entries with its records, and its description.</summary>
    public SortedDictionary<string, List<string>> RecordEntries { get; } = new(StringComparer.Ordinal);

    /// <summary>By fileset: the files, each with its path in the app.</summary>
    public SortedDictionary<string, List<(string Path, string Entry)>> FileEntries { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> SetMetas { get; } = new(StringComparer.Ordinal);

    public IEnumerable<string> Recordsets => RecordEntries.Keys;

    public IEnumerable<string> Filesets => FileEntries.Keys;

    /// <summary>False for what is none of it.</summary>
    public bool Take(string path, string[] parts)
    {
        switch (parts)
        {
            case [_, _, Meta]:
                MetaEntry = path;
                return true;
            case [_, _, "recordsets", var set, "rsMeta.json"]:
                Records(set);
                SetMetas[$"recordsets/{set}"] = path;
                return true;
            case [_, _, "recordsets", var set, var name] when name.EndsWith(".json", StringComparison.Ordinal):
                Records(set).Add(path);
                return true;
            case [_, _, "filesets", var set, "fsMeta.json"]:
                Files(set);
                SetMetas[$"filesets/{set}"] = path;
                return true;
            case [_, _, "filesets", var set, "root", _, ..]:
                Files(set).Add((path[$"apps/{app}/filesets/{set}/root".Length..], path));
                return true;
            default:
                return false;
        }
    }

    private List<string> Records(string set) => RecordEntries.TryGetValue(set, out var found) ? found : RecordEntries[set] = [];

    private List<(string Path, string Entry)> Files(string set) => FileEntries.TryGetValue(set, out var found) ? found : FileEntries[set] = [];
}
