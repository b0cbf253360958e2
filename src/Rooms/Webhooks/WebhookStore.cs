using System.Data.Common;
using System.Text.Json;
using Remix.Platform.Data;
using Remix.Platform.Events;
using Remix.Platform.Faults;
using Remix.Platform.Text;

namespace Remix.Rooms.Webhooks;

/// <summary>The addresses that are told of events, and with which secret.</summary>
internal sealed class WebhookStore(Database database, TimeProvider clock)
{
    private const string Columns = "id, room_id, agent_id, url, events, created_by, created_at";

    public Task<List<Webhook>> OfRoom(string roomId) => database.Read(session => session.Query(
        $"select {Columns} from webhooks where room_id = $1 order by created_at, id", Row, roomId));

    public Task<Webhook?> OfAgent(string agentId) => database.Read(session => session.First(
        $"select {Columns} from webhooks where agent_id = $1", Row, agentId));

    public async Task<Webhook> Find(string roomId, Guid id) => await database.Read(session => session.First(
        $"select {Columns} from webhooks where id = $1 and room_id = $2", Row, id, roomId)) ?? throw Fault.NotFound("Webhook");

    public Task<Webhook> Create(string roomId, string url, string[] events, string secret, string by) => database.Write(async session =>
    {
        await EventLog.Hold(session, roomId);
        if (await session.Scalar<long>("select count(*) from webhooks where room_id = $1", roomId) >= Webhook.PerRoomMax)
        {
            throw Fault.Conflict("TOO_MANY_WEBHOOKS", $"A room has at most {Webhook.PerRoomMax} webhooks", "Delete one that is no longer needed.",
                new Fix("GET", $"/rooms/{roomId}/webhooks"));
        }

        return await Insert(session, new Webhook(Guid.CreateVersion7(), roomId, null, url, events, by, clock.NowMs()), secret);
    });

    /// <summary>Gives the agent an address, or another one; what is still to be delivered goes to the new one.</summary>
    public Task<Webhook> SetOfAgent(string agentId, string url, string[] events, string secret) => database.Write(async session =>
    {
        var known = await session.First($"""
            update webhooks set url = $1, events = $2, secret = $3 where agent_id = $4 returning {Columns}
            """, Row, url, Json(events), secret, agentId);
        return known ?? await Insert(session, new Webhook(Guid.CreateVersion7(), null, agentId, url, events, agentId, clock.NowMs()), secret);
    });

    public Task<int> Delete(string roomId, Guid id) => database.Write(session =>
        session.Execute("delete from webhooks where id = $1 and room_id = $2", id, roomId));

    public Task<int> ClearOfAgent(string agentId) => database.Write(session =>
        session.Execute("delete from webhooks where agent_id = $1", agentId));

    /// <summary>It hears what happens from now on: what has an id above every one that was given out.</summary>
    private static async ValueTask<Webhook> Insert(SqlSession session, Webhook webhook, string secret)
    {
        await session.Execute("""
            insert into webhooks (id, room_id, agent_id, url, events, secret, created_by, created_at, after_event)
            values ($1, $2, $3, $4, $5, $6, $7, $8, (select coalesce(max(id), 0) from events))
            on conflict (agent_id) where agent_id is not null do update set url = excluded.url, events = excluded.events, secret = excluded.secret
            """, webhook.Id, webhook.RoomId, webhook.AgentId, webhook.Url, Json(webhook.Events), secret, webhook.CreatedBy, webhook.CreatedAt);
        return webhook;
    }

    internal static string[] Events(string json) => JsonSerializer.Deserialize<string[]>(json, JsonSerializerOptions.Default) ?? [];

    private static string Json(string[] events) => JsonSerializer.Serialize(events, JsonSerializerOptions.Default);

    private static Webhook Row(DbDataReader row) => new(row.GetGuid(0), row.Text(1), row.Text(2), row.GetString(3), Events(row.GetString(4)),
        row.GetString(5), row.GetInt64(6));
}
