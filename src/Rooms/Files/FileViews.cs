using System.Text.Json.Serialization;
using Remix.Platform.Http;
using Remix.Platform.Text;

namespace Remix.Rooms.Files;

internal sealed record ListFiles(string? Prefix, int Limit, string? After, string? Cursor) : IReadFields<ListFiles>
{
    public static ListFiles Read(Fields fields)
    {
        var cursor = fields.Text("cursor", FilePath.LengthMax);
        return new ListFiles(fields.Text("prefix", FilePath.LengthMax), fields.Limit(1_000, RoomFiles.FilesMax),
            fields.Text("after", FilePath.LengthMax) ?? cursor, cursor);
    }
}

internal sealed record ReadFile(long? Revision, bool History) : IReadFields<ReadFile>
{
    public static ReadFile Read(Fields fields) => new(fields.Number("revision", 1, int.MaxValue), fields.Truth("history") ?? false);
}

internal sealed record RestoreFile(string Path, long Revision) : IReadFields<RestoreFile>
{
    public static RestoreFile Read(Fields fields)
    {
        var path = fields.RequiredText("path", FilePath.LengthMax);
        return new RestoreFile(path, fields.Required("revision") ? fields.Number("revision", 1, int.MaxValue) ?? 0 : 0);
    }
}

/// <param name="NextCursor">Where the next page begins: give it as <c>cursor</c> (or <c>after</c>). Not there on the last page.</param>
internal sealed record FileListView(IReadOnlyList<FileView> Items, long Total, int Limit, bool HasMore,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

internal sealed record FileView(string Path, string Name, long Size, string ContentType, string Sha256,
    long Revision, string UpdatedBy, DateTime UpdatedAt)
{
    public static FileView Of(RoomFile file) => new(
        file.Path, file.Path[(file.Path.LastIndexOf('/') + 1)..], file.Size, file.ContentType, file.Sha256,
            file.Revision, file.UpdatedBy, file.UpdatedAt.ToTime());
}

internal sealed record RevisionView(long Revision, bool Deleted, long Size, string? Sha256,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ContentType, string By, DateTime At)
{
    public static RevisionView Of(RoomFileRevision revision) => new(
        revision.Revision, revision.Sha256 is null, revision.Size, revision.Sha256, revision.ContentType, revision.By, revision.At.ToTime());
}
