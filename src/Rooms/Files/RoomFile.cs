namespace Remix.Rooms.Files;

/// <summary>A path of a room's working tree and the blob it names.</summary>
/// <param name="Revision">Grows by one with each change of the path.</param>
public sealed record RoomFile(string RoomId, string Path, string Sha256, long Size, string ContentType,
    long Revision, string UpdatedBy, long UpdatedAt);

/// <summary>What a path held at one time; no blob when it was deleted.</summary>
internal sealed record RoomFileRevision(long Revision, string? Sha256, long Size, string? ContentType, string By, long At);

/// <summary>What is to be stored where, and on what condition.</summary>
/// <param name="BytesMax">Longer is refused.</param>
internal sealed record FileUpload(string Path, string ContentType, long BytesMax, FileCondition Condition);
