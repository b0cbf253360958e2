using System.IO.Compression;
using System.Text;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Zip;

/// <summary>
/// A ZIP file from outside whose entries are good: within their limits, each of one name, at paths that lead nowhere else,
/// plain files all. What is wrong is gathered and said at once. Folders are left out.
/// </summary>
internal sealed class CheckedZip : IDisposable
{
    public const int IssuesMax = 50;

    private const int NameLengthMax = 700;
    private const int UnixTypeMask = 0xF000;
    private const int UnixFile = 0x8000;
    private const int UnixFolder = 0x4000;
    private const int UnixLink = 0xA000;

    private readonly ZipArchive archive;
    private readonly Dictionary<string, ZipArchiveEntry> entries = new(StringComparer.Ordinal);

    private CheckedZip(ZipArchive archive, ZipLimits limits)
    {
        (this.archive, Limits) = (archive, limits);
    }

    public ZipLimits Limits { get; }

    public IReadOnlyDictionary<string, ZipArchiveEntry> Entries => entries;

    /// <summary>Opens the file, which is closed with it.</summary>
    public static CheckedZip Open(Stream file, ZipLimits limits)
    {
        ZipArchive? archive = null;
        try
        {
            var count = ZipDirectory.Count(file, limits.EntriesMax) ?? throw Broken(limits, "it has no directory at its end");
            if (count > limits.EntriesMax)
            {
                throw Bad(limits, [new Issue("too_big", [], $"A {limits.What} has at most {limits.EntriesMax} entries")]);
            }

            file.Position = 0;
            archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: false, Encoding.UTF8);
            var zip = new CheckedZip(archive, limits);
            var issues = new List<Issue>();
            zip.Check(issues, file.Length);
            return issues.Count == 0 ? zip : throw Bad(limits, issues);
        }
        catch (Exception e)
        {
            archive?.Dispose();
            file.Dispose();
            if (e is InvalidDataException or EndOfStreamException or OverflowException)
            {
                throw Broken(limits, e.Message);
            }

            throw;
        }
    }

    public bool Has(string path) => entries.ContainsKey(path);

    /// <summary>The bytes of an entry, checked as they are read: no more than it says it has, and no others than it was made of.</summary>
    public Stream Read(string path)
    {
        try
        {
            return new CheckedStream(entries[path], Limits);
        }
        catch (InvalidDataException e)
        {
            throw Broken(Limits, $"{path}: {e.Message}");
        }
    }

    public async Task<byte[]> Bytes(string path, int bytesMax, CancellationToken stop)
    {
        if (entries[path].Length > bytesMax)
        {
            throw Bad(Limits, [new Issue("too_big", [path], $"It has at most {bytesMax / 1024} KB")]);
        }

        await using var stream = Read(path);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, stop);
        return bytes.ToArray();
    }

    public void Dispose() => archive.Dispose();

    public static Fault Bad(ZipLimits limits, IReadOnlyList<Issue> issues) => new(400, $"BAD_{limits.What.ToUpperInvariant()}",
        $"The {limits.What} is not good: " + string.Join("; ", issues.Take(5).Select(issue =>
            issue.Path.Count == 0 ? issue.Message : $"{string.Join('.', issue.Path)}: {issue.Message}"))
        + (issues.Count > 5 ? $"; and {issues.Count - 5} more" : ""))
    {
        Details = issues,
        Hint = "Nothing was changed. Mend what details says, and send it again.",
    };

    public static Fault Broken(ZipLimits limits, string message) =>
        Bad(limits, [new Issue("invalid_zip", [], $"It cannot be read as a ZIP file; it may have been cut off ({message})")]);

    private void Check(List<Issue> issues, long bytes)
    {
        long unpacked = 0;
        foreach (var entry in archive.Entries)
        {
            unpacked += entry.Length;
            if (Problem(entry) is { } problem)
            {
                Add(new Issue("invalid_string", [Shown(entry.FullName)], problem));
            }
            else if (!entry.FullName.EndsWith('/') && !entries.TryAdd(entry.FullName, entry))
            {
                Add(new Issue("custom", [Shown(entry.FullName)], "It is there twice"));
            }
        }

        if (unpacked > Limits.UnpackedMax)
        {
            Add(new Issue("too_big", [], $"It unpacks to {unpacked} bytes, and may to {Limits.UnpackedMax / (1024 * 1024)} MB"));
        }

        if (unpacked > ZipLimits.RatioFree && unpacked / Limits.RatioMax > bytes)
        {
            Add(new Issue("too_big", [], $"It unpacks to more than {Limits.RatioMax} times its size, as only a bomb does"));
        }

        void Add(Issue issue)
        {
            if (issues.Count < IssuesMax)
            {
                issues.Add(issue);
            }
        }
    }

    private string? Problem(ZipArchiveEntry entry)
    {
        var type = (entry.ExternalAttributes >> 16) & UnixTypeMask;
        return type == UnixLink ? "It is a link" : type is not (0 or UnixFile or UnixFolder) ? "It is no plain file"
            : entry.IsEncrypted ? "It is encrypted"
            : entry.Length > ZipLimits.RatioFree && entry.Length / Limits.RatioMax > entry.CompressedLength
                ? $"It unpacks to more than {Limits.RatioMax} times its size, as only a bomb does"
            : NameProblem(entry.FullName);
    }

    private static string? NameProblem(string name)
    {
        var path = name.EndsWith('/') ? name[..^1] : name;
        return path.Length is 0 or > NameLengthMax ? $"A name has 1 to {NameLengthMax} characters"
            : path.StartsWith('/') || (path.Length > 1 && path[1] == ':') ? "Its path is absolute"
            : path.Any(letter => char.IsControl(letter) || letter is '\\' or '\uFFFD') || !Records.RecordContent.TextIsGood(path)
                ? "Its name holds a control character, a backslash, or what is no Unicode"
            : path.Split('/').Any(part => part is "." or "..") ? "Its path leads out of its folder"
            : path.Split('/').Any(part => part.Length == 0) ? "Its path has an empty part"
            : path.Contains(CloudNames.Reserved, StringComparison.OrdinalIgnoreCase) ? $"Names with {CloudNames.Reserved} are the system's"
            : null;
    }

    private static string Shown(string name) => new([.. (name.Length > 120 ? name[..119] + "…" : name).Select(letter =>
        char.IsControl(letter) ? '\uFFFD' : letter)]);
}
