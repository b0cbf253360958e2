using Remix.Platform.Http;

namespace Remix.Rooms.Sharing;

/// <summary>A link under which a room's conversation can be read, by whoever holds it. Times are Unix milliseconds.</summary>
public sealed record RoomShare(string Token, string RoomId, string Title, string CreatedBy, long CreatedAt, long? ExpiresAt)
{
    internal const int TitleLengthMax = 200;
    internal const int PerRoomMax = 100;
    internal const int LifeSecondsMin = 60;
    internal const int LifeSecondsMax = 366 * 24 * 3600;
    internal const int TokenLengthMax = 64;
}

internal sealed record CreateShare(string? Title, int? ExpiresIn) : IReadFields<CreateShare>
{
    public static CreateShare Read(Fields fields) => new(
        fields.Text("title", RoomShare.TitleLengthMax, 1), (int?)fields.Number("expires_in", RoomShare.LifeSecondsMin, RoomShare.LifeSecondsMax));
}
