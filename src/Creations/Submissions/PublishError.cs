using Remix.Platform.Faults;

namespace Remix.Creations.Submissions;

/// <summary>Why a creation whose content is fine could not be put up: a stable code, a sentence, what to do.</summary>
internal sealed record PublishError(string Code, string Error, string Hint)
{
    public const int FilesMax = 500;
    public const long FileBytesMax = 10 * 1024 * 1024;
    public const long TotalBytesMax = 50 * 1024 * 1024;

    private const string Retry = "then call POST /creations/:id/publish; nothing else needs to be written anew.";

    public static PublishError SourceEmpty(string folder) => new("SOURCE_EMPTY", $"There are no files in {folder}",
        $"Upload index.html and the cover with PUT /rooms/:owner/:room/files/{Prefix(folder)}…, {Retry}");

    public static PublishError EntryPointMissing(string folder) => new("ENTRY_POINT_MISSING", $"Entry point {Prefix(folder)}index.html is missing",
        $"Upload it with PUT /rooms/:owner/:room/files/{Prefix(folder)}index.html, {Retry}");

    /// <summary>The sizes that a creation may have; these are answered with 413.</summary>
    public static PublishError? OfSizes(IReadOnlyCollection<(string Path, long Size)> files)
    {
        if (files.Count > FilesMax)
        {
            return new("TOO_MANY_FILES", $"{files.Count} files; a creation has at most {FilesMax}", $"Delete or join some, {Retry}");
        }

        if (files.Where(file => file.Size > FileBytesMax).Select(file => file.Path).FirstOrDefault() is { } large)
        {
            return new("FILE_TOO_LARGE", $"{large} is larger than {FileBytesMax >> 20} MB", $"Make it smaller, {Retry}");
        }

        return files.Sum(file => file.Size) > TotalBytesMax
            ? new("TOTAL_SIZE_EXCEEDED", $"{files.Sum(file => file.Size) >> 20} MB in all; a creation has at most {TotalBytesMax >> 20} MB", $"Make some files smaller, {Retry}")
            : null;
    }

    /// <summary>With the addresses of the creation in its hint.</summary>
    public PublishError Of(Creation creation) =>
        In(creation.RoomId, Hint.Replace(":id", creation.Id.ToString(), StringComparison.Ordinal));

    /// <summary>As it is said to who only tried, and so has no creation yet.</summary>
    public PublishError BeforeSubmitting(string roomId) =>
        In(roomId, Hint.Replace(Retry, "then submit.", StringComparison.Ordinal));

    private PublishError In(string roomId, string hint) =>
        this with { Hint = hint.Replace(":owner/:room", roomId, StringComparison.Ordinal) };

    public Fault TooLarge(Creation creation) => new(413, Code, Error)
    {
        Hint = Hint,
        Extra = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["id"] = creation.Id,
            ["status"] = "pending_review",
            ["room_id"] = creation.RoomId
        },
        Fix = new Fix("POST", $"/creations/{creation.Id}/publish"),
    };

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsSize => Code is "TOO_MANY_FILES" or "FILE_TOO_LARGE" or "TOTAL_SIZE_EXCEEDED";

    private static string Prefix(string folder) => folder == "." ? "" : folder + "/";
}
