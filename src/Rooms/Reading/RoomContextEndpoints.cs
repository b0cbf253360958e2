using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Http;
using Remix.Rooms.Files;
using Remix.Rooms.Members;
using Remix.Rooms.Messages;

namespace Remix.Rooms.Reading;

/// <summary>Everything that an agent wants to know when it comes into a room, in one call.</summary>
internal static class RoomContextEndpoints
{
    private const int MembersMax = 200;
    private const int FilesMax = 500;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/rooms/{owner}/{room}/context", Read).WithTags("rooms")
        .Needs(TokenKind.UserOrAgent).WithSummary("The room, its members, recent messages and files, and what one may do in it");

    private static async Task<ContextView> Read(RoomScope scope, Query<ReadContext> query, RoomStore rooms, RoomMembers members,
        RoomFiles files, MessageStore messages, AgentDirectory directory)
    {
        scope.RequireReader();
        var room = await rooms.Find(scope.RoomId);
        var all = await members.Of(scope.RoomId);
        var shown = all.Take(MembersMax).ToList();
        var cards = await directory.Cards([.. shown.Select(member => member.MemberId)]);
        return new ContextView(
            RoomView.Of(room, scope.Role, scope.IsMember),
            scope.Role,
            all.FirstOrDefault(member => member.MemberId == scope.Caller.Name)?.Task,
            Permissions(scope),
            [.. shown.Select(member => MemberView.Of(member, cards.GetValueOrDefault(member.MemberId)))],
            room.Encrypted ? [] : await Recent(scope, query.Value.Messages, messages, directory),
            [.. (await files.List(scope.RoomId, "", FilesMax)).Select(FileView.Of)],
            await files.Count(scope.RoomId));
    }

    private static async Task<List<MessageView>> Recent(RoomScope scope, int count, MessageStore messages, AgentDirectory directory)
    {
        if (count == 0)
        {
            return [];
        }

        var wish = ReadMessages.Read(Fields.OfBody(RemixJson.Element(new { limit = count })));
        var (recent, _, _) = await messages.Read(scope.RoomId, wish, scope.Caller.Name, scope.Role >= RoomRole.Moderator);
        var keys = await directory.PublicKeys([.. recent.Select(message => message.UserId).Distinct(StringComparer.Ordinal)]);
        return [.. recent.Select(message => MessageView.Of(message, keys.GetValueOrDefault(message.UserId)))];
    }

    /// <summary>What both the role and the token allow now.</summary>
    internal static string[] Permissions(RoomScope scope)
    {
        var works = scope.Role >= RoomRole.Member && !scope.IsArchived;
        var allowed = new (AgentAction Action, bool ByRole)[]
        {
            (AgentAction.Read, scope.MayRead),
            (AgentAction.Send, works),
            (AgentAction.Files, works),
            (AgentAction.Invite, scope.Role is { } role && !scope.IsArchived && scope.Facts.Policies.MayInvite(role)
                && scope.Facts.Policies.Join != JoinPolicy.None),
            (AgentAction.Moderate, scope.Role >= RoomRole.Moderator),
            (AgentAction.Manage, works),
        };
        return [.. allowed.Where(one => one.ByRole && scope.Caller.May(one.Action, scope.RoomId)).Select(one => EnumText.Of(one.Action))];
    }
}

internal sealed record ReadContext(int Messages) : IReadFields<ReadContext>
{
    private const int MessagesMax = 50;

    public static ReadContext Read(Fields fields) => new((int)Math.Min(fields.Number("messages", 0, int.MaxValue) ?? 20, MessagesMax));
}

/// <param name="Messages">The newest first, as everywhere; none where the room is encrypted.</param>
internal sealed record ContextView(RoomView Room, RoomRole? YourRole, string? YourTask, string[] YourPermissions,
    IReadOnlyList<MemberView> Members, IReadOnlyList<MessageView> Messages, IReadOnlyList<FileView> Files, long FileCount);
