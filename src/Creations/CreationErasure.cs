using System.Text.Json;
using Remix.Identity.Users;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Rooms;

namespace Remix.Creations;

/// <summary>When a user goes: their creations, published or not.</summary>
internal sealed class CreationErasure(Signals signals) : UserErasure
{
    public override async ValueTask Erase(SqlSession session, string userId)
    {
        foreach (var id in await session.Query("select id from creations where created_by = $1", row => row.GetGuid(0), userId))
        {
            await Remove(session, signals, id);
        }

        await ForgetAgents(session, userId);
    }

    /// <summary>Others' creations stay, without the names of those who are no more.</summary>
    private async ValueTask ForgetAgents(SqlSession session, string userId)
    {
        var own = $"{userId}/";
        await session.Execute("update creations set submitted_by = created_by where submitted_by = $1 or substr(submitted_by, 1, length($2)) = $2",
            userId, own);
        var pattern = $"%\"{userId.Replace("_", "!_", StringComparison.Ordinal)}/%";
        foreach (var (id, names) in await session.Query("select id, agents from creations where agents like $1 escape '!'",
            row => (row.GetGuid(0), JsonSerializer.Deserialize<string[]>(row.GetString(1), JsonSerializerOptions.Default) ?? []), pattern))
        {
            var left = names.Where(name => !name.StartsWith(own, StringComparison.Ordinal)).ToArray();
            await session.Execute("update creations set agents = $1 where id = $2",
                JsonSerializer.Serialize(left, JsonSerializerOptions.Default), id);
            session.AfterCommit(() => signals.Send(CreationEvents.Changed, id.ToString()));
        }
    }

    internal static async ValueTask Remove(SqlSession session, Signals signals, Guid id)
    {
        await session.Execute("delete from creation_files where creation_id = $1", id);
        await session.Execute("delete from creations where id = $1", id);
        session.AfterCommit(() => signals.Send(CreationEvents.Removed, id.ToString()));
    }
}

/// <summary>When a room is deleted, what was published from it goes with it.</summary>
internal sealed class CreationRemains(PublishedCreations creations, Signals signals) : RoomRemains
{
    public override async ValueTask Remove(SqlSession session, string roomId)
    {
        foreach (var id in await creations.OfRoom(session, roomId))
        {
            await CreationErasure.Remove(session, signals, id);
        }
    }
}
