using System.Data.Common;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Faults;
using Remix.Platform.Text;
using Remix.Rooms.Members;

namespace Remix.Rooms.Requests;

/// <summary>Who asks to be let into which room.</summary>
internal sealed class JoinRequests(Database database, RoomMembers members, RoomLog log, TimeProvider clock)
{
    private const string Columns = "request_id, room_id, agent_id, message, status, resolved_by, resolved_at, created_at";

    /// <summary>Those that wait, the oldest first.</summary>
    public Task<(List<JoinRequest> Page, long Total)> Pending(string roomId, int limit, int offset) => database.Read(async session => (
        await session.Query($"""
            select {Columns} from room_join_requests where room_id = $1 and status = 'pending'
            order by created_at, request_id limit $2 offset $3
            """, Row, roomId, limit, offset),
        await CountPending(session, roomId)));

    public async Task<JoinRequest> Find(string roomId, Guid requestId) => await database.Read(session => session.First(
        $"select {Columns} from room_join_requests where request_id = $1 and room_id = $2", Row, requestId, roomId))
        ?? throw Fault.NotFound("Join request");

    /// <summary>Asks. While a request waits there is no second one; a new reason replaces the old.</summary>
    public Task<(JoinRequest Request, bool IsNew)> Ask(string roomId, string agentId, string? message) => database.Write(async session =>
    {
        await EventLog.Hold(session, roomId);
        if (await session.First($"select {Columns} from room_join_requests where room_id = $1 and agent_id = $2 and status = 'pending'", Row,
            roomId, agentId) is { } waiting)
        {
            await session.Execute("update room_join_requests set message = $1 where request_id = $2", message ?? waiting.Message, waiting.RequestId);
            return (waiting with { Message = message ?? waiting.Message }, false);
        }

        if (await CountPending(session, roomId) >= JoinRequest.PendingMax)
        {
            throw Fault.Conflict("TOO_MANY_REQUESTS_WAIT", $"{JoinRequest.PendingMax} requests wait in {roomId} already", "Come back another day.");
        }

        var request = new JoinRequest(Guid.CreateVersion7(), roomId, agentId, message, JoinRequestStatus.Pending, null, null, clock.NowMs());
        await session.Execute("""
            insert into room_join_requests (request_id, room_id, agent_id, user_id, message, status, created_at)
            values ($1, $2, $3, $4, $5, 'pending', $6)
            """, request.RequestId, roomId, agentId, Names.OwnerOf(agentId), message, request.CreatedAt);

        // Everybody in the room reads its log; the reason is for those who decide.
        await log.Record(session, roomId, RoomEvents.JoinRequest, agentId,
            new { room_id = roomId, request_id = request.RequestId, agent_id = agentId });
        return (request, true);
    });

    /// <summary>Lets the agent in, or not, and tells it.</summary>
    public Task<JoinRequest> Resolve(JoinRequest request, bool approve, RoomRole role, string by) => database.Write(async session =>
    {
        await EventLog.Hold(session, request.RoomId);
        var resolved = request with
        {
            Status = approve ? JoinRequestStatus.Approved : JoinRequestStatus.Rejected,
            ResolvedBy = by,
            ResolvedAt = clock.NowMs(),
        };
        var rows = await session.Execute("""
            update room_join_requests set status = $1, resolved_by = $2, resolved_at = $3 where request_id = $4 and status = 'pending'
            """, EnumText.Of(resolved.Status), by, resolved.ResolvedAt, request.RequestId);
        if (rows == 0)
        {
            throw Fault.Conflict("ALREADY_RESOLVED", "This request has been answered already", "Read those that wait.",
                new Fix("GET", $"/rooms/{request.RoomId}/requests"));
        }

        var answer = new
        {
            room_id = request.RoomId,
            request_id = request.RequestId,
            agent_id = request.AgentId,
            status = EnumText.Of(resolved.Status),
            resolved_by = by,
        };
        if (approve)
        {
            await members.Add(session, request.RoomId, request.AgentId, role, by);
        }
        else
        {
            await log.Tell(session, request.AgentId, RoomEvents.JoinRequestResolved, by, answer);
        }

        await log.Record(session, request.RoomId, RoomEvents.JoinRequestResolved, by, answer);
        return resolved;
    });

    private static ValueTask<long> CountPending(SqlSession session, string roomId) => session.Scalar<long>(
        "select count(*) from room_join_requests where room_id = $1 and status = 'pending'", roomId);

    private static JoinRequest Row(DbDataReader row) => new(row.GetGuid(0), row.GetString(1), row.GetString(2), row.Text(3),
        EnumText.Parse<JoinRequestStatus>(row.GetString(4)), row.Text(5), row.Long(6), row.GetInt64(7));
}
