using System.Data.Common;
using Remix.Identity.Agents;
using Remix.Platform.Data;
using Remix.Platform.Events;

namespace Remix.Rooms.Inbox;

/// <summary>A part of what concerns an agent, in the order in which it happened.</summary>
/// <param name="Reached">The id up to which everything was looked at.</param>
internal sealed record InboxPage(List<InboxEvent> Events, long Reached, bool IsAll);

/// <summary>
/// What happened in an agent's rooms since it came, and what came to itself, read from the log by its ids. What the agent
/// did itself it knows. What it has acknowledged does not come again.
/// </summary>
internal sealed class InboxStore(Database database, EventLog events)
{
    /// <summary>So many events of all channels are looked through; when more have come, each room is asked by itself.</summary>
    private const int NearMax = 2_000;

    private const string Columns = "e.id, e.channel, e.seq, e.kind, e.actor, e.payload, e.at";

    private const string Unheard = """
        (e.actor is null or e.actor <> $1) and e.kind <> 'erased'
        and not exists (select 1 from inbox_acks a where a.agent_id = $1 and a.event_id = e.id)
        """;

    /// <summary>The rooms that the agent is in, and its own channel: where something may come from.</summary>
    public async Task<HashSet<string>> Channels(string agentId)
    {
        var rooms = await database.Read(session => session.Query("select room_id from room_members where member_id = $1", row => row.GetString(0), agentId));
        return [.. rooms, AgentChannel.Of(agentId)];
    }

    /// <summary>The id up to which everything is acknowledged.</summary>
    public Task<long> Floor(string agentId) => database.Read(session => Floor(session, agentId));

    public Task<long> Newest() => events.LastId();

    /// <summary>Waits a moment for what is being written.</summary>
    public Task Rest() => events.Rest(TimeSpan.FromSeconds(2));

    public async Task<InboxPage> Read(string agentId, long afterId, int count)
    {
        var newest = await events.LastId();
        if (newest <= afterId)
        {
            return new InboxPage([], afterId, true);
        }

        var found = await database.Read(session => newest - afterId <= NearMax
            ? Near(session, agentId, afterId, newest, count) : Far(session, agentId, afterId, newest, count));
        var isAll = found.Count < count;
        return new InboxPage([.. found.Where(one => one.Concerns(agentId))], isAll ? newest : found[^1].Logged.Id, isAll);
    }

    /// <summary>Remembers that the agent is done with these. Returns how many of them it had not been done with.</summary>
    public async Task<int> Acknowledge(string agentId, IReadOnlyCollection<long> ids)
    {
        var before = await Floor(agentId);
        var acknowledged = await database.Write(async session =>
        {
            var count = 0;
            foreach (var id in ids.Where(id => id > before).Order())
            {
                count += await session.Execute("""
                    insert into inbox_acks (agent_id, event_id) select $1, e.id from events e
                    where e.id = $2 and (e.channel = $3 or e.channel in (select room_id from room_members where member_id = $1))
                    on conflict do nothing
                    """, agentId, id, AgentChannel.Of(agentId));
            }

            return count;
        });
        if (acknowledged > 0)
        {
            await Raise(agentId, before);
        }

        return acknowledged;
    }

    /// <summary>Raises the floor to the first event that the agent is not done with, so that few acknowledgements are kept.</summary>
    private async Task Raise(string agentId, long before)
    {
        var floor = before;
        InboxPage page;
        do
        {
            page = await Read(agentId, floor, 500);
            floor = page.Events.Count > 0 ? page.Events[0].Logged.Id - 1 : page.Reached;
        }
        while (page.Events.Count == 0 && !page.IsAll);

        if (floor > before)
        {
            await database.Write(async session =>
            {
                await session.Execute("""
                    insert into inbox_floors (agent_id, event_id) values ($1, $2)
                    on conflict (agent_id) do update set event_id = excluded.event_id where inbox_floors.event_id < excluded.event_id
                    """, agentId, floor);
                await session.Execute("delete from inbox_acks where agent_id = $1 and event_id <= $2", agentId, floor);
            });
        }
    }

    /// <summary>Looks through everything that happened anywhere: there is little.</summary>
    private static ValueTask<List<InboxEvent>> Near(SqlSession session, string agentId, long afterId, long newest, int count) => session.Query($"""
        select {Columns}, m.role from events e
        left join room_members m on m.room_id = e.channel and m.member_id = $1
        where e.id > $2 and e.id <= $3 and (e.channel = $4 or m.joined_at <= e.at) and {Unheard}
        order by e.id limit {count}
        """, Row, agentId, afterId, newest, AgentChannel.Of(agentId));

    /// <summary>Asks each channel in which something happened since, from the first number after the place on.</summary>
    private static async ValueTask<List<InboxEvent>> Far(SqlSession session, string agentId, long afterId, long newest, int count)
    {
        var rooms = await session.Query("""
            select m.room_id, m.joined_at, m.role, c.last_seq from room_members m
            join event_channels c on c.channel = m.room_id
            join events e on e.channel = c.channel and e.seq = c.last_seq and e.id > $2
            where m.member_id = $1
            """, row => (Channel: row.GetString(0), Since: row.GetInt64(1), Role: (string?)row.GetString(2), LastSeq: row.GetInt64(3)), agentId, afterId);
        var own = await session.Query("select channel, last_seq from event_channels where channel = $1",
            row => (Channel: row.GetString(0), Since: 0L, Role: (string?)null, LastSeq: row.GetInt64(1)), AgentChannel.Of(agentId));
        var found = new List<InboxEvent>();
        foreach (var (channel, since, role, lastSeq) in rooms.Concat(own))
        {
            var first = await FirstAfter(session, channel, lastSeq, afterId, since);
            found.AddRange(await session.Query($"""
                select {Columns}, $2 from events e
                where e.channel = $3 and e.seq >= $4 and e.id > $5 and e.id <= $6 and e.at >= $7 and {Unheard} order by e.seq limit {count}
                """, Row, agentId, role ?? "", channel, first, afterId, newest, since));
        }

        return [.. found.OrderBy(one => one.Logged.Id).Take(count)];
    }

    /// <summary>The first number of a channel after an id and not before a moment: both grow with the number, so that halving finds it.</summary>
    private static ValueTask<long> FirstAfter(SqlSession session, string channel, long lastSeq, long afterId, long sinceMs) => session.Scalar<long>("""
        with recursive span (low, high) as (
            select cast(0 as bigint), cast($2 as bigint)
            union all
            select case when e.id <= $3 or e.at < $4 then e.seq else span.low end, case when e.id <= $3 or e.at < $4 then span.high else e.seq end
            from span join events e on e.channel = $1 and e.seq = (span.low + span.high) / 2 where span.high - span.low > 1)
        select min(high) from span
        """, channel, lastSeq, afterId, sinceMs);

    private static async ValueTask<long> Floor(SqlSession session, string agentId) =>
        await session.Scalar<long?>("select event_id from inbox_floors where agent_id = $1", agentId) ?? 0;

    private static InboxEvent Row(DbDataReader row) => new(
        new LogEvent(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.Text(4), row.GetString(5), row.GetInt64(6)),
        row.Text(7) is { Length: > 0 } role ? EnumText.Parse<RoomRole>(role) : null);
}
