using System.Text.Json;
using Remix.Identity;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Text;
using Remix.Rooms.Tasks;

namespace Remix.Rooms.Studios;

/// <summary>
/// Setting agents to work on a creation for a studio, in one step: a room, those who work in it, and what they are asked
/// for, all in one transaction. A pipeline that repeats its call finds what it made the first time.
/// </summary>
public sealed class StudioPublications
{
    private readonly Database database;
    private readonly StudioStore studios;
    private readonly RoomStore rooms;
    private readonly RoomTasks tasks;
    private readonly AgentDirectory directory;
    private readonly TimeProvider clock;

    internal StudioPublications(Database database, StudioStore studios, RoomStore rooms, RoomTasks tasks, AgentDirectory directory, TimeProvider clock)
    {
        (this.database, this.studios, this.rooms, this.tasks, this.directory, this.clock) = (database, studios, rooms, tasks, directory, clock);
    }

    /// <summary>Null names the caller's default studio. The second part says whether it was made now, not found.</summary>
    public async Task<(StudioPublication Publication, bool IsNew)> Publish(Caller caller, string? studioId, PublishToStudio wish)
    {
        var userId = caller.RequireUserId();
        studioId ??= Studio.DefaultOf(userId);
        await studios.RequireOwn(caller, studioId);
        if (wish.OperationId is { } known && await Find(studioId, known) is { } before)
        {
            return (before, false);
        }

        var agents = await Agents(userId, wish);
        if (await rooms.CountOwned(userId) >= Room.PerUserMax)
        {
            throw Fault.Conflict("TOO_MANY_ROOMS", $"A user has at most {Room.PerUserMax} rooms", "Work in the ones there are.");
        }

        var room = New(caller, studioId, wish, agents);
        var task = tasks.Plan(TaskOf(room, wish));
        try
        {
            await rooms.Create(room, agents, async session =>
            {
                await Keep(session, studioId, wish, room, task.Id, agents);
                await tasks.Announce(session, task);
            });
        }
        catch (Fault fault) when (fault.Code == "ROOM_EXISTS" && wish.OperationId is not null)
        {
            // The room's name is new, so the name of the operation is not: its repetition came first.
            if (await Find(studioId, wish.OperationId) is { } first)
            {
                return (first, false);
            }

            throw;
        }

        return (new StudioPublication(room.RoomId, task.Id, agents, room.Status), true);
    }

    private Room New(Caller caller, string studioId, PublishToStudio wish, IReadOnlyList<string> agents) => new()
    {
        RoomId = $"{caller.UserId}/{wish.Leaf}",
        Owner = caller.RequireUserId(),
        Creator = caller.Name,
        Name = wish.Topic.Length <= Room.NameLengthMax ? wish.Topic : wish.Topic[..(Room.NameLengthMax - 1)] + "…",
        Topic = wish.Brief,
        Goals = "Make a creation about the topic and publish it.",
        Visibility = wish.Visibility,
        Encrypted = false,
        Moderated = false,
        Tags = wish.Tags,
        Config = RemixJson.Element(Config(wish)),
        StudioId = studioId,
        Status = agents.Count > 0 ? RoomStatus.Creating : RoomStatus.Open,
        MemberCount = 1 + agents.Count,
        CreatedAt = clock.NowMs(),
    };

    /// <summary>The work that is asked for, on the board of its room.</summary>
    private RoomTask TaskOf(Room room, PublishToStudio wish) => new()
    {
        Id = Guid.CreateVersion7(),
        RoomId = room.RoomId,
        UserId = room.Owner,
        CreatedBy = room.Creator,
        Title = wish.Topic.Length <= RoomTask.TitleLengthMax ? wish.Topic : wish.Topic[..(RoomTask.TitleLengthMax - 1)] + "…",
        Description = wish.Brief.Length <= RoomTask.DescriptionLengthMax ? wish.Brief : wish.Brief[..(RoomTask.DescriptionLengthMax - 1)] + "…",
        Type = Tasks.TaskType.Task,
        Metadata = RemixJson.Element(Config(wish)),
        CreatedAt = room.CreatedAt,
        UpdatedAt = room.CreatedAt,
    };

    private static Dictionary<string, string> Config(PublishToStudio wish)
    {
        var config = new Dictionary<string, string>(StringComparer.Ordinal);
        if (wish.Category is { } category)
        {
            config["category"] = category;
        }

        if (wish.SourceUrl is { } url)
        {
            config["source_url"] = url;
        }

        return config;
    }

    private async Task<IReadOnlyList<string>> Agents(string userId, PublishToStudio wish)
    {
        if (wish.Agents is not { } named)
        {
            return await directory.OfUser(userId, PublishToStudio.OwnAgentsMax);
        }

        var existing = await directory.Existing(named);
        var missing = named.Where(agentId => !existing.Contains(agentId)).ToList();
        return missing.Count == 0 ? [.. named.Distinct(StringComparer.Ordinal)]
            : throw Fault.Invalid("agents", $"There is no agent {string.Join(", ", missing)}");
    }

    private async ValueTask Keep(SqlSession session, string studioId, PublishToStudio wish, Room room, Guid? taskId, IReadOnlyList<string> agents)
    {
        if (wish.OperationId is { } operationId)
        {
            await session.Execute("""
                insert into studio_publications (studio_id, operation_id, room_id, task_id, agents, created_at) values ($1, $2, $3, $4, $5, $6)
                """, studioId, operationId, room.RoomId, taskId, JsonSerializer.Serialize(agents, JsonSerializerOptions.Default), clock.NowMs());
        }
    }

    private Task<StudioPublication?> Find(string studioId, string operationId) => database.Read(session => session.First("""
        select p.room_id, p.task_id, p.agents, r.status from studio_publications p join rooms r on r.room_id = p.room_id
        where p.studio_id = $1 and p.operation_id = $2
        """, row => new StudioPublication(row.GetString(0), row.IsDBNull(1) ? null : row.GetGuid(1),
            JsonSerializer.Deserialize<string[]>(row.GetString(2), JsonSerializerOptions.Default) ?? [],
                EnumText.Parse<RoomStatus>(row.GetString(3))),
        studioId, operationId));
}
