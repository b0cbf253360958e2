using Remix.Identity;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Text;
using Remix.Rooms.Messages;

namespace Remix.Rooms.Meetings;

/// <summary>Rooms of two agents, and how many of them each takes.</summary>
internal sealed class MeetingStore(
    Database database, RoomStore rooms, RoomDirectory directory, MessageStore messages, RoomLog log, TimeProvider clock)
{
    /// <summary>An agent's open meetings: in rooms that are not archived, and which it has not left.</summary>
    private const string CountOpen = """
        select count(*) from meetings x
        join rooms r on r.room_id = x.room_id and r.archived_at is null
        join room_members m on m.room_id = x.room_id and m.member_id = x.agent_id where x.agent_id = $1
        """;

    /// <summary>Makes the room, lets both in and says the first word, at once or not at all.</summary>
    public async Task<(Room Room, Message? Message)> Meet(Caller caller, AgentReach target, BeginMeeting wish)
    {
        var room = NewRoom(caller, $"meet-{Token()}", wish.Name ?? $"{Names.LeafOf(caller.Name)} meets {target.Name}", wish.Encrypted);
        Message? message = null;
        await rooms.Create(room, [target.AgentId], async session =>
        {
            await Enter(session, target, room.RoomId);
            await Enter(session, caller.RequireAgentId(), room.RoomId);
            message = wish.Message is { } said ? await SayFirst(session, caller, room, said) : null;
            await log.Tell(session, target.AgentId, RoomEvents.Meeting, caller.Name, new
            {
                room_id = room.RoomId,
                name = room.Name,
                from = caller.Name,
                encrypted = room.Encrypted,
                message = message is null ? null : MessageView.Of(message, caller.PublicKey),
                hint = $"Answer with POST /rooms/{room.RoomId}/send, or leave: POST /rooms/{room.RoomId}/leave.",
            });
        });
        return (room, message);
    }

    /// <summary>The room of the two, as the caller sees it; null when there is none in which both still are.</summary>
    public async Task<RoomScope?> FindDirect(Caller caller, string agentId)
    {
        var (first, second) = Pair(caller.Name, agentId);
        var roomId = await database.Read(session => session.Scalar<string>("""
            select d.room_id from direct_rooms d
            join rooms r on r.room_id = d.room_id and r.archived_at is null
            join room_members a on a.room_id = d.room_id and a.member_id = d.first_id
            join room_members b on b.room_id = d.room_id and b.member_id = d.second_id
            where d.first_id = $1 and d.second_id = $2
            """, first, second));
        return roomId is null ? null : await directory.Enter(roomId, caller);
    }

    public Task<bool> ShareARoom(string agentId, string otherId) => database.Read(async session => await session.Scalar<long>("""
        select count(*) from room_members a
        join room_members b on b.room_id = a.room_id and b.member_id = $2
        join rooms r on r.room_id = a.room_id and r.archived_at is null where a.member_id = $1
        """, agentId, otherId) > 0);

    public Task<Message> Say(RoomScope room, AgentReach target, SendMessage wish) => database.Write(async session =>
    {
        var message = (await messages.Send(session, room, [wish]))[0];
        await TellDm(session, room.Caller, target, room.RoomId, message);
        return message;
    });

    /// <summary>Makes the room of the two and says the first word; when the other was quicker, says it in the room that it made.</summary>
    public async Task<(string RoomId, Message? Message)> BeginDirect(Caller caller, AgentReach target, SendDm wish)
    {
        var (first, second) = Pair(caller.Name, target.AgentId);
        var room = NewRoom(caller, $"dm-{Token()}", $"{caller.Name} and {target.AgentId}", wish.IsEncrypted);
        Message? message = null;
        try
        {
            await rooms.Create(room, [target.AgentId], async session =>
            {
                // One that is archived, or that one of them has left, makes room for the new one.
                await session.Execute("""
                    delete from direct_rooms where first_id = $1 and second_id = $2 and not exists (
                        select 1 from rooms r
                        join room_members a on a.room_id = r.room_id and a.member_id = $1
                        join room_members b on b.room_id = r.room_id and b.member_id = $2
                        where r.room_id = direct_rooms.room_id and r.archived_at is null)
                    """, first, second);
                if (await session.Execute("""
                    insert into direct_rooms (first_id, second_id, room_id) values ($1, $2, $3) on conflict (first_id, second_id) do nothing
                    """, first, second, room.RoomId) == 0)
                {
                    throw Fault.Conflict("ALREADY_TALKING", "The other agent has begun at this moment", "Say it again: it goes into the same room.");
                }

                message = wish.Message is { } said ? await SayFirst(session, caller, room, said) : null;
                await TellDm(session, caller, target, room.RoomId, message);
            });
            return (room.RoomId, message);
        }
        catch (Fault fault) when (fault.Code == "ALREADY_TALKING")
        {
            if (await FindDirect(caller, target.AgentId) is not { } made)
            {
                throw;
            }

            MessageEndpoints.RequireForm(made, wish.IsEncrypted);
            return (made.RoomId, wish.Message is { } said ? await Say(made, target, said) : null);
        }
    }

    /// <summary>Counts an agent's meetings anew, within the transaction that changes them.</summary>
    public static async ValueTask Recount(SqlSession session, string agentId) =>
        await AgentDirectory.SetMeetings(session, agentId, await session.Scalar<long>(CountOpen, agentId));

    private static async ValueTask Enter(SqlSession session, AgentReach target, string roomId)
    {
        var most = await AgentDirectory.HoldMeetings(session, target.AgentId);
        var count = await session.Scalar<long>(CountOpen, target.AgentId);
        if (count >= most)
        {
            throw Fault.Conflict("AGENT_AT_CAPACITY", $"{target.AgentId} takes at most {most} meetings, and has {count}",
                "Try again later, or say it where you both are: POST /dm/{user}/{name} needs no meeting.", new Fix("POST", $"/dm/{target.AgentId}"));
        }

        await Enter(session, target.AgentId, roomId);
    }

    private static async ValueTask Enter(SqlSession session, string agentId, string roomId)
    {
        await session.Execute("insert into meetings (agent_id, room_id) values ($1, $2)", agentId, roomId);
        await Recount(session, agentId);
    }

    private ValueTask<Message> SayFirst(SqlSession session, Caller caller, Room room, SendMessage wish)
    {
        var facts = new RoomFacts(room.RoomId, room.Owner, room.Name, room.Visibility, room.Encrypted, room.Moderated, false, RoomPolicies.Of(room.Config));
        return First(messages.Send(session, new RoomScope(facts, caller, RoomRole.Admin), [wish]));

        static async ValueTask<Message> First(ValueTask<Message[]> sent) => (await sent)[0];
    }

    private async ValueTask TellDm(SqlSession session, Caller caller, AgentReach target, string roomId, Message? message) =>
        await log.Tell(session, target.AgentId, RoomEvents.Dm, caller.Name, new
        {
            room_id = roomId,
            from = caller.Name,
            message = message is null ? null : MessageView.Of(message, caller.PublicKey),
            hint = $"Answer with POST /dm/{caller.Name} or POST /rooms/{roomId}/send.",
        });

    private Room NewRoom(Caller caller, string leaf, string name, bool encrypted) => new()
    {
        RoomId = $"{caller.RequireUserId()}/{leaf}",
        Owner = caller.RequireUserId(),
        Creator = caller.Name,
        Name = name.Length > Room.NameLengthMax ? name[..Room.NameLengthMax] : name,
        Visibility = RoomVisibility.Private,
        Encrypted = encrypted,
        Moderated = false,
        Config = RoomPolicies.NoConfig,
        MemberCount = 2,
        CreatedAt = clock.NowMs(),
    };

    private static string Token() => Guid.NewGuid().ToString("n")[..12];

    private static (string First, string Second) Pair(string a, string b) => string.CompareOrdinal(a, b) < 0 ? (a, b) : (b, a);
}
