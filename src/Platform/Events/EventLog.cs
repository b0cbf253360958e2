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
    private readonly SettledIds settled = new(database);

    /// <summary>Signal whose key is a channel that has new events.</summary>
    public const string Appended = "events";

    /// <summary>What an erased event is called; its number stays, so that the channel has no gap.</summary>
    public const string Erased = "erased";

    private const string Columns = "id, channel, seq, kind, actor, payload, at";

    /// <summary>Appends within the given transaction.</summary>
    public async ValueTask<EventStamp> Append<T>(SqlSession session, string channel, string kind, string? actor, T payload)
    {
        var stamp = await Next(session, channel);
        await Write(session, channel, stamp, kind, actor, JsonSerializer.Serialize(payload, RemixJson.Options));
        return stamp;
    }

    /// <summary>
    /// Takes the channel's next number and time, for a payload that contains them. Within a channel time never stands
    /// still, so that a moment names one event and pages that go by time neither skip nor repeat.
    /// </summary>
    public async ValueTask<EventStamp> Next(SqlSession session, string channel)
    {
        var now = clock.NowMs();
        var (seq, at) = await session.Numbers("""
            insert into event_channels (channel, last_seq, last_at) values ($1, 1, $2)
            on conflict (channel) do update set last_seq = event_channels.last_seq + 1,
                last_at = case when event_channels.last_at >= $3 then event_channels.last_at + 1 else $3 end
            returning last_seq, last_at
            """, channel, now, now) ?? throw new InvalidOperationException("The log gave no number.");
        return new EventStamp(seq, at);
    }

    /// <summary>
    /// Lets one transaction at a time go on in a channel: for changes that depend on what they read first. On SQLite all
    /// writing is one after the other anyway.
    /// </summary>
    public static ValueTask<int> Hold(SqlSession session, string channel) =>
        session.Execute("update event_channels set last_at = last_at where channel = $1", channel);

    /// <summary>Writes the event whose number was taken; every number that was taken must be written.</summary>
    public async ValueTask Write(SqlSession session, string channel, EventStamp stamp, string kind, string? actor, string payload)
    {
        await session.Execute(
            "insert into events (channel, seq, kind, actor, payload, at) values ($1, $2, $3, $4, $5, $6)",
            channel, stamp.Seq, kind, actor, payload, stamp.AtMs);
        session.AfterCommit(() => signals.Send(Appended, channel));
    }

    public Task<long> LastSeq(string channel) => database.Read(session =>
        session.Scalar<long>("select last_seq from event_channels where channel = $1", channel));

    /// <summary>Events of a channel after a number, oldest first (leans on events_by_channel).</summary>
    public Task<List<LogEvent>> Read(string channel, long afterSeq, int limit) => database.Read(session => session.Query(
        $"select {Columns} from events where channel = $1 and seq > $2 order by seq limit $3", Row, channel, afterSeq, limit));

    /// <summary>
    /// Events of all channels after an id, oldest first, as far as nothing older can still appear; and up to which id that was
    /// looked through. With kinds, only those: the others are passed over in the database, and cost next to nothing.
    /// </summary>
    public async Task<(List<LogEvent> Events, long UpTo)> ReadAll(long afterId, int limit, IReadOnlyList<string>? kinds = null)
    {
        var last = await settled.Now();
        if (last <= afterId)
        {
            return ([], afterId);
        }

        var wanted = kinds is null ? "" : $" and kind in ({string.Join(", ", kinds.Select((_, i) => $"${i + 4}"))})";
        var found = await database.Read(session => session.Query(
            $"select {Columns} from events where id > $1 and id <= $2{wanted} order by id limit $3", Row, [afterId, last, limit, .. kinds ?? []]));
        return (found, found.Count < limit ? last : found[^1].Id);
    }

    /// <summary>The newest id below which nothing can still appear.</summary>
    public Task<long> LastId() => settled.Now();

    /// <summary>Waits a moment for what is being written, so that who asks after having written finds it.</summary>
    public Task Rest(TimeSpan within) => settled.Rest(within);

    /// <summary>Takes the content out of everything an actor did; the numbers stay.</summary>
    public static ValueTask<int> EraseActor(SqlSession session, string actor) => session.Execute(
        "update events set kind = $1, payload = '{}', actor = null where actor = $2", Erased, actor);

    /// <summary>The same of a user and all of their agents, those that went before, too.</summary>
    public static ValueTask<int> EraseUser(SqlSession session, string userId) => session.Execute("""
        update events set kind = $1, payload = '{}', actor = null where actor = $2 or substr(actor, 1, length($3)) = $3
        """, Erased, userId, userId + "/");

    /// <summary>Removes a channel that is no more.</summary>
    public static async ValueTask DeleteChannel(SqlSession session, string channel)
    {
        await session.Execute("delete from events where channel = $1", channel);
        await session.Execute("delete from event_channels where channel = $1", channel);
    }

    private static LogEvent Row(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.Text(4), row.GetString(5), row.GetInt64(6));
}

/// <summary>An event's number in its channel, and its time in Unix milliseconds.</summary>
public sealed record EventStamp(long Seq, long AtMs);
