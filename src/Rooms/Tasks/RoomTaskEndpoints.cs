using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Text;

namespace Remix.Rooms.Tasks;

/// <summary>A room's to-do board.</summary>
internal static class RoomTaskEndpoints
{
    private static readonly RateLimit Changes = RateLimit.PerMinute("task operations", RateLimitPer.User, 60);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var tasks = routes.MapGroup("/rooms/{owner}/{room}/tasks").WithTags("tasks");
        tasks.MapGet("", Board).Needs(TokenKind.UserOrAgent).WithSummary("The tasks, open ones first, then by priority");
        tasks.MapPost("", Create).Needs(TokenKind.UserOrAgent).Limited(Changes).Produces<RoomTaskView>(201)
            .WithSummary("Create a task");
        tasks.MapPatch("/{taskId}", Update).Needs(TokenKind.UserOrAgent).Limited(Changes).WithSummary("Change a task; null clears");
        tasks.MapPost("/{taskId}/assign", AssignToSelf).Needs(TokenKind.UserOrAgent).Limited(Changes)
            .WithSummary("Take a task: one becomes its assignee, and it is in progress");
        tasks.MapDelete("/{taskId}", Delete).Needs(TokenKind.UserOrAgent).Limited(Changes).WithSummary("Delete a task");
        tasks.MapPost("/{taskId}/log", Log).Needs(TokenKind.UserOrAgent).Limited(Changes).WithSummary("Append to a task's log");
    }

    private static async Task<List<RoomTaskView>> Board(RoomScope room, Query<ListRoomTasks> query, RoomTasks tasks)
    {
        room.Require(RoomRole.Readonly, AgentAction.Read);
        return [.. (await tasks.Of(room.RoomId, query.Value)).Select(RoomTaskView.Of)];
    }

    private static async Task<IResult> Create(RoomScope room, Body<CreateRoomTask> body, RoomTasks tasks,
        AgentDirectory directory, TimeProvider clock)
    {
        RequireWriter(room);

        var wish = body.Value;
        await RequireAssignee(wish.Assignee, directory);
        var now = clock.NowMs();
        var task = new RoomTask
        {
            Id = Guid.CreateVersion7(),
            RoomId = room.RoomId,
            UserId = room.Caller.RequireUserId(),
            CreatedBy = room.Caller.Name,
            Title = wish.Title,
            Description = wish.Description,
            Priority = wish.Priority,
            Type = wish.Type,
            Assignee = wish.Assignee,
            Metadata = wish.Metadata ?? RoomPolicies.NoConfig,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await tasks.Create(task);
        return TypedResults.Json(RoomTaskView.Of(task), RemixJson.Options, statusCode: 201);
    }

    private static async Task<RoomTaskView> Update(RoomScope room, string taskId, Body<ChangeRoomTask> body, RoomTasks tasks,
        AgentDirectory directory, TimeProvider clock)
    {
        RequireWriter(room);

        var wish = body.Value;
        await RequireAssignee(wish.Assignee, directory);
        return RoomTaskView.Of(await tasks.Change(room.RoomId, Id(taskId), RoomEvents.TaskUpdated, room.Caller.Name,
            task => wish.ApplyTo(task, clock.NowMs())));
    }

    private static async Task<RoomTaskView> AssignToSelf(RoomScope room, string taskId, RoomTasks tasks, TimeProvider clock)
    {
        RequireWriter(room);
        return RoomTaskView.Of(await tasks.Change(room.RoomId, Id(taskId), RoomEvents.TaskAssigned, room.Caller.Name,
            task => task.AssignTo(room.Caller.Name, clock.NowMs())));
    }

    private static async Task<OkView> Delete(RoomScope room, string taskId, RoomTasks tasks)
    {
        RequireWriter(room);
        await tasks.Delete(room.RoomId, Id(taskId), room.Caller.Name, task =>
        {
            if (task.CreatedBy != room.Caller.Name && room.Role < RoomRole.Admin)
            {
                throw Fault.Forbidden("Only a task's creator or the room's owner can delete it", "Close it instead.",
                    new Fix("PATCH", $"/rooms/{room.RoomId}/tasks/{task.Id}", new { status = "cancelled" }));
            }
        });
        return new OkView(true);
    }

    private static async Task<LoggedView> Log(RoomScope room, string taskId, Body<LogToRoomTask> body, RoomTasks tasks, TimeProvider clock)
    {
        RequireWriter(room);

        var (wish, by, now, count) = (body.Value, room.Caller.Name, clock.NowMs(), 0);
        await tasks.Change(room.RoomId, Id(taskId), RoomEvents.TaskLog, by,
            task => count = task.AppendLog(wish.Message, wish.Level, by, now),
            task => new TaskLogged(room.RoomId, task.Id, task.Title, wish.Message, wish.Level, by, now.ToTime(), count));
        return new LoggedView(true, count);
    }

    private static void RequireWriter(RoomScope room)
    {
        room.Require(RoomRole.Member, AgentAction.Send);
        room.RequireNotArchived();
    }

    private static async Task RequireAssignee(string? assignee, AgentDirectory directory)
    {
        if (assignee is null)
        {
            return;
        }

        var exists = Names.IsPair(assignee) ? (await directory.Existing([assignee])).Count > 0 : await directory.UserExists(assignee);
        if (!exists)
        {
            throw Fault.Invalid("assignee", $"There is no agent or user {assignee}");
        }
    }

    private static Guid Id(string taskId) => Guid.TryParse(taskId, out var id) ? id
        : throw Fault.BadRequest("INVALID_ID", $"'{taskId}' is no task id", "A task's id is the UUID id in the answer to creating it.");
}

internal sealed record LoggedView(bool Ok, int LogCount);

internal sealed record TaskLogged(
    string RoomId, Guid TaskId, string Title, string Message, TaskLogLevel Level, string By, DateTime At, int LogCount);

internal sealed record RoomTaskView(
    Guid Id, string RoomId, string Title, string? Description, TaskStatus Status, TaskPriority Priority, TaskType Type, string? Assignee,
    string CreatedBy, JsonElement Metadata, DateTime CreatedAt, DateTime UpdatedAt, DateTime? CompletedAt)
{
    public static RoomTaskView Of(RoomTask task) => new(task.Id, task.RoomId, task.Title, task.Description, task.Status, task.Priority, task.Type,
        task.Assignee, task.CreatedBy, task.Metadata, task.CreatedAt.ToTime(), task.UpdatedAt.ToTime(), task.CompletedAt.ToTime());
}
