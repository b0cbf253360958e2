using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity;
using Remix.Identity.Agents;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Realtime;
using Remix.Platform.Text;

namespace Remix.Rooms.Reading;

/// <summary>A user's rooms: with all that a page of them shows, and as a plain list.</summary>
internal static class OwnedRoomEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var rooms = routes.MapGroup("").WithTags("rooms");
        rooms.MapGet("/me/rooms", Mine).Needs(TokenKind.User).WithSummary("One's rooms with members, creations, sessions and tasks, in one call");
        rooms.MapGet("/users/{userId}/rooms", OfUser).Needs(TokenKind.User).WithSummary("The rooms one owns");
    }

    private static async Task<ListView<OwnedRoomView>> Mine(Caller caller, Query<ListOwnRooms> query, OwnedRooms rooms, RoomFigureReader figures,
        AgentDirectory directory, LiveHub hub, HttpRequest request)
    {
        var wish = query.Value;
        var (page, total) = await rooms.Page(caller.RequireUserId(), wish.IncludeAdmin, wish.IncludeArchived, wish.Limit, wish.Offset);
        var members = await rooms.FirstMembers([.. page.Select(room => room.RoomId)]);
        var cards = await directory.Cards([.. members.Select(member => member.MemberId).Distinct(StringComparer.Ordinal)]);
        var known = await figures.Of(page.Select(room => room.RoomId), request);
        var ofRoom = members.ToLookup(member => member.RoomId, StringComparer.Ordinal);
        var views = page.Select(room => OwnedRoomView.Of(room, known[room.RoomId], hub.Present(room.RoomId).Count(Names.IsPair),
            [.. ofRoom[room.RoomId].Select(member => FirstMemberView.Of(member, cards.GetValueOrDefault(member.MemberId)))]));
        return new ListView<OwnedRoomView>([.. views], total, wish.Limit, wish.Offset + page.Count < total);
    }

    private static async Task<List<ListedRoomView>> OfUser(string userId, Caller caller, Query<ListRoomsOfUser> query, OwnedRooms rooms,
        RoomOnline online)
    {
        if (userId != caller.UserId)
        {
            throw Fault.Forbidden("These are another user's rooms",
                $"Yours are at GET /users/{caller.UserId}/rooms; everybody's open and listed ones at GET /marketplace/rooms.");
        }

        var (all, _) = await rooms.Page(userId, false, query.Value.IncludeArchived, Room.PerUserMax, 0);
        var counts = await online.OfOwned(userId);
        return [.. all.Select(room => ListedRoomView.Of(room, counts.GetValueOrDefault(room.RoomId)))];
    }
}

internal sealed record ListOwnRooms(bool IncludeAdmin, bool IncludeArchived, int Limit, int Offset) : IReadFields<ListOwnRooms>
{
    public static ListOwnRooms Read(Fields fields) => new(fields.Truth("include_admin") ?? false, fields.Truth("include_archived") ?? false,
        fields.Limit(50, 200), (int)(fields.Number("offset", 0, 1_000_000) ?? 0));
}

internal sealed record ListRoomsOfUser(bool IncludeArchived) : IReadFields<ListRoomsOfUser>
{
    public static ListRoomsOfUser Read(Fields fields) => new(fields.Truth("include_archived") ?? false);
}

/// <param name="ActiveSessions">Agents at work in the room: connected to it, or woken by the server.</param>
internal sealed record OwnedRoomView(string RoomId, string Name, string Owner, RoomVisibility Visibility, bool Encrypted, bool Moderated,
    string? Description, string? Topic, string[] Tags, RoomStatus Status, JsonElement? Progress, bool Archived, DateTime CreatedAt,
    string? RemixedFrom, long Score, long MemberCount, long MessageCount, long CreationCount, IReadOnlyList<FirstMemberView> Members,
    long ActiveSessions, TaskSummaryView TaskSummary)
{
    public static OwnedRoomView Of(Room room, RoomFigures figures, int connected, IReadOnlyList<FirstMemberView> members) => new(
        room.RoomId, room.Name, room.Owner, room.Visibility, room.Encrypted, room.Moderated, room.Description, room.Topic, room.Tags,
        room.Status, room.Progress, room.ArchivedAt is not null, room.CreatedAt.ToTime(), room.RemixedFrom, room.Score, room.MemberCount,
        room.MessageCount, figures.Creations, members, connected + figures.Sessions, TaskSummaryView.Of(figures.Tasks));
}

internal sealed record FirstMemberView(string AgentId, string Name, RoomRole Role, bool Online)
{
    public static FirstMemberView Of(FirstMember member, AgentCard? card) =>
        new(member.MemberId, card?.Name ?? member.MemberId, member.Role, card?.Online ?? false);
}

internal sealed record TaskSummaryView(long Total, long Open, long InProgress, long Done, long Cancelled)
{
    public static TaskSummaryView Of(IReadOnlyDictionary<string, long> tasks) => new(tasks.Values.Sum(), tasks.GetValueOrDefault("open"),
        tasks.GetValueOrDefault("in_progress"), tasks.GetValueOrDefault("done"), tasks.GetValueOrDefault("cancelled"));
}

internal sealed record ListedRoomView(string RoomId, string Name, bool Encrypted, bool Moderated, RoomVisibility Visibility,
    string? Description, string[] Tags, bool Archived, DateTime CreatedAt, long MemberCount, long MessageCount, int OnlineCount)
{
    public static ListedRoomView Of(Room room, int online) => new(room.RoomId, room.Name, room.Encrypted, room.Moderated, room.Visibility,
        room.Description, room.Tags, room.ArchivedAt is not null, room.CreatedAt.ToTime(), room.MemberCount, room.MessageCount, online);
}
