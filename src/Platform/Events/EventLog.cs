using System.Data.Common;
using System.Text.Json;
using Remix.Platform.Data;
using Remix.Platform.Http;
using Remix.Platform.Text;

namespace Remix.Platform.Events;

/// <summary>
/// Everything that happened, written in the transaction of what happened and numbered per channel without gaps. Readers
/// of all kinds (sockets, streams, followers) read it and nothing else: backfill, cut over, live.
/// </summary>
public sealed class EventLog(Database database, Signals signals, TimeProvider clock)
{
    /// <summary>Signal whose key is a channel that has new events.</summary>
    public const string Appended = "events";

    /// <summary>What an erased event is called; its number stays, so that the channel has no gap.</summary>
    public const string Erased = "erased";

    private const string Columns = "id, channel, seq, kind, actor, payload, at";

    /// <summary>Appends within the given transaction. Returns the event's number in its channel.</summary>
    public ValueTask<long> Append<T>(SqlSession session, string channel, string kind, string? actor, T payload) =>
        AppendJson(session, channel, kind, actor, JsonSerializer.Serialize(payload, RemixJson.Options));

    /// <summary>The same with a payload that is JSON already.</summary>
    public async ValueTask<long> AppendJson(SqlSession session, string channel, string kind, string? actor, string payload)
    {
        var seq = await session.Scalar<long>("""
            insert into event_channels (channel, last_seq) values ($1, 1)
            on conflict (channel) do update set last_seq = event_channels.last_seq + 1
            returning last_seq
            """, channel);
        await session.Execute(
            "insert into events (channel, seq, kind, actor, payload, at) values ($1, $2, $3, $4, $5, $6)",
            channel, seq, kind, actor, payload, clock.NowMs());
        session.AfterCommit(() => signals.Send(Appended, channel));
        return seq;
    }

    public Task<long> LastSeq(string channel) => database.Read(session =>
        session.Scalar<long>("select last_seq from event_channels where channel = $1", channel));

    /// <summary>Events of a channel after a number, oldest first (leans on events_by_channel).</summary>
    public Task<List<LogEvent>> Read(string channel, long afterSeq, int limit) => database.Read(session => session.Query(
        $"select {Columns} from events where channel = $1 and seq > $2 order by seq limit $3", Row, channel, afterSeq, limit));

    /// <summary>Events of all channels after an id, oldest first, once nothing older can still appear.</summary>
    public Task<List<LogEvent>> ReadAll(long afterId, int limit) => database.Read(session => session.Query(
        $"select {Columns} from events where id > $1 and {database.Kind.SettledEvents} order by id limit $2", Row, afterId, limit));

    public Task<long> LastId() => database.Read(session =>
        session.Scalar<long>($"select coalesce(max(id), 0) from events where {database.Kind.SettledEvents}"));

    /// <summary>Takes the content out of everything an actor did; the numbers stay.</summary>
    public static ValueTask<int> EraseActor(SqlSession session, string actor) => session.Execute(
        "update events set kind = $1, payload = '{}', actor = null where actor = $2", Erased, actor);

    /// <summary>Removes a channel that is no more.</summary>
    public static async ValueTask DeleteChannel(SqlSession session, string channel)
    {
        await session.Execute("delete from events where channel = $1", channel);
        await session.Execute("delete from event_channels where channel = $1", channel);
    }

    private static LogEvent Row(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.Text(4), row.GetString(5), row.GetInt64(6));
}
