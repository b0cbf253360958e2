using System.Text;

namespace Remix.Creations.Scan;

/// <summary>One file of a creation; the path is relative to its source_dir, with forward slashes.</summary>
internal sealed record ScanFile(string Path, long Size, string ContentType, Func<ReadOnlyMemory<byte>> Content)
{
    public static ScanFile Of(string path, byte[] content, string contentType = "") =>
        new(path, content.Length, contentType, () => content);

    public static ScanFile Of(string path, string content, string contentType = "") =>
        Of(path, Encoding.UTF8.GetBytes(content), contentType);

    /// <summary>The extension in lower case, with its dot.</summary>
    public string Extension => System.IO.Path.GetExtension(Path).ToLowerInvariant();
}

/// <summary>
/// All that verification looks at: the files under source_dir and what the submission says about them.
/// </summary>
internal sealed record ScanSubject(
    IReadOnlyList<ScanFile> Files,
    string Topic,
    string Description,
    string Type,
    IReadOnlyList<string> Tags,
    string Cover)
{
    public const string EntryPoint = "index.html";
    public const string CoverDefault = "cover.svg";

    public ScanFile? Find(string path) =>
        Files.FirstOrDefault(file => string.Equals(file.Path, path, StringComparison.Ordinal));
}
