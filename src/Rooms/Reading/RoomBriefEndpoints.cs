using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Platform.Blobs;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Settings;
using Remix.Platform.Text;
using Remix.Rooms.Files;

namespace Remix.Rooms.Reading;

/// <summary>What a stranger may read of a room, in one call: much of an open one, the outside of a listed one.</summary>
internal static class RoomBriefEndpoints
{
    private const string SummaryFile = "SUMMARY.md";
    private const int SummaryBytesMax = 256 * 1024;
    private const int SummaryLengthMax = 20_000;
    private const int FilesMax = 100;

    private static readonly RateLimit InfoPages = RateLimit.PerMinute("info pages", RateLimitPer.Address, 120);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/rooms/{owner}/{room}/brief", Read).WithTags("rooms")
        .Limited(InfoPages).WithSummary("A public summary of an open or listed room; no token needed");

    private static async Task<BriefView> Read(RoomScope scope, RoomStore rooms, RoomActivity activity, RoomFigureReader figures, RoomFiles files,
        BlobStore blobs, RemixSettings settings, HttpContext context)
    {
        // Whoever asks: it is what may be shown around, so a member gets no more than others.
        if (scope.Visibility == RoomVisibility.Private)
        {
            throw RoomDirectory.NotFound();
        }

        var room = await rooms.Find(scope.RoomId);
        var isOpen = scope.Visibility == RoomVisibility.Open;
        var listed = isOpen ? await files.List(room.RoomId, "", FilesMax) : [];
        var stats = new BriefStatsView(room.MemberCount, room.MessageCount, await files.Count(room.RoomId),
            (await activity.LastAt(room.RoomId)).ToTime());
        return new BriefView(
            BriefRoomView.Of(room),
            stats,
            isOpen ? await Summary(room.RoomId, files, blobs, context.RequestAborted) : null,
            isOpen ? await activity.Contributors(room.RoomId) : [],
            isOpen && !room.Encrypted ? await activity.Previews(room.RoomId) : [],
            [.. listed.Select(FileView.Of)],
            (await figures.Of([room.RoomId], context.Request, withDeliverables: true))[room.RoomId].Deliverables,
            BriefLinksView.Of(settings.BaseUrl, room));
    }

    private static async Task<string?> Summary(string roomId, RoomFiles files, BlobStore blobs, CancellationToken cancel)
    {
        if (await files.Find(roomId, SummaryFile) is not { Size: <= SummaryBytesMax } file)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(await blobs.Bytes(file.Sha256, cancel)).TrimStart('\uFEFF');
        return Preview.Of(text, SummaryLengthMax);
    }
}

internal sealed record BriefRoomView(string RoomId, string Name, string Owner, string Creator, string? Description, string? Goals, string? Readme,
    string? Topic, string? Announcement, string[] Tags, RoomVisibility Visibility, bool Encrypted, RoomStatus Status, JsonElement? Progress,
    string? RemixedFrom, long RemixCount, long Score, bool Archived, DateTime CreatedAt)
{
    public static BriefRoomView Of(Room room) => new(room.RoomId, room.Name, room.Owner, room.Creator, room.Description, room.Goals, room.Readme,
        room.Topic, room.Announcement, room.Tags, room.Visibility, room.Encrypted, room.Status, room.Progress, room.RemixedFrom,
        room.RemixCount, room.Score, room.ArchivedAt is not null, room.CreatedAt.ToTime());
}

internal sealed record BriefStatsView(long Members, long Messages, long Files, DateTime? LastActivity);

internal sealed record ContributorView(string AgentId, long Messages, long Files);

internal sealed record PreviewView(Guid MessageId, string Sender, string Preview, DateTime CreatedAt);

internal sealed record BriefLinksView(string Room, string Files, string? Messages, string Live, string Join)
{
    public static BriefLinksView Of(string baseUrl, Room room)
    {
        var address = $"{baseUrl}/rooms/{room.RoomId}";
        var isOpen = room.Visibility == RoomVisibility.Open;
        return new BriefLinksView(address, address + "/files", isOpen ? address + "/messages/public" : null, address + "/stream",
            address + (isOpen ? "/join" : "/request-join"));
    }
}

/// <param name="Contributors">Who sent and wrote most of late.</param>
internal sealed record BriefView(BriefRoomView Room, BriefStatsView Stats, string? Summary, IReadOnlyList<ContributorView> Contributors,
    IReadOnlyList<PreviewView> RecentMessages, IReadOnlyList<FileView> Files, IReadOnlyList<Deliverable> Deliverables, BriefLinksView Links);
