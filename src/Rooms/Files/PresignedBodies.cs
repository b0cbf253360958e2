using Remix.Platform.Http;

namespace Remix.Rooms.Files;

/// <summary>How long a signed address may hold: an hour unless said otherwise, seven days at most, as with object stores.</summary>
internal static class PresignedLife
{
    public const int SecondsMax = 7 * 24 * 3600;

    private const int SecondsDefault = 3600;

    public static int Read(Fields fields) => (int)(fields.Number("expires_in", 1, SecondsMax) ?? SecondsDefault);
}

/// <param name="Size">The most bytes that the address will take.</param>
internal sealed record UploadFile(string Path, string? ContentType, long Size)
{
    public static UploadFile Of(Fields fields)
    {
        var path = fields.RequiredText("path", FilePath.LengthMax);
        if (path.Length > 0 && FilePath.Problem(path) is { } problem)
        {
            fields.Problem("path", $"'{path}' is no path of a file: {problem}", "invalid_string");
        }

        return new UploadFile(path, ReadType(fields), fields.Number("size", 1, RoomFiles.PresignedBytesMax) ?? RoomFiles.PresignedBytesMax);
    }

    private static string? ReadType(Fields fields)
    {
        var type = fields.Text("content_type", 100);
        if (type is { Length: > 0 } && !ContentTypes.IsType(type))
        {
            fields.Problem("content_type", $"'{type}' is no media type, such as text/csv", "invalid_string");
        }

        return type;
    }
}

internal sealed record UploadWish(string Path, string? ContentType, long? Size, int ExpiresIn) : IReadFields<UploadWish>
{
    internal UploadFile File => new(Path, ContentType, Size ?? RoomFiles.PresignedBytesMax);

    public static UploadWish Read(Fields fields)
    {
        var file = UploadFile.Of(fields);
        return new UploadWish(file.Path, file.ContentType, file.Size, PresignedLife.Read(fields));
    }
}

internal sealed record UploadWishes(IReadOnlyList<UploadFile> Files, int ExpiresIn) : IReadFields<UploadWishes>
{
    private const int FilesMax = 100;

    public static UploadWishes Read(Fields fields)
    {
        var files = fields.Required("files") ? fields.Objects("files", FilesMax) : [];
        if (fields.Read("files") is { ValueKind: System.Text.Json.JsonValueKind.Array } array && array.GetArrayLength() == 0)
        {
            fields.Problem("files", "Array must contain at least 1 element", "too_small");
        }

        return new UploadWishes([.. files.Select(UploadFile.Of)], PresignedLife.Read(fields));
    }
}

internal sealed record DownloadWish(string Path, int ExpiresIn) : IReadFields<DownloadWish>
{
    public static DownloadWish Read(Fields fields)
    {
        var file = UploadFile.Of(fields);
        return new DownloadWish(file.Path, PresignedLife.Read(fields));
    }
}

internal sealed record UploadUrlView(string Url, string Method, Dictionary<string, string> Headers, DateTime Expires, string Path);

internal sealed record DownloadUrlView(string Url, DateTime Expires, string Path);
