using System.Text.Json;
using Remix.Platform.Http;
using Remix.Platform.Text;
using Remix.Rooms.Changes;

namespace Remix.Rooms.Tasks;

internal sealed record CreateRoomTask(
    string Title, string? Description, TaskPriority Priority, TaskType Type, string? Assignee, JsonElement? Metadata) : IReadFields<CreateRoomTask>
{
    public static CreateRoomTask Read(Fields fields) => new(
        fields.RequiredText("title", RoomTask.TitleLengthMax),
        fields.Text("description", RoomTask.DescriptionLengthMax),
        fields.Choice<TaskPriority>("priority") ?? TaskPriority.Normal,
        fields.Choice<TaskType>("type") ?? TaskType.Task,
        ReadAssignee(fields),
        ReadMetadata(fields));

    internal static string? ReadAssignee(Fields fields)
    {
        var assignee = fields.Text("assignee", 2 * Names.LengthMax + 1, 1);
        if (assignee is not null && !Names.IsPair(assignee) && !Names.IsName(assignee))
        {
            fields.Problem("assignee", "Must be user/name, for example oeway/atlas, or a user's id", "invalid_string");
        }

        return assignee;
    }

    internal static JsonElement? ReadMetadata(Fields fields)
    {
        var metadata = fields.Json("metadata", JsonValueKind.Object, RoomTask.MetadataBytesMax);
        if (metadata is { } object_ && object_.TryGetProperty(RoomTask.LogsField, out _))
        {
            fields.Problem("metadata.logs", "Is written by POST /rooms/{owner}/{room}/tasks/{taskId}/log only");
        }

        return metadata;
    }
}

/// <summary>Only fields that are there are changed; null clears those that may be empty.</summary>
internal sealed record ChangeRoomTask(
    TaskStatus? Status, string? Title, TaskPriority? Priority, string? Assignee, bool SetsAssignee, string? Description, bool SetsDescription,
    JsonElement? Metadata) : IReadFields<ChangeRoomTask>
{
    public static ChangeRoomTask Read(Fields fields)
    {
        fields.RequireValues("status", "title", "priority", "metadata");
        fields.RequireAny("status", "title", "priority", "assignee", "description", "metadata");
        return new ChangeRoomTask(
            fields.Choice<TaskStatus>("status"),
            fields.Text("title", RoomTask.TitleLengthMax, 1),
            fields.Choice<TaskPriority>("priority"),
            CreateRoomTask.ReadAssignee(fields), fields.Has("assignee"),
            fields.Text("description", RoomTask.DescriptionLengthMax), fields.Has("description"),
            CreateRoomTask.ReadMetadata(fields));
    }

    public void ApplyTo(RoomTask task, long nowMs)
    {
        task.Title = Title ?? task.Title;
        task.Priority = Priority ?? task.Priority;
        task.Assignee = SetsAssignee ? Assignee : task.Assignee;
        task.Description = SetsDescription ? Description : task.Description;
        if (Status is { } status)
        {
            task.MoveTo(status, nowMs);
        }

        if (Metadata is { } metadata)
        {
            task.Describe(metadata);
        }
    }
}

internal sealed record LogToRoomTask(string Message, TaskLogLevel Level) : IReadFields<LogToRoomTask>
{
    public static LogToRoomTask Read(Fields fields) => new(
        fields.RequiredText("message", RoomTask.LogMessageLengthMax), fields.Choice<TaskLogLevel>("level") ?? TaskLogLevel.Info);
}

internal sealed record ListRoomTasks(TaskStatus? Status, string? Assignee, int Limit) : IReadFields<ListRoomTasks>
{
    public static ListRoomTasks Read(Fields fields) => new(
        fields.Choice<TaskStatus>("status"), fields.Text("assignee", 2 * Names.LengthMax + 1), fields.Limit(RoomTask.PerRoomMax, RoomTask.PerRoomMax));
}
