using Remix.Platform.Data;
using Remix.Platform.Text;
using Wakeups = Remix.Platform.Events.Signals;

namespace Remix.AgentCloud.Topics;

/// <summary>A message of a topic, as JSON.</summary>
internal sealed record TopicMessage(long Seq, string Payload);

/// <summary>Where a topic stands: the number of its last message, and what was set to stay.</summary>
internal sealed record TopicPlace(long LastSeq, TopicMessage? Retained);

/// <summary>
/// The messages of topics, numbered per topic without gaps, so that every node hears them in one order. Only the newest are
/// kept, for as long as a node may need to read them; who is not there does not hear.
/// </summary>
internal sealed class TopicStore(Database database, Wakeups wakeups, TimeProvider clock)
{
    /// <summary>Wake-up call whose key is a topic that was spoken on.</summary>
    public const string Spoken = "cloud-topics";

    /// <summary>How many messages of a topic are kept.</summary>
    public const int KeptMax = 256;

    private const long MessagesKeptMs = 10 * 60_000;
    private const long TopicsKeptMs = 30L * 86_400_000;

    /// <summary>Speaks on a topic; what is to be retained is what newcomers hear first.</summary>
    public Task Speak(string workspaceId, string topic, string json, bool retain) => database.Write(async session =>
    {
        var (key, now) = (KeyOf(workspaceId, topic), clock.NowMs());
        var seq = await session.Scalar<long>("""
            insert into cloud_topics (topic, workspace_id, last_seq, last_at) values ($1, $2, 1, $3)
            on conflict (topic) do update set last_seq = cloud_topics.last_seq + 1, last_at = $3 returning last_seq
            """, key, workspaceId, now);
        await session.Execute("insert into cloud_topic_messages (topic, seq, payload, at) values ($1, $2, $3, $4)", key, seq, json, now);
        await session.Execute("delete from cloud_topic_messages where topic = $1 and seq <= $2", key, seq - KeptMax);
        if (retain)
        {
            await session.Execute("update cloud_topics set retained = $1, retained_seq = $2 where topic = $3", json, seq, key);
        }

        session.AfterCommit(() => wakeups.Send(Spoken, key));
    });

    public async Task<TopicPlace> Place(string key) => await database.Read(session => session.First(
        "select last_seq, retained, retained_seq from cloud_topics where topic = $1",
        row => new TopicPlace(row.GetInt64(0), row.Text(1) is { } retained ? new TopicMessage(row.GetInt64(2), retained) : null), key))
        ?? new TopicPlace(0, null);

    public Task<List<TopicMessage>> After(string key, long seq) => database.Read(session => session.Query(
        "select seq, payload from cloud_topic_messages where topic = $1 and seq > $2 order by seq limit $3",
        row => new TopicMessage(row.GetInt64(0), row.GetString(1)), key, seq, KeptMax));

    public Task Sweep() => database.Write(async session =>
    {
        var now = clock.NowMs();
        await session.Execute("delete from cloud_topic_messages where at < $1", now - MessagesKeptMs);
        await session.Execute("delete from cloud_topics where last_at < $1 and retained is null", now - TopicsKeptMs);
    });

    public static string KeyOf(string workspaceId, string topic) => $"{workspaceId}/{topic}";
}
