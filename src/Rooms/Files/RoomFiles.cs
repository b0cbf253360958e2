using System.Data.Common;
using Remix.Platform.Blobs;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Rooms.Files;

/// <summary>The working trees of rooms: paths that name blobs, and what they named before.</summary>
public sealed class RoomFiles(Database database, RoomLog log, BlobStore blobs, TimeProvider clock)
{
    /// <summary>Largest file that is sent straight to its path.</summary>
    public const long DirectBytesMax = 10 * 1024 * 1024;

    /// <summary>Largest file that is sent to a signed address.</summary>
    public const long PresignedBytesMax = 200 * 1024 * 1024;

    public const int FilesMax = 10_000;

    /// <summary>The room's instructions, by convention.</summary>
    public const string Readme = "README.md";

    /// <summary>What came of it so far, by convention; the room's public brief shows it.</summary>
    public const string Summary = "SUMMARY.md";

    private const string Columns = "room_id, path, sha256, size, content_type, revision, updated_by, updated_at";

    /// <summary>Files below a folder ("" for all), by path.</summary>
    public Task<List<RoomFile>> List(string roomId, string folder, int limit = FilesMax, string after = "") => database.Read(session => session.Query($"""
        select {Columns} from room_files
        where room_id = $1 and path > $2 and ($3 = '' or substr(path, 1, length($3)) = $3) order by path limit $4
        """, Row, roomId, after, Below(folder), limit));

    public async Task<RoomFile?> Find(string roomId, string path) => await database.Read(session =>
        session.First($"select {Columns} from room_files where room_id = $1 and path = $2", Row, roomId, path));

    public Task<long> Count(string roomId, string folder = "") => database.Read(session => session.Scalar<long>(
        "select count(*) from room_files where room_id = $1 and ($2 = '' or substr(path, 1, length($2)) = $2)", roomId, Below(folder)));

    /// <summary>The file as text, cut at the given length; null when there is none.</summary>
    public async Task<string?> Text(string roomId, string path, int charactersMax)
    {
        if (await Find(roomId, path) is not { } file)
        {
            return null;
        }

        await using var content = blobs.Open(file.Sha256);
        using var reader = new StreamReader(content);
        var text = new char[charactersMax];
        return new string(text, 0, await reader.ReadBlockAsync(text)).Replace("\0", "", StringComparison.Ordinal);
    }

    /// <summary>
    /// Stores the content and lets the path name it; durable when it returns. The same content again changes nothing.
    /// </summary>
    public Task<(RoomFile File, bool IsNew)> Put(string roomId, string path, Stream content, string contentType, string by,
        CancellationToken cancel) =>
        Put(roomId, new FileUpload(path, contentType, DirectBytesMax, FileCondition.None), content, by, cancel);

    internal async Task<(RoomFile File, bool IsNew)> Put(string roomId, FileUpload upload, Stream content, string by, CancellationToken cancel)
    {
        var blob = await Store(roomId, upload, content, cancel);
        var head = new byte[ContentSniffing.HeadBytes];
        int length;
        await using (var stored = blobs.Open(blob.Sha256))
        {
            length = await stored.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancel);
        }

