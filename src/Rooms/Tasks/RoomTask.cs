using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Remix.Platform.Data;
using Remix.Platform.Text;

namespace Remix.Rooms.Tasks;

internal enum TaskStatus
{
    Open,
    InProgress,
    Done,
    Cancelled,
}

/// <summary>The most urgent first, as the board shows them.</summary>
internal enum TaskPriority
{
    Urgent,
    High,
    Normal,
    Low,
}

internal enum TaskType
{
    Task,
    AgentMatch,
    ContentReport,
    Maintenance,
    Bug,
}

internal enum TaskLogLevel
{
    Info,
    Warn,
    Error,
    Success,
}

/// <summary>An item of a room's to-do board.</summary>
internal sealed class RoomTask
{
    public const int PerRoomMax = 1_000;
    public const int TitleLengthMax = 500;
    public const int DescriptionLengthMax = 5_000;
    public const int MetadataBytesMax = 8 * 1024;
    public const int LogEntriesMax = 50;
    public const int LogMessageLengthMax = 1_000;

    /// <summary>The part of the metadata that only <see cref="AppendLog"/> writes.</summary>
    public const string LogsField = "logs";

    public required Guid Id { get; init; }

    public required string RoomId { get; init; }

    public required string UserId { get; init; }

    /// <summary>An agent's id, or a user's.</summary>
    public required string CreatedBy { get; init; }

    public required string Title { get; set; }

    public string? Description { get; set; }

    public TaskStatus Status { get; private set; }

    public TaskPriority Priority { get; set; } = TaskPriority.Normal;

    public required TaskType Type { get; init; }

    public string? Assignee { get; set; }

    public required JsonElement Metadata { get; set; }

    public required long CreatedAt { get; init; }

    public long UpdatedAt { get; set; }

    public long? CompletedAt { get; private set; }

    public void MoveTo(TaskStatus status, long nowMs)
    {
        CompletedAt = status != TaskStatus.Done ? null : CompletedAt ?? nowMs;
        Status = status;
    }

    public void AssignTo(string name, long nowMs)
    {
        Assignee = name;
        MoveTo(TaskStatus.InProgress, nowMs);
    }

    /// <summary>Replaces what callers may write of the metadata; the log stays.</summary>
    public void Describe(JsonElement metadata)
    {
        var fresh = JsonObject.Create(metadata)!;
        if (JsonObject.Create(Metadata)![LogsField] is { } logs)
        {
            fresh[LogsField] = logs.DeepClone();
        }

        Metadata = JsonSerializer.SerializeToElement(fresh, Platform.Http.RemixJson.Options);
    }

    /// <summary>Appends to the log, of which the newest entries are kept. Returns how many there are.</summary>
    public int AppendLog(string message, TaskLogLevel level, string by, long nowMs)
    {
        var metadata = JsonObject.Create(Metadata)!;
        var logs = metadata[LogsField] as JsonArray ?? [];
        logs.Add(new JsonObject { ["message"] = message, ["level"] = EnumText.Of(level), ["by"] = by, ["at"] = nowMs.ToIso() });
        while (logs.Count > LogEntriesMax)
        {
            logs.RemoveAt(0);
        }

        metadata[LogsField] = logs.DeepClone();
        Metadata = JsonSerializer.SerializeToElement(metadata, Platform.Http.RemixJson.Options);
        return logs.Count;
    }

    internal sealed class Mapping : IEntityTypeConfiguration<RoomTask>
    {
        public void Configure(EntityTypeBuilder<RoomTask> builder)
        {
            builder.ToTable("room_tasks");
            builder.HasKey(task => task.Id);
        }
    }
}
