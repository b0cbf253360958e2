using Microsoft.EntityFrameworkCore;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Rooms.Tasks;

/// <summary>The tasks of all rooms. A change reads and writes while its room is held, so that no two overwrite each other.</summary>
internal sealed class RoomTasks(RemixDb db, RoomLog log, TimeProvider clock)
{
    private DbSet<RoomTask> Tasks => db.Set<RoomTask>();

    /// <summary>The board's order: what is open first, the most urgent first, then the oldest.</summary>
    public Task<List<RoomTask>> Of(string roomId, ListRoomTasks wish) => Tasks.AsNoTracking()
        .Where(task => task.RoomId == roomId)
        .Where(task => wish.Status == null || task.Status == wish.Status)
        .Where(task => wish.Assignee == null || task.Assignee == wish.Assignee)
        .OrderBy(task => task.Status == TaskStatus.Open ? 0 : task.Status == TaskStatus.InProgress ? 1 : task.Status == TaskStatus.Done ? 2 : 3)
        .ThenBy(task => task.Priority == TaskPriority.Urgent ? 0 : task.Priority == TaskPriority.High ? 1
            : task.Priority == TaskPriority.Normal ? 2 : 3)
        .ThenBy(task => task.CreatedAt).ThenBy(task => task.Id)
        .Take(wish.Limit).ToListAsync();

    public Task Create(RoomTask task) => db.Commit(
        async session =>
        {
            await EventLog.Hold(session, task.RoomId);
            db.ChangeTracker.Clear();
            if (await Tasks.CountAsync(other => other.RoomId == task.RoomId) >= RoomTask.PerRoomMax)
            {
                throw Fault.Conflict("TOO_MANY_TASKS", $"A room has at most {RoomTask.PerRoomMax} tasks", "Delete some that are done or cancelled.");
            }

            Tasks.Add(task);
        },
        session => Record(session, task, RoomEvents.TaskCreated, task.CreatedBy));

    /// <summary>Adds a task to what is saved next, together with its room; <see cref="Announce"/> is then said in the same transaction.</summary>
    public RoomTask Plan(RoomTask task) => Tasks.Add(task).Entity;

    public ValueTask Announce(SqlSession session, RoomTask task) => Record(session, task, RoomEvents.TaskCreated, task.CreatedBy);

    /// <summary>Changes a task as it is now, and says so.</summary>
    public async Task<RoomTask> Change(string roomId, Guid id, string kind, string by, Action<RoomTask> change,
        Func<RoomTask, object>? payload = null)
    {
        RoomTask? task = null;
        await db.Commit(
            async session =>
            {
                task = await FindHeld(session, roomId, id);
                change(task);
                task.UpdatedAt = clock.NowMs();
            },
            session => Record(session, task!, kind, by, payload));
        return task!;
    }

    public Task Delete(string roomId, Guid id, string by, Action<RoomTask> check)
    {
        RoomTask? task = null;
        return db.Commit(
            async session =>
            {
                task = await FindHeld(session, roomId, id);
                check(task);
                Tasks.Remove(task);
            },
            session => Record(session, task!, RoomEvents.TaskDeleted, by));
    }

    private async ValueTask<RoomTask> FindHeld(SqlSession session, string roomId, Guid id)
    {
        // A transaction that collided is done again, and begins with the row as it is then.
        db.ChangeTracker.Clear();
        await EventLog.Hold(session, roomId);
        return await Tasks.SingleOrDefaultAsync(task => task.Id == id && task.RoomId == roomId) ?? throw Fault.NotFound("Task");
    }

    private async ValueTask Record(SqlSession session, RoomTask task, string kind, string by, Func<RoomTask, object>? payload = null) =>
        await log.Record(session, task.RoomId, kind, by, payload?.Invoke(task) ?? RoomTaskEvent.Of(task, by));
}

/// <summary>What a task's event says; its texts are read from the board.</summary>
internal sealed record RoomTaskEvent(
    string RoomId, Guid TaskId, string Title, TaskStatus Status, TaskPriority Priority, TaskType Type, string? Assignee, string CreatedBy, string By)
{
    public static RoomTaskEvent Of(RoomTask task, string by) =>
        new(task.RoomId, task.Id, task.Title, task.Status, task.Priority, task.Type, task.Assignee, task.CreatedBy, by);
}