        return length > 0
            ? await Name(roomId, upload.Path, blob, ContentSniffing.Checked(upload.Path, upload.ContentType, head.AsSpan(0, length)), by,
                upload.Condition)
            : throw Fault.BadRequest("EMPTY_FILE", $"The file {upload.Path} has no bytes",
                "Send its content as the request's body, for example with curl --data-binary @file.");
    }

    private async Task<Blob> Store(string roomId, FileUpload upload, Stream content, CancellationToken cancel)
    {
        try
        {
            return await blobs.Put(content, upload.BytesMax, cancel);
        }
        catch (Fault fault) when (fault.Status == 413)
        {
            throw FileTransfer.TooLarge(roomId, upload);
        }
    }

    /// <summary>Lets a path name a blob that is stored already.</summary>
    public Task<(RoomFile File, bool IsNew)> Name(string roomId, string path, Blob blob, string contentType,
        string by, FileCondition? condition = null) => database.Write(async session =>
    {
        await EventLog.Hold(session, roomId);
        var before = await session.First($"select {Columns} from room_files where room_id = $1 and path = $2", Row, roomId, path);
        condition?.Require(path, before?.Sha256);
        if (before is not null && before.Sha256 == blob.Sha256 && before.ContentType == contentType)
        {
            return (before, false);
        }

        if (before is null)
        {
            await RequireRoomFor(session, roomId, path);
        }

        var file = new RoomFile(roomId, path, blob.Sha256, blob.Size, contentType, await NextRevision(session, roomId, path), by, clock.NowMs());
        await session.Execute($"""
            insert into room_files ({Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (room_id, path) do update set sha256 = excluded.sha256, size = excluded.size, content_type = excluded.content_type,
                revision = excluded.revision, updated_by = excluded.updated_by, updated_at = excluded.updated_at
            """, roomId, path, file.Sha256, file.Size, contentType, file.Revision, by, file.UpdatedAt);
        await Keep(session, roomId, path, new RoomFileRevision(file.Revision, file.Sha256, file.Size, contentType, by, file.UpdatedAt));
        await log.Record(session, roomId, RoomEvents.FileUpdate, by,
            new { room_id = roomId, file_name = path, size = file.Size, sha256 = file.Sha256, revision = file.Revision, updated_by = by });
        return (file, before is null);
    });

    /// <summary>Takes a path out of the tree; what it named stays in its history.</summary>
    public Task Delete(string roomId, string path, string by, FileCondition? condition = null) => database.Write(async session =>
    {
        await EventLog.Hold(session, roomId);
        condition?.Require(path, await session.Scalar<string>("select sha256 from room_files where room_id = $1 and path = $2", roomId, path));
        if (await session.Execute("delete from room_files where room_id = $1 and path = $2", roomId, path) == 0)
        {
            throw Fault.NotFound("File");
        }

        await Keep(session, roomId, path, new RoomFileRevision(await NextRevision(session, roomId, path), null, 0, null, by, clock.NowMs()));
        await log.Record(session, roomId, RoomEvents.FileDelete, by, new { room_id = roomId, file_name = path, deleted_by = by });
    });

    internal Task<List<RoomFileRevision>> History(string roomId, string path) => database.Read(session => session.Query("""
        select revision, sha256, size, content_type, by, at from room_file_revisions where room_id = $1 and path = $2 order by revision desc limit 1000
        """, Revision, roomId, path));

    internal Task<RoomFileRevision?> FindRevision(string roomId, string path, long revision) => database.Read(session => session.First("""
        select revision, sha256, size, content_type, by, at from room_file_revisions where room_id = $1 and path = $2 and revision = $3
        """, Revision, roomId, path, revision));

    private static string Below(string folder) => folder.Length == 0 ? "" : folder.TrimEnd('/') + "/";

    private static async ValueTask RequireRoomFor(SqlSession session, string roomId, string path)
    {
        if (await session.Scalar<long>("select count(*) from room_files where room_id = $1", roomId) >= FilesMax)
        {
            throw Fault.Conflict("TOO_MANY_FILES", $"A room has at most {FilesMax} files", "Delete what is no longer needed.");
        }

        // A path is either a file or a folder, else the tree could not be unpacked anywhere.
        var folders = path.Split('/').SkipLast(1).Aggregate(new List<string>(), (all, part) => [.. all, all.Count == 0 ? part : $"{all[^1]}/{part}"]);
        foreach (var folder in folders)
        {
            if (await session.Scalar<long>("select count(*) from room_files where room_id = $1 and path = $2", roomId, folder) > 0)
            {
                throw Fault.Conflict("NOT_A_FOLDER", $"{folder} is a file, so nothing can lie below it");
            }
        }

        if (await session.Scalar<string>("select path from room_files where room_id = $1 and path > $2 and path < $3 limit 1", roomId, path + "/", path + "0") is { } below)
        {
            throw Fault.Conflict("IS_A_FOLDER", $"{path} is a folder: {below} lies below it");
        }
    }

    private static async ValueTask<long> NextRevision(SqlSession session, string roomId, string path) => 1 + await session.Scalar<long>(
        "select coalesce(max(revision), 0) from room_file_revisions where room_id = $1 and path = $2", roomId, path);

    private static ValueTask<int> Keep(SqlSession session, string roomId, string path, RoomFileRevision revision) => session.Execute("""
        insert into room_file_revisions (room_id, path, revision, sha256, size, content_type, by, at) values ($1, $2, $3, $4, $5, $6, $7, $8)
        """, roomId, path, revision.Revision, revision.Sha256, revision.Size, revision.ContentType, revision.By, revision.At);

    private static RoomFile Row(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetString(4), row.GetInt64(5), row.GetString(6), row.GetInt64(7));

    private static RoomFileRevision Revision(DbDataReader row) =>
        new(row.GetInt64(0), row.Text(1), row.GetInt64(2), row.Text(3), row.GetString(4), row.GetInt64(5));
}
