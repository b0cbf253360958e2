using System.Text.Json;
using System.Text.RegularExpressions;

namespace Remix.Cli;

/// <summary>A folder that is to become a creation: its files, and what it says about itself in creation.json or its page.</summary>
internal sealed partial class CreationFolder
{
    private const string ManifestName = "creation.json";
    private const int FilesMax = 500;
    private const long FileBytesMax = 10 * 1024 * 1024;
    private const long TotalBytesMax = 50 * 1024 * 1024;

    private readonly DirectoryInfo root;

    private CreationFolder(DirectoryInfo root)
    {
        this.root = root;
        Files = [.. FilesBelow(root).OrderBy(file => file.Path, StringComparer.Ordinal)];
        Manifest = ReadManifest();
    }

    public IReadOnlyList<CreationFile> Files { get; }
    public CreationManifest Manifest { get; }
    public long TotalBytes => Files.Sum(file => file.Bytes);
    public string Amount => $"{Files.Count} {(Files.Count == 1 ? "file" : "files")}, {Size(TotalBytes)}";
    public string Slug => Slugs().Replace(root.Name.ToLowerInvariant(), "-").Trim('-') is { Length: > 0 } slug ? slug : "creation";

    public static CreationFolder Open(DirectoryInfo root)
    {
        if (!root.Exists)
        {
            throw new MisuseException($"There is no folder {root}.", "Name the folder that holds your index.html.");
        }

        var folder = new CreationFolder(root);
        folder.Check();
        return folder;
    }

    /// <summary>What the page calls itself, for want of a topic.</summary>
    public string Title() => Match(Titles()) ?? root.Name;

    public string? Description() => Match(Descriptions());

    /// <summary>Said here, before anything travels; the server would say the same after the upload.</summary>
    private void Check()
    {
        if (Files.All(file => file.Path is not "index.html"))
        {
            throw new MisuseException($"{root} has no index.html.", "A creation opens with index.html at the root of its folder.");
        }

        if (Files.FirstOrDefault(file => file.Bytes > FileBytesMax) is { } big)
        {
            throw new MisuseException($"{big.Path} has {Size(big.Bytes)}; a file may have {Size(FileBytesMax)}.", "Make it smaller.");
        }

        if (Files.Count > FilesMax || TotalBytes > TotalBytesMax)
        {
            throw new MisuseException($"{Amount}: too much.",
                $"A creation may have {FilesMax} files and {Size(TotalBytesMax)}.");
        }
    }

    public static string Size(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1024 * 1024 => $"{bytes / 1024.0:0.#} KB",
        _ => $"{bytes / 1024.0 / 1024.0:0.#} MB",
    };

    /// <summary>Neither what is hidden nor what a package manager put there; links are not followed out of the folder.</summary>
    private static IEnumerable<CreationFile> FilesBelow(DirectoryInfo directory, string prefix = "")
    {
        foreach (var entry in directory.EnumerateFileSystemInfos())
        {
            if (entry.Name.StartsWith('.') || entry.Name is "node_modules" || entry.LinkTarget is not null)
            {
                continue;
            }

            var path = prefix + entry.Name;
            if (entry is DirectoryInfo below)
            {
                foreach (var file in FilesBelow(below, path + "/"))
                {
                    yield return file;
                }
            }
            else if (entry is FileInfo file && path is not ManifestName)
            {
                yield return new(path, file);
            }
        }
    }

    private CreationManifest ReadManifest()
    {
        var path = Path.Combine(root.FullName, ManifestName);
        if (!File.Exists(path))
        {
            return new();
        }

        try
        {
            return JsonSerializer.Deserialize<CreationManifest>(File.ReadAllText(path), Wire.Json) ?? new();
        }
        catch (JsonException problem)
        {
            var place = problem.Path is { Length: > 1 } field ? $"{field[2..]} is of the wrong kind" : "it is not valid JSON";
            throw new MisuseException($"{path} cannot be read: {place} (line {problem.LineNumber + 1}).",
                """Write it like {"topic":"…","description":"…","type":"report","tags":["…"]}""");
        }
    }

    private string? Match(Regex pattern)
    {
        var match = pattern.Match(File.ReadAllText(Path.Combine(root.FullName, "index.html")));
        return match.Success ? System.Net.WebUtility.HtmlDecode(match.Groups["text"].Value.Trim()) : null;
    }

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Slugs();

    [GeneratedRegex("<title[^>]*>(?<text>[^<]+)</title>", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Titles();

    [GeneratedRegex("""<meta\s+name=["']?description["']?\s+content="(?<text>[^"]+)""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Descriptions();
}

internal sealed record CreationFile(string Path, FileInfo Info)
{
    public long Bytes => Info.Length;
    public string ContentType => ContentTypes.Of(Path);
}

/// <summary>What creation.json may say.</summary>
internal sealed record CreationManifest
{
    public string? Topic { get; init; }
    public string? Description { get; init; }
    public string? Type { get; init; }
    public IReadOnlyList<string>? Tags { get; init; }
    public string? Category { get; init; }
    public string? Cover { get; init; }
    public string? Room { get; init; }
    public string? SourceDir { get; init; }
    public bool? HasAudio { get; init; }
    public bool? HasLiveData { get; init; }
    public string? ParentId { get; init; }
}
