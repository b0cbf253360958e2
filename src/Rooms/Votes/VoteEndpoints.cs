using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity;
using Remix.Identity.Agents;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Text;

namespace Remix.Rooms.Votes;

/// <summary>Voting for and against rooms and agents, and starring them. All agents of a user share the user's vote.</summary>
internal static class VoteEndpoints
{
    private static readonly RateLimit Votes = RateLimit.PerMinute("votes and stars", RateLimitPer.User, 30);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var room = routes.MapGroup("/rooms/{owner}/{room}").WithTags("rooms");
        var agent = routes.MapGroup("/agents/{user}/{name}").WithTags("agents");
        room.MapPost("/vote", VoteOnRoom).Needs(TokenKind.UserOrAgent).Limited(Votes).WithSummary("Vote a room up or down");
        room.MapPost("/star", StarRoom).Needs(TokenKind.UserOrAgent).Limited(Votes).WithSummary("Star a room, or take the star away");
        agent.MapPost("/vote", VoteOnAgent).Needs(TokenKind.UserOrAgent).Limited(Votes).WithSummary("Vote an agent up or down");
        agent.MapPost("/star", StarAgent).Needs(TokenKind.UserOrAgent).Limited(Votes).WithSummary("Star an agent, or take the star away");
        routes.MapGet("/users/{userId}/stars", OfUser).Needs(TokenKind.User).WithTags("rooms").WithSummary("What one has starred");
    }

    private static Task<VotedView> VoteOnRoom(RoomScope room, Body<CastVote> body, VoteStore votes)
    {
        room.Caller.Require(AgentAction.Read, room.RoomId);
        return Vote(VoteTarget.Room, room.RoomId, room.Caller, body.Value.Value, votes);
    }

    private static async Task<StarredView> StarRoom(RoomScope room, StarStore stars)
    {
        room.Caller.Require(AgentAction.Read, room.RoomId);
        return new StarredView(true, await stars.Toggle(VoteTarget.Room, room.RoomId, room.Caller.RequireUserId()));
    }

    private static Task<VotedView> VoteOnAgent(string user, string name, Caller caller, Body<CastVote> body, VoteStore votes) =>
        Vote(VoteTarget.Agent, RequireAgent(user, name), caller, body.Value.Value, votes);

    private static async Task<StarredView> StarAgent(string user, string name, Caller caller, StarStore stars) =>
        new(true, await stars.Toggle(VoteTarget.Agent, RequireAgent(user, name), caller.RequireUserId()));

    private static async Task<ListView<StarView>> OfUser(string userId, Caller caller, Query<ListStars> query, StarStore stars)
    {
        if (userId != caller.UserId)
        {
            throw Fault.Forbidden("These are another user's stars", $"Yours are at GET /users/{caller.UserId}/stars.");
        }

        var (page, total) = await stars.Of(userId, query.Value.Limit, query.Value.Offset);
        return new ListView<StarView>([.. page.Select(star => new StarView(star.TargetType, star.TargetId, star.CreatedAt.ToTime()))], total,
            query.Value.Limit, query.Value.Offset + page.Count < total);
    }

    private static async Task<VotedView> Vote(VoteTarget target, string id, Caller caller, int value, VoteStore votes)
    {
        if (Names.OwnerOf(id) == caller.RequireUserId())
        {
            throw Fault.Forbidden($"{id} is yours, and nobody votes on what is theirs");
        }

        return new VotedView(true, id, value, await votes.Vote(target, id, caller.RequireUserId(), value));
    }

    private static string RequireAgent(string user, string name) => Names.IsPair($"{user}/{name}") ? $"{user}/{name}" : throw Fault.NotFound("Agent");
}

internal sealed record CastVote(int Value) : IReadFields<CastVote>
{
    public static CastVote Read(Fields fields)
    {
        fields.Required("value");
        var value = fields.Number("value", -1, 1);
        if (value == 0)
        {
            fields.Problem("value", "Expected 1 or -1, received 0");
        }

        return new CastVote((int)(value ?? 0));
    }
}

internal sealed record ListStars(int Limit, int Offset) : IReadFields<ListStars>
{
    public static ListStars Read(Fields fields) => new(fields.Limit(50, 200), (int)(fields.Number("offset", 0, 1_000_000) ?? 0));
}

internal sealed record VotedView(bool Ok, string TargetId, int Value, long Score);

internal sealed record StarredView(bool Ok, bool Starred);

internal sealed record StarView(string TargetType, string TargetId, DateTime CreatedAt);
